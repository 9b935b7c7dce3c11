"""Satisfaction week by week with its 95 % interval.

Values: week (ISO date of its Monday), mean, low, high, n, few (whether n is small), href.
"""

import altair as alt

from . import LOW, MEAN, Drawing, dots, drawings, judged

_base = judged(
    alt.X("week:T", axis=alt.Axis(title=None, format="%-d %b", grid=False, labelOverlap=True, tickCount=8)),
    alt.Tooltip("week:T", format="%-d %b", title=" "),
)
_band = _base.mark_area(opacity=0.16, interpolate="monotone").encode(y=LOW, y2="high:Q")
_line = _base.mark_line(strokeWidth=2, interpolate="monotone").encode(y=MEAN)
drawings.register(Drawing("score", _band + _line + dots(_base)))
