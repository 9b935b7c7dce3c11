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
        return self.chart.properties(width="container", height=220).to_dict()


drawings: Registry[Drawing] = Registry("drawing", "analytics.charts")
VALUES = alt.NamedData("values")


def series(by: Literal["color", "dash"]) -> alt.Color | alt.StrokeDash:
    """Lines told apart by colour and dash alike, with one legend for both."""
    legend = alt.Legend(title=None, orient="top", symbolType="stroke", symbolSize=300)
    channel = alt.Color if by == "color" else alt.StrokeDash
    return channel("series:N", sort=None, legend=legend)
