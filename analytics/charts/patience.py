"""Whether waiting explains the score: the mean by how long the first answer took.

Values: wait (label), order, mean, low, high, n, few, href.
"""

import altair as alt

from . import VALUES, Drawing, drawings

_scale = alt.Scale(domain=[1, 5], nice=False)
_base = alt.Chart(VALUES).encode(
    x=alt.X("wait:N", sort=alt.SortField("order"), axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True)),
    tooltip=[
        alt.Tooltip("wait:N", title=" "),
        alt.Tooltip("mean:Q", format=".2f", title="x̄"),
        alt.Tooltip("low:Q", format=".2f", title="↓ 95 %"),
        alt.Tooltip("high:Q", format=".2f", title="↑ 95 %"),
        alt.Tooltip("n:Q", title="n"),
    ],
)
_y = alt.Y("mean:Q", scale=_scale, axis=alt.Axis(title=None, values=[1, 2, 3, 4, 5]))
drawings.register(
    Drawing(
        "patience",
        _base.mark_rule(strokeWidth=2, opacity=0.5).encode(y=alt.Y("low:Q", scale=_scale, title=None), y2="high:Q")
        + _base.mark_point(filled=True, opacity=1).encode(
            y=_y, href="href:N", size=alt.condition(alt.datum.few, alt.value(18), alt.value(90))
        ),
    )
)
