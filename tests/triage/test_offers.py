"""What an agent sees of known solutions, puts into an answer, and says about them."""

import html
import re

import pytest

from knowledge.choices import State
from knowledge.models import Version
from tests.conftest import opened_by, signed_in
from tests.triage.library import STEADY_WORDS, UNSTEADY
from tickets.choices import ActorKind
from tickets.models import Ticket
from tickets.names import Names
from tickets.work import work_off
from triage.models import ArticleLink, Outcome, Suggestion
from triage.suggest import suggestions_of


@pytest.fixture
def english(articles, arrive, network_team) -> Ticket:
    return arrive(*STEADY_WORDS)


@pytest.fixture
def chinese(articles, arrive, network_team) -> Ticket:
    return arrive(*UNSTEADY)


def address(ticket: Ticket, code: str, what: str) -> str:
    return f"/triage/tickets/{ticket.number}/solutions/{code}/{what}/"


def panel(client, ticket: Ticket) -> str:
    return client.get(f"/triage/tickets/{ticket.number}/panel/").content.decode()


def inserted(response) -> str | None:
    """As a browser reads it: the first newline of a textarea is not part of it."""
    found = re.search(r"<textarea hidden data-insert[^>]*>\n(.*?)</textarea>", response.content.decode(), re.S)
    return html.unescape(found[1]) if found else None


def test_titles_stand_in_the_readers_language(chinese, alice):
    assert "The line is unstable" in panel(signed_in(alice), chinese)
    alice.language = "zh-hans"
    alice.save()
    page = panel(signed_in(alice), chinese)
    assert "线路连接不稳定" in page
    assert 'href="/help/zh/articles/line-drops/"' in page


def test_the_customers_language_goes_into_the_answer_with_the_address(chinese, articles, alice_client, settings):
    response = alice_client.post(address(chinese, f"a{articles['line-drops'].pk}", "used"))
    words = inserted(response)
    assert words.startswith("请检查墙上插座到光猫的网线")
    assert words.endswith(f"线路连接不稳定: {settings.SITE_URL}/help/zh/articles/line-drops/")


def test_an_english_customer_gets_plain_english(english, articles, alice_client):
    words = inserted(alice_client.post(address(english, f"a{articles['line-drops'].pk}", "used")))
    assert "1. Unplug it" in words
    assert "<" not in words
    assert "/help/en/articles/line-drops/" in words


def test_an_internal_article_is_marked_and_never_linked_for_the_customer(english, articles, alice_client):
    articles["wifi-drops"].set_state(State.INTERNAL)
    assert "internal" in panel(alice_client, english)
    words = inserted(alice_client.post(address(english, f"a{articles['wifi-drops'].pk}", "used")))
    assert "channel 36" in words
    assert "/help/" not in words


def test_a_draft_cannot_be_put_into_an_answer(english, articles, alice_client):
    articles["wifi-drops"].set_state(State.DRAFT)
    response = alice_client.post(
        address(english, f"a{articles['wifi-drops'].pk}", "used"), headers={"HX-Request": "true"}
    )
    assert response.status_code == 409
    assert "no longer on offer" in response.content.decode()
    assert not Outcome.objects.exists()


@pytest.mark.parametrize("code", ["a999999", "t999999", "x1", "a", "used"])
def test_what_is_no_solution_is_refused_in_words(code, english, alice_client):
    for what in ("used", "solved"):
        assert alice_client.post(address(english, code, what), headers={"HX-Request": "true"}).status_code == 409


def test_using_and_solving_are_remembered_once(english, articles, alice_client, alice):
    code = f"a{articles['wifi-drops'].pk}"
    for what in ("used", "used", "solved", "solved"):
        alice_client.post(address(english, code, what), {"shown": ["a1", code]})
    outcome = english.outcomes.get(article=articles["wifi-drops"])
    assert outcome.shown_at
    assert outcome.used_at
    assert outcome.solved_at
    assert outcome.user == alice
    history = english.events.filter(kind__startswith="solution_").values_list("kind", "data", "user")
    told = {"article": articles["wifi-drops"].pk}
    assert list(history) == [("solution_used", told, alice.pk), ("solution_worked", told, alice.pk)]
    assert "used an article" in alice_client.get(f"/inbox/{english.number}/").content.decode()


def test_what_was_shown_beside_it_is_remembered_and_nothing_made_up(english, articles, alice_client):
    kept = [code for code, _score in english.suggestions.get(target="solutions").ranked]
    stranger = f"a{articles['refund-where'].pk}"
    assert stranger not in kept
    alice_client.post(address(english, kept[0], "used"), {"shown": [*kept, stranger, "nonsense"]})
    seen = {outcome.code: outcome for outcome in english.outcomes.all()}
    assert set(seen) == set(kept)
    assert all(outcome.shown_at for outcome in seen.values())
    assert [code for code, outcome in seen.items() if outcome.used_at] == [kept[0]]


def test_looking_at_the_panel_writes_nothing(english, alice_client):
    panel(alice_client, english)
    assert not Outcome.objects.exists()


