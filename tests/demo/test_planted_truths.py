"""What is planted in the demo company's past is found by its figures, read from the metrics as a manager reads them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict

from analytics.facts import rebuild
from analytics.filters import Filter
from analytics.metric import Figure
from analytics.reckoning import Reckoning
from demo.company import establish
from demo.simulation import simulate
from demo.simulation.truths import FAST_AGENT, PEAK_WEEKDAY, SLOW_TEAM, useless_article
from demo.texts.company import company
from knowledge.models import Article
from people.models import Customer
from tickets.actors import SYSTEM
from tickets.intake import Incoming, receive
from tickets.models import Category
from triage import alike
from triage.models import ArticleLink

pytestmark = pytest.mark.django_db
UNTIL = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 9, 20), date(2026, 11, 17)
Figures = dict[str, Figure]


class Taken(Exception):
    """What the test wanted to know is known: the past is undone."""


@pytest.fixture(scope="module")
def known(django_db_setup, django_db_blocker) -> dict[str, Any]:
    """Figures of 1,500 tickets by dimension and word: reckoned once, the rows undone."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                simulate(establish(), tickets=1500, days=60, seed=1, until=UNTIL)
                rebuild()
                found = _reckoned() | {"offered": _offered()}
                raise Taken
        except Taken:
            return found


def _reckoned() -> dict[str, dict[str, Figures]]:
    asked = QueryDict(f"period=custom&from={FIRST}&to={LAST}")
    reckoning = Reckoning(Filter.asked_for(asked, now=UNTIL))
    names = (
        "created",
        "first_response",
        "resolution",
        "satisfaction",
        "service_level_response",
        "coverage",
        "overrides",
    )
    by = {
        dimension: {group.word or str(group.key): dict(group.figures) for group in reckoning.by(dimension, *names)}
        for dimension in ("team", "agent", "weekday")
    }
    links = {}
    for link in ArticleLink.objects.select_related("article"):
        used, solved = links.get(link.article.slug, (0, 0))
        links[link.article.slug] = used + link.used, solved + link.solved
    whole = {name: compared.figure for name, compared in reckoning.figures(*names, "response_rate", "reopened").items()}
    return by | {"articles": links, "all": {"": whole}}


def test_the_slow_team_answers_last(known):
    waits = {team: figures["first_response"].value for team, figures in known["team"].items() if team != "none"}
    slow = waits.pop(SLOW_TEAM)
    assert slow > 1.5 * max(waits.values())


def test_the_slow_team_keeps_fewest_of_its_promises(known):
    kept = {team: figures["service_level_response"].value for team, figures in known["team"].items() if team != "none"}
    assert min(kept, key=lambda team: kept[team]) == SLOW_TEAM


def test_customers_of_the_slow_team_are_the_least_content(known):
    scores = {team: figures["satisfaction"].value for team, figures in known["team"].items() if team != "none"}
    assert min(scores, key=lambda team: scores[team]) == SLOW_TEAM


def test_one_agent_is_done_sooner_than_all_colleagues(known):
    names = {agent.username for agent in company().agents}
    took = {agent: figures["resolution"].value for agent, figures in known["agent"].items() if agent in names}
    assert min(took, key=lambda agent: took[agent]) == FAST_AGENT


def test_most_tickets_come_on_mondays(known):
    created = {weekday: figures["created"].value for weekday, figures in known["weekday"].items()}
    assert len(created) == 7
    assert max(created, key=lambda weekday: created[weekday]) == str(PEAK_WEEKDAY + 1)  # ISO counts from 1


def _offered() -> list[str]:
    """Slugs of what a new ticket about an unsteady network is offered, best first."""
    customer = Customer.with_address("dana@example.com", name="Dana")
    words = "我的网络连接不稳定"
    ticket = receive(Incoming(channel="form", customer=customer, subject=words, text=words))
    ticket.categorise(Category.objects.get(slug="wifi"), by=SYSTEM)
    alike.shelf = alike.Shelf()
    alike.find(ticket)
    alike.shelf = alike.Shelf()
    slugs = {f"a{pk}": slug for pk, slug in Article.objects.values_list("pk", "slug")}
    return [slugs.get(code, code) for code, _score in ticket.suggestions.get(target="solutions").ranked]


def test_an_unsteady_network_is_offered_its_three_solutions_first(known):
    assert set(known["offered"][:3]) == {"wifi-keeps-dropping", "line-keeps-dropping", "slow-in-the-evening"}


def test_one_article_does_not_help(known):
    shares = {slug: solved / used for slug, (used, solved) in known["articles"].items() if used >= 25}
    useless = useless_article().slug
    assert useless in shares
    assert min(shares, key=lambda slug: shares[slug]) == useless
    assert shares[useless] < 0.25


def test_the_rest_is_as_a_desk_has_it(known):
    figures = known["all"][""]
    assert 3.6 < figures["satisfaction"].value < 4.5
    assert 0.25 < figures["response_rate"].value < 0.4
    assert 0.02 < figures["reopened"].value < 0.15
    assert 0.4 < figures["coverage"].value < 0.7
    assert 0.03 < figures["overrides"].value < 0.15
