"""The managers' pages: every figure opens exactly the tickets behind it, and the address holds the whole question."""

import csv
import html
import io
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analytics.facts import rebuild
from analytics.models import Assumptions, Edition, Fact
from knowledge.models import Article, Feedback, Section, Version
from tests.conftest import opened_by
from tickets.actors import SYSTEM
from triage.models import Outcome

PAGES = ["/reports/", "/reports/satisfaction/", "/reports/efficiency/"]


def lived(customer, agent, category, number: int) -> None:
    """A ticket that was answered, resolved and, two times in three, judged; every fifth is still open."""
    ticket = opened_by(customer, f"Line {number} is slow")
    ticket.categorise(category, by=agent)
    ticket.send_to(category.parent.team, by=agent)
    ticket.reply("Please restart the modem.", by=agent)
    if number % 5:
        ticket.resolve(by=agent)
        ticket.ask_opinion(by=SYSTEM)
        if number % 3:
            ticket.rate(1 + number % 5, "It took <long>." if number % 5 == 1 else "", by=customer)


def lives(count, customer, agents, categories) -> None:
    for number in range(count):
        side = number % 2
        lived(customer, agents[side], categories[("wifi", "refund")[side]], number)
    rebuild()


@pytest.fixture
def desk(dana, alice, charlie, categories):
    """Thirty tickets of two teams."""
    lives(30, dana, (alice, charlie), categories)


def shown(page: str) -> dict[str, int]:
    """Of each figure that opens its tickets: its address and the number the page says."""
    found = {}
    for card in re.findall(r'<article class="card figure.*?</article>', page, re.S):
        value = re.search(r'<p class="value">(.*?)</p>', card, re.S)[1]
        href = re.search(r'href="([^"]+)"', value)
        if href:
            words = re.sub(r"<[^>]+>", " ", value)
            n = re.search(r"n = ([\d,]+)", words) or re.search(r"([\d,]+)", words)
            found[href[1].replace("&amp;", "&")] = int(n[1].replace(",", ""))
    return found


def told(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def sheet(response) -> list[dict[str, str]]:
    """As a spreadsheet reads it."""
    body = b"".join(response).decode("utf-8")
    assert body.startswith("\ufeff"), "Excel would take it for Latin-1"
    return list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))


# --- Figures and what is behind them


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("question", ["", "period=7d&team=network", "period=all&category=billing"])
def test_each_figure_opens_as_many_tickets_as_it_counts(page, question, desk, mona_client):
    figures = shown(told(mona_client.get(f"{page}?{question}")))
    assert len(figures) >= 3
    for address, n in figures.items():
        heading = re.search(r'<h1 class="grow">.*?: ([\d,]+) tickets?</h1>', told(mona_client.get(address)))
        assert int(heading[1]) == n, address
        assert len(sheet(mona_client.get(f"{address}&format=csv"))) == n, address


def test_a_team_chosen_leaves_the_tickets_of_that_team(desk, mona_client):
    rows = sheet(mona_client.get("/reports/tickets/?metric=created&team=billing&format=csv"))
    assert {row["team"] for row in rows} == {"billing"}
    assert len(rows) == Fact.objects.filter(team__slug="billing").count() == 15


def test_a_teams_figure_in_a_table_opens_that_teams_tickets(desk, mona_client):
    page = told(mona_client.get("/reports/efficiency/"))
    line = re.search(r"<tr><th scope=row><a[^>]*team=network[^>]*>Network</a></th>(.*?)</tr>", page)[1]
    href, n = re.search(r'href="([^"]*metric=created[^"]*)">(\d+)<', line).groups()
    assert f": {n} tickets" in told(mona_client.get(href.replace("&amp;", "&")))


def test_a_day_of_the_chart_opens_that_day(desk, mona_client):
    page = told(mona_client.get("/reports/"))
    href, n = re.findall(r'<td class=num><a href="([^"]*metric=created[^"]*)">(\d+)</a>', page)[-1]
    assert f": {n} tickets" in told(mona_client.get(href.replace("&amp;", "&")))


@pytest.mark.parametrize(
    ("page", "mark"),
    [("satisfaction", 'metric=satisfaction[^"]*by=wait'), ("efficiency", 'metric=created[^"]*by=week_hour')],
)
def test_a_mark_that_no_filter_can_say_opens_its_tickets(page, mark, desk, mona_client):
    body = told(mona_client.get(f"/reports/{page}/?team=network"))
    values = json.loads(html.unescape(re.search(r'data-values="([^"]*by=[^"]*)"', body)[1]))
    assert any(one["href"] for one in values)
    for value in (one for one in values if one["href"]):
        n = value.get("count", value.get("n"))
        assert re.search(mark, value["href"])
        opened = told(mona_client.get(value["href"]))
        assert f": {n} ticket" in opened
        assert f"{value.get('when') or html.escape(value['wait'])}</span>" in opened
        rows = sheet(mona_client.get(f"{value['href']}&format=csv"))
        assert len(rows) == n
        assert {row["team"] for row in rows} == {"network"}


