"""Received and resolved per day. Values: day (ISO date), count, series (label), href."""

import altair as alt

from . import VALUES, Drawing, drawings, series

_base = alt.Chart(VALUES).encode(
    x=alt.X("day:T", axis=alt.Axis(title=None, format="%-d %b", grid=False, labelOverlap=True, tickCount=8)),
    y=alt.Y("count:Q", axis=alt.Axis(title=None, tickMinStep=1, tickCount=4)),
    tooltip=[alt.Tooltip("day:T", format="%a %-d %b", title=" "), "series:N", alt.Tooltip("count:Q", title="n")],
)
_lines = _base.mark_line(strokeWidth=2).encode(color=series("color"), strokeDash=series("dash"))
drawings.register(Drawing("flow", _lines + _base.mark_circle(size=110, opacity=0.001).encode(href="href:N")))
