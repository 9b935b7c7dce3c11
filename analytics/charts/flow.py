"""Received and resolved per day. Values: day (its midnight), count, series (label), href."""

import altair as alt

from . import DAY, VALUES, Drawing, along, drawings, series

_WHOLE = "datum.value % 1 ? '' : datum.label"  # there is no half ticket
_base = alt.Chart(VALUES).encode(
    x=along("day"),
    y=alt.Y("count:Q", axis=alt.Axis(title=None, tickMinStep=1, tickCount=4, format=",d", labelExpr=_WHOLE)),
    tooltip=[
        alt.Tooltip("day:T", format=f"%a {DAY}", title=" "),
        alt.Tooltip("series:N", title=" "),
        alt.Tooltip("count:Q", title="n"),
    ],
)
_lines = _base.mark_line(strokeWidth=2).encode(color=series("color"), strokeDash=series("dash"))
drawings.register(Drawing("flow", _lines + _base.mark_circle(size=110, opacity=0.001).encode(href="href:N")))
