"""How long half of the customers waited, and nine of ten, week by week. Values: week, hours, series (label), href."""

import altair as alt

from . import VALUES, Drawing, drawings, series

_base = alt.Chart(VALUES).encode(
    x=alt.X("week:T", axis=alt.Axis(title=None, format="%-d %b", grid=False, labelOverlap=True, tickCount=8)),
    y=alt.Y("hours:Q", axis=alt.Axis(title=None, tickCount=4, format="d", labelExpr="datum.label + ' h'")),
    tooltip=[
        alt.Tooltip("week:T", format="%-d %b", title=" "),
        "series:N",
        alt.Tooltip("hours:Q", format=".1f", title="h"),
    ],
)
_lines = _base.mark_line(strokeWidth=2, point=True).encode(color=series("color"), strokeDash=series("dash"))
drawings.register(Drawing("waits", _lines + _base.mark_circle(size=110, opacity=0.001).encode(href="href:N")))
