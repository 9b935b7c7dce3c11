"""Satisfaction week by week with its 95 % interval.

Values: week (ISO date of its Monday), mean, low, high, n, few (whether n is small), href.
"""

import altair as alt

from . import VALUES, Drawing, drawings

_scale = alt.Scale(domain=[1, 5], nice=False)
_base = alt.Chart(VALUES).encode(
    x=alt.X("week:T", axis=alt.Axis(title=None, format="%-d %b", grid=False, labelOverlap=True, tickCount=8)),
    tooltip=[
        alt.Tooltip("week:T", format="%-d %b", title=" "),
        alt.Tooltip("mean:Q", format=".2f", title="x̄"),
        alt.Tooltip("low:Q", format=".2f", title="↓ 95 %"),
        alt.Tooltip("high:Q", format=".2f", title="↑ 95 %"),
        alt.Tooltip("n:Q", title="n"),
    ],
)
_y = alt.Y("mean:Q", scale=_scale, axis=alt.Axis(title=None, values=[1, 2, 3, 4, 5]))
drawings.register(
    Drawing(
        "score",
        _base.mark_area(opacity=0.16, interpolate="monotone").encode(
            y=alt.Y("low:Q", scale=_scale, title=None), y2="high:Q"
        )
        + _base.mark_line(strokeWidth=2, interpolate="monotone").encode(y=_y)
        + _base.mark_point(filled=True, opacity=1).encode(
            y=_y,
            href="href:N",
            size=alt.condition(alt.datum.few, alt.value(18), alt.value(90)),
        ),
    )
)
