"""When tickets come in: hour of the day by day of the week.

Values: hour (0 to 23), day (label), order, when (day and hour), count, href.
"""

import altair as alt

from . import VALUES, Drawing, drawings

drawings.register(
    Drawing(
        "hours",
        alt.Chart(VALUES)
        .mark_rect(cornerRadius=2)
        .encode(
            x=alt.X("hour:O", axis=alt.Axis(title=None, labelAngle=0, values=[0, 3, 6, 9, 12, 15, 18, 21])),
            y=alt.Y("day:N", sort=alt.SortField("order"), axis=alt.Axis(title=None)),
            color=alt.Color("count:Q", legend=None, scale=alt.Scale(interpolate="rgb")),
            href="href:N",
            tooltip=[alt.Tooltip("when:N", title=" "), alt.Tooltip("count:Q", title="n")],
        ),
    )
)