def test_solved_can_be_taken_back(english, articles, alice_client):
    code = f"a{articles['wifi-drops'].pk}"
    page = alice_client.post(address(english, code, "solved")).content.decode()
    assert f'id="undo-{code}"' in page
    for _ in range(2):
        page = alice_client.delete(address(english, code, "solved")).content.decode()
    assert f'id="solved-{code}"' in page
    outcome = english.outcomes.get()
    assert (outcome.solved_at, bool(outcome.used_at)) == (None, True)
    assert english.events.filter(kind="solution_withdrawn").count() == 1


def test_what_solved_it_counts_for_its_category(english, articles, alice, alice_client, categories):
    english.categorise(categories["wifi"], by=alice)
    alice_client.post(address(english, f"a{articles['wifi-drops'].pk}", "solved"))
    work_off("triage")
    link = ArticleLink.objects.get(category=categories["wifi"], article=articles["wifi-drops"])
    assert (link.used, link.solved, link.by) == (1, 1, ActorKind.MODEL)


def test_the_share_that_it_solved_is_shown_with_its_number(english, articles, alice, alice_client, categories):
    link = {"category": categories["wifi"], "article": articles["wifi-drops"]}
    ArticleLink.objects.create(**link, used=9, solved=7)
    english.categorise(categories["wifi"], by=alice)
    work_off("triage")
    page = panel(alice_client, english)
    assert "solved 7 of 9 (78%)" in page
    assert "few cases" not in page
    ArticleLink.objects.filter(**link).update(used=3, solved=2)
    Suggestion.objects.filter(ticket=english, target="solutions").update(label="")
    english.categorise(categories["outage"], by=alice)
    english.categorise(categories["wifi"], by=alice)
    work_off("triage")
    assert "few cases" in panel(alice_client, english)


def test_a_past_answer_is_put_into_the_reply_only_by_those_who_may_see_its_ticket(
    arrive, erik, alice, charlie, network_team, billing_team
):
    past = opened_by(erik, *STEADY_WORDS)
    past.send_to(network_team, by=alice)
    past.reply("Move it to channel 36.", by=alice, then="resolved")
    ticket = arrive(*STEADY_WORDS)
    code = f"t{past.pk}"
    assert inserted(signed_in(alice).post(address(ticket, code, "used"))) == "Move it to channel 36."
    assert ticket.events.get(kind="solution_used").data == {"source": past.pk}
    theirs = signed_in(charlie)
    assert "channel 36" not in panel(theirs, ticket)
    assert theirs.post(address(ticket, code, "used"), headers={"HX-Request": "true"}).status_code == 409


def test_charlie_of_another_team_and_strangers_find_nothing(english, articles, alice, network_team, charlie_client):
    english.send_to(network_team, by=alice)
    code = f"a{articles['wifi-drops'].pk}"
    assert charlie_client.post(address(english, code, "used")).status_code == 404
    assert charlie_client.delete(address(english, code, "solved")).status_code == 404
    assert not Outcome.objects.exists()


def test_a_ticket_that_nothing_fits_says_so(arrive, alice_client):
    assert "Nothing we know fits this ticket yet." in panel(alice_client, arrive("Hello", "Call me."))


def test_a_ticket_that_nobody_has_read_yet_says_nothing_of_solutions(dana, alice_client):
    assert "Known solutions" not in panel(alice_client, opened_by(dana, "Hello", "Call me."))


@pytest.mark.parametrize("number", [3, 30])
def test_solutions_cost_the_same_however_many_are_known(
    number, english, articles, alice, erik, django_assert_num_queries
):
    codes = [f"a{article.pk}" for article in articles.values()]
    past = [opened_by(erik, f"Past {n}") for n in range(number)]
    for one in past:
        one.reply("Restart it.", by=alice, then="resolved")
    ranked = [[code, 0.5] for code in [*codes, *(f"t{one.pk}" for one in past)]]
    Suggestion.objects.filter(ticket=english, target="solutions").update(ranked=ranked)
    names = Names()
    alice.team_ids, names.users  # noqa: B018  the page knows them already
    fresh = Ticket.objects.with_people().get(pk=english.pk)
    with django_assert_num_queries(4):
        assert len(suggestions_of(fresh, alice, names).offers) == 5


def test_the_customers_page_tells_nothing_of_it(english, articles, alice, alice_client, dana, client):
    from people.models import CustomerSession

    alice_client.post(address(english, f"a{articles['wifi-drops'].pk}", "solved"))
    client.cookies[CustomerSession.COOKIE] = CustomerSession.open(dana)
    assert "solved it" not in client.get(f"/my/{english.number}/").content.decode()


def test_a_link_inside_an_article_is_an_address_in_the_answer(english, articles, alice_client, settings):
    Version.write(articles["wifi-drops"], "en", title="Drops", body="See [the line](/help/en/articles/line-drops/).")
    words = inserted(alice_client.post(address(english, f"a{articles['wifi-drops'].pk}", "used")))
    assert f"See the line ({settings.SITE_URL}/help/en/articles/line-drops/)." in words
