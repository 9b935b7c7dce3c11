"""How long half of the customers waited, and nine of ten, week by week.

Values: week (midnight of its Monday), hours, told (in words), series (label), href.
"""

import altair as alt

from . import DAY, IN_UNIT, VALUES, Drawing, along, drawings, series

_base = alt.Chart(VALUES).encode(
    x=along("week"),
    y=alt.Y("hours:Q", axis=alt.Axis(title=None, tickCount=4, format="d", labelExpr=IN_UNIT)),
    tooltip=[
        alt.Tooltip("week:T", format=DAY, title=" "),
        alt.Tooltip("series:N", title=" "),
        alt.Tooltip("told:N", title=" "),
    ],
)
_lines = _base.mark_line(strokeWidth=2, point=True).encode(color=series("color"), strokeDash=series("dash"))
drawings.register(Drawing("waits", _lines + _base.mark_circle(size=110, opacity=0.001).encode(href="href:N")))
