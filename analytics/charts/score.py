"""Satisfaction week by week with its 95 % interval.

Values: week (midnight of its Monday), mean, low, high, n, few (whether n is small), alone (the only week), href.
"""

import altair as alt

from . import DAY, LOW, MEAN, Drawing, along, dots, drawings, judged

_base = judged(along("week"), alt.Tooltip("week:T", format=DAY, title=" "))
_band = _base.mark_area(opacity=0.16, interpolate="monotone").encode(y=LOW, y2="high:Q")
_alone = alt.condition(alt.datum.alone, alt.value(0.5), alt.value(0))  # of a single week there is no band
_span = _base.mark_rule(strokeWidth=2).encode(y=LOW, y2="high:Q", opacity=_alone)
_line = _base.mark_line(strokeWidth=2, interpolate="monotone").encode(y=MEAN)
drawings.register(Drawing("score", _band + _span + _line + dots(_base)))
