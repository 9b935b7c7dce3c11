"""Whether waiting explains the score: the mean by how long the first answer took.

Values: wait (label), order, mean, low, high, n, few, href.
"""

import altair as alt

from . import LOW, Drawing, dots, drawings, judged

_IN_TWO_LINES = "split(replace(datum.label, ' ', ''), ' ')"
_base = judged(
    alt.X("wait:N", sort=alt.SortField("order"), axis=alt.Axis(title=None, labelAngle=0, labelExpr=_IN_TWO_LINES)),
    alt.Tooltip("wait:N", title=" "),
)
_span = _base.mark_rule(strokeWidth=2, opacity=0.5).encode(y=LOW, y2="high:Q")
drawings.register(Drawing("patience", _span + dots(_base)))
