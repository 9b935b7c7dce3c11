"""Charts as Vega-Lite specs without data, one a file. Only `analytics.finder` and the worker's pictures import these:
Altair is nothing for a web process. A page brings the values, `static/js/reports.js` the colours of the theme.
"""

from typing import Literal

import altair as alt

from common.registry import Registry


class Drawing:
    """What a chart looks like, whatever its values."""

    def __init__(self, name: str, chart: alt.Chart | alt.LayerChart) -> None:
        self.name, self.chart = name, chart

    def spec(self) -> dict[str, object]:
        """Vega-Lite, waiting for a data set called `values`."""
        spec = self.chart.properties(width="container", height=220).to_dict()
        return spec | {"params": [{"name": name, "value": value} for name, value in WORDS.items()]}


drawings: Registry[Drawing] = Registry("drawing", "analytics.charts")
VALUES = alt.NamedData("values")
# What a page says otherwise: at which days there are marks, how a day is written, how a number has its unit.
WORDS = {"ticks": None, "days": "%-d %b", "unit": "%(n)s"}
IN_UNIT = "replace(unit, '%(n)s', datum.label)"
DAY = "%-d %b %Y"
SCORES = alt.Scale(domain=[1, 5], nice=False)
MEAN = alt.Y("mean:Q", scale=SCORES, axis=alt.Axis(title=None, values=[1, 2, 3, 4, 5]))
LOW = alt.Y("low:Q", scale=SCORES, title=None)


def along(field: Literal["day", "week"]) -> alt.X:
    """Days along the bottom, marked where there are values."""
    axis = alt.Axis(
        title=None,
        grid=False,
        values=alt.ExprRef("ticks"),
        labelExpr="timeFormat(datum.value, days)",
        labelOverlap=True,
        tickCount=8,
    )
    return alt.X(f"{field}:T", axis=axis)


def judged(x: alt.X, name: alt.Tooltip) -> alt.Chart:
    """Mean scores with their intervals and numbers along `x`; `name` heads what a pointer is told."""
    return alt.Chart(VALUES).encode(
        x=x,
        tooltip=[
            name,
            alt.Tooltip("mean:Q", format=".2f", title="x̄"),
            alt.Tooltip("low:Q", format=".2f", title="↓ 95 %"),
            alt.Tooltip("high:Q", format=".2f", title="↑ 95 %"),
            alt.Tooltip("n:Q", title="n"),
        ],
    )


def dots(base: alt.Chart) -> alt.Chart:
    """The means, small where the sample is; each opens its tickets."""
    size = alt.condition(alt.datum.few, alt.value(18), alt.value(90))
    return base.mark_point(filled=True, opacity=1).encode(y=MEAN, href="href:N", size=size)


def series(by: Literal["color", "dash"]) -> alt.Color | alt.StrokeDash:
    """Lines told apart by colour and dash alike, with one legend for both."""
    legend = alt.Legend(title=None, orient="top", symbolType="stroke", symbolSize=300)
    channel = alt.Color if by == "color" else alt.StrokeDash
    return channel("series:N", sort=None, legend=legend)