@pytest.mark.parametrize("mark", ["by=wait&at=99", "by=wait", "by=wait&at=x", "by=planet&at=1", "by=week_hour&at=-1"])
def test_what_is_no_mark_is_not_found(mark, desk, mona_client):
    assert mona_client.get(f"/reports/tickets/?metric=created&{mark}").status_code == 404


def test_the_hours_of_the_week_are_nothing_of_what_is_open_now(desk, mona_client):
    assert mona_client.get("/reports/tickets/?metric=backlog&by=week_hour&at=3").status_code == 404


def test_the_list_goes_on_where_it_ended_and_shows_each_ticket_once(dana, alice, categories, mona_client):
    for number in range(60):
        opened_by(dana, f"Number {number}")
    rebuild()
    address, seen = "/reports/tickets/?metric=created", []
    while address:
        page = told(mona_client.get(address))
        seen += re.findall(r"/inbox/(\d+)/", page[page.index('id="behind"') :])
        more = re.search(r'<a class="btn" href="([^"]+after=[^"]+)"', page)
        address = more and more[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 60


def test_a_broken_place_in_the_list_begins_at_the_top(desk, mona_client):
    assert ": 30 tickets" in told(mona_client.get("/reports/tickets/?metric=created&after=nonsense"))


@pytest.mark.parametrize("metric", ["", "nonsense", "deflected_maybe"])
def test_what_is_no_figure_of_tickets_is_not_found(metric, desk, mona_client):
    assert mona_client.get(f"/reports/tickets/?metric={metric}").status_code == 404


# --- The question


@pytest.mark.parametrize("page", [*PAGES, "/reports/tickets/"])
def test_a_word_that_nobody_knows_is_named_and_the_rest_holds(page, desk, mona_client):
    body = told(mona_client.get(f"{page}?metric=created&team=nonsense&category=wifi&period=custom&from=soon&to=later"))
    assert "Left out, because nothing is known of it: soon – later, nonsense." in body
    assert "category=wifi" in body


def test_a_team_named_like_a_script_is_only_a_word(desk, network_team, mona_client):
    network_team.name_en = "</script><script>alert(1)</script>"
    network_team.save()
    for page in PAGES:
        assert "<script>alert" not in told(mona_client.get(page))


@pytest.mark.parametrize("page", PAGES)
def test_htmx_gets_the_part_alone(page, desk, mona_client):
    part = told(mona_client.get(f"{page}?period=7d", headers={"hx-request": "true"}))
    assert "<html" not in part
    assert 'class="cards"' in part


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_desk_says_so_in_words(page, mona_client):
    body = told(mona_client.get(page))
    assert "Nothing happened in this period." in body
    assert "None" not in re.sub(r"<script.*?</script>", "", body, flags=re.S)
    assert "There is no such ticket." in told(mona_client.get("/reports/tickets/?metric=created"))


def test_before_the_first_survey_the_page_says_when_customers_are_asked(dana, mona_client):
    opened_by(dana)
    rebuild()
    body = told(mona_client.get("/reports/satisfaction/"))
    assert "Customers are asked by mail some time after their ticket is resolved." in body
    assert "Nobody complained in this period." in body


def test_a_figure_of_few_cases_says_that_they_are_few(desk, mona_client):
    card = next(card for card in told(mona_client.get("/reports/satisfaction/")).split("<article") if "of 5" in card)
    assert "small sample" in card
    assert "nothing in the period before" in card


def test_a_figure_shows_its_formula_and_the_numbers_that_went_in(desk, mona_client):
    Assumptions.objects.create(valid_from="2020-01-01")
    body = told(mona_client.get("/reports/"))
    assert "CBA = (B − C) ÷ C" in body
    assert "/admin/analytics/assumptions/" in body
    assert "/admin/analytics/target/" in body
    assert "E(R) = Σ pᵢ · tᵢ" in told(mona_client.get("/reports/efficiency/"))


def test_an_unhappy_customers_words_lead_to_the_ticket(desk, mona_client):
    body = told(mona_client.get("/reports/satisfaction/"))
    low = Fact.objects.filter(score__lte=2).latest("rated_at")
    assert f"/inbox/{low.ticket.number}/" in body
    assert "It took &lt;long&gt;." in body


def test_an_article_that_rarely_helps_is_marked(desk, dana, mona_client):
    section = Section.objects.create(slug="lines", name_en="Lines")
    for slug, helps in (("helps", True), ("misleads", False)):
        article = Article.objects.create(section=section, slug=slug)
        Version.write(article, "en", title=f"It {slug}", body="Unplug it.")
        for fact in Fact.objects.all()[:20]:
            solved = timezone.now() if helps else None
            Outcome.objects.create(ticket=fact.ticket, article=article, used_at=timezone.now(), solved_at=solved)
    body = told(mona_client.get("/reports/efficiency/"))
    table = body[body.index('id="title-articles"') :]
    assert table.index("It misleads") < table.index("rarely helps") < table.index("It helps")
    assert table.count("rarely helps") == 1


def test_an_article_in_the_report_opens_its_tickets_and_its_editor(desk, mona_client):
    section = Section.objects.create(slug="lines", name_en="Lines")
    article = Article.objects.create(section=section, slug="restart")
    version = Version.write(article, "en", title="Restart it", body="Unplug it.")
    for fact in Fact.objects.filter(team__slug="network")[:6]:
        Outcome.objects.create(ticket=fact.ticket, article=article, used_at=timezone.now())
    Outcome.objects.create(ticket=fact.ticket, source=fact.ticket, used_at=timezone.now())
    for reader in range(3):
        Feedback.objects.create(version=version, reader=str(reader), is_helpful=bool(reader))
    body = told(mona_client.get("/reports/efficiency/"))
    table = body[body.index('id="title-articles"') :]
    assert '<a href="/knowledge/articles/restart/">Restart it</a>' in table
    assert "2 of 3" in table
    href, n = re.search(r'href="([^"]*article=restart[^"]*)">(\d+)<', table).groups()
    address = href.replace("&amp;", "&")
    assert f"Restart it: {n} tickets" in told(mona_client.get(address))
    assert n == "6"
    assert len(sheet(mona_client.get(f"{address}&format=csv"))) == 6
    assert "Restart it: 0 tickets" in told(mona_client.get(f"{address}&team=billing"))
    assert mona_client.get("/reports/tickets/?article=nonsense").status_code == 404


# --- Files


def test_a_file_runs_no_formula_and_keeps_chinese(dana, erik, mona_client):
    for subject in ("=HYPERLINK(0)", "+1", "-1", "@sum", "网络连接不稳定", 'a "quoted", word'):
        opened_by(dana, subject)
    rebuild()
    rows = sheet(mona_client.get("/reports/tickets/?metric=created&format=csv"))
    subjects = {row["subject"] for row in rows}
    assert subjects == {"'=HYPERLINK(0)", "'+1", "'-1", "'@sum", "网络连接不稳定", 'a "quoted", word'}


def test_a_table_is_a_file_with_the_numbers_of_the_page(desk, mona_client):
    response = mona_client.get("/reports/by/team.csv?period=7d")
    assert response["Content-Disposition"] == 'attachment; filename="by-team.csv"'
    rows = {row["Team"]: row for row in sheet(response)}
    assert rows["Network"]["Received"] == "15"
    mean = sum(fact.score for fact in Fact.objects.filter(team__slug="billing", score__gt=0))
    n = Fact.objects.filter(team__slug="billing", score__gt=0).count()
    assert float(rows["Billing"]["Customer satisfaction"]) == pytest.approx(mean / n)


def test_there_is_no_file_of_something_else(mona_client):
    assert mona_client.get("/reports/by/planet.csv").status_code == 404
    assert mona_client.get("/reports/by/week.csv").status_code == 404


# --- What a page costs


@pytest.mark.parametrize(
    ("page", "most"), [*zip(PAGES, (8, 9, 10), strict=True), ("/reports/tickets/?metric=created", 9)]
)
def test_a_page_asks_the_database_as_often_for_many_tickets_as_for_few(
    page, most, dana, alice, charlie, categories, mona_client
):
    asked = []
    for count in (3, 27):
        lives(count, dana, (alice, charlie), categories)
        mona_client.get(page)
        Edition.turn()  # else the figures would be those just counted
        with CaptureQueriesContext(connection) as queries:
            assert mona_client.get(page).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] <= most


def test_the_report_over_everything_asks_no_oftener(desk, mona_client, django_assert_max_num_queries):
    mona_client.get("/reports/?period=all")
    Edition.turn()
    with django_assert_max_num_queries(8):
        assert mona_client.get("/reports/?period=all").status_code == 200


def test_the_same_question_on_another_day_counts_other_tickets(desk, mona_client):
    """What is built for a question is kept, but never its moments."""
    assert shown(told(mona_client.get("/reports/?period=7d")))["/reports/tickets/?metric=created&period=7d"] == 30
    Fact.objects.filter(team__slug="billing").update(created_at=timezone.now() - timedelta(days=20))
    Edition.turn()
    assert shown(told(mona_client.get("/reports/?period=7d")))["/reports/tickets/?metric=created&period=7d"] == 15
