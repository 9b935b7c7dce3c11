"""Charts are drawn of what the pages bring: as static files for the browser, as pictures for mail."""

import json
import re

import pytest
import vl_convert
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import QueryDict

from analytics import plots
from analytics.charts import drawings
from analytics.facts import rebuild
from analytics.filters import Filter
from analytics.reckoning import Reckoning
from tests.conftest import opened_by
from tickets.actors import SYSTEM

SKETCHES = {
    "flow": plots.FLOW,
    "score": plots.SCORE,
    "patience": plots.PATIENCE,
    "waits": plots.WAITS,
    "hours": plots.HOURS,
}


@pytest.fixture
def past(dana, alice):
    for number in range(6):
        ticket = opened_by(dana, f"Line {number}")
        if number:
            ticket.reply("Restart it.", by=alice)
            ticket.resolve(by=alice)
            ticket.ask_opinion(by=SYSTEM)
            ticket.rate(number, by=dana)
    rebuild()


def plot(name, question="period=30d"):
    wanted, sketch = Filter.asked_for(QueryDict(question)), SKETCHES[name]
    return sketch.draws(wanted, Reckoning(wanted).groups(sketch.asks(wanted)))


def fields(spec):
    """Names of the columns that a drawing reads, wherever it does."""
    if isinstance(spec, dict):
        mine = {spec["field"]} if isinstance(spec.get("field"), str) else set()
        mine |= {
            match for text in [spec.get("test")] if isinstance(text, str) for match in re.findall(r"datum\.(\w+)", text)
        }
        return mine.union(*map(fields, spec.values()))
    return set().union(*map(fields, spec)) if isinstance(spec, list) else set()


def test_every_drawing_has_a_sketch_that_brings_its_values():
    assert set(drawings.names()) == set(SKETCHES)


@pytest.mark.parametrize("name", SKETCHES)
def test_a_drawing_reads_only_what_the_page_brings(name, past):
    values = plot(name).values
    assert values
    asked = fields(drawings[name].spec())
    assert asked, "a drawing that reads nothing shows nothing"
    for value in values:
        assert asked <= set(value), name


@pytest.mark.parametrize("name", SKETCHES)
def test_a_drawing_becomes_a_picture_without_a_browser(name, past):
    picture = vl_convert.vegalite_to_svg(drawings[name].spec() | {"datasets": {"values": plot(name).values}})
    assert picture.startswith("<svg")
    assert len(re.findall(r"<path", picture)) > 5


@pytest.mark.parametrize("name", SKETCHES)
def test_the_table_beside_a_chart_has_a_cell_for_each_heading(name, past):
    told = plot(name)
    rows = re.findall(r"<tr>(.*?)</tr>", told.table)
    assert len(rows) > 1
    assert {len(re.findall(r"<t[hd]\b", row)) for row in rows} == {len(told.heads)}


def test_a_day_on_the_chart_counts_what_came_in_on_it(past):
    received = [value for value in plot("flow").values if "metric=created" in value["href"]]
    assert [value["count"] for value in received] == [6]
    assert sum(value["count"] for value in plot("hours").values) == 6


def test_over_a_year_the_chart_goes_by_weeks(past):
    days = {value["day"] for value in plot("flow", "period=all").values}
    assert 150 < len(days) < 160


def test_the_finder_lists_and_finds_every_drawing_and_the_bundle():
    finder = finders.get_finder("analytics.finder.ChartFinder")
    listed = {path for path, _storage in finder.list([])}
    assert listed == {"reports/vega.js", *(f"reports/{name}.json" for name in drawings.names())}
    for path in listed:
        assert finders.find(path)
    with open(finders.find("reports/score.json")) as file:
        spec = json.load(file)
    assert spec["data"] == {"name": "values"}, "without a value: those come with the page"
    assert not finders.find("reports/nothing.json")
    with pytest.raises(SuspiciousFileOperation):
        finder.find("reports/../../settings.py")
