"""Which known solutions a ticket is offered."""

from knowledge.choices import State
from knowledge.models import Section
from tests.conftest import opened_by
from tests.triage.library import STEADY_WORDS, TEXTS, UNSTEADY, written
from tickets.actors import SYSTEM
from tickets.choices import ActorKind
from tickets.models import Ticket
from tickets.work import work_off
from triage import links
from triage.models import ArticleLink, Exam, Outcome, Suggestion


def offered(ticket: Ticket) -> list[str]:
    kept = ticket.suggestions.filter(target="solutions").first()
    return [code for code, _score in kept.ranked] if kept else []


def slugs(ticket: Ticket, articles) -> list[str]:
    names = {f"a{article.pk}": slug for slug, article in articles.items()}
    return [names.get(code, code) for code in offered(ticket)]


def test_an_unsteady_network_is_offered_its_three_solutions_first(articles, arrive):
    assert set(slugs(arrive(*UNSTEADY), articles)[:3]) == {"wifi-drops", "line-drops", "slow-evenings"}


def test_an_english_ticket_finds_them_by_english_words(articles, arrive):
    assert slugs(arrive(*STEADY_WORDS), articles)[0] == "wifi-drops"


def test_an_article_that_exists_in_the_other_language_only_is_found_by_what_it_solved(arrive, alice, dana, categories):
    """No word in common, but it solved tickets like this one."""
    shelf = Section.objects.create(slug="help", name_en="Help", name_zh="帮助")
    chinese = written(shelf, "chinese-only", None, TEXTS["wifi-drops"][1])
    for number in range(3):
        solved = opened_by(dana, f"The Wi-Fi drops in room {number}", "My wireless network drops every evening.")
        Outcome.solve(solved, f"a{chinese.pk}", by=alice)
        solved.resolve(by=alice)
    assert offered(arrive(*STEADY_WORDS))[0] == f"a{chinese.pk}"


def test_drafts_are_not_offered_and_internal_ones_are(arrive, articles):
    articles["wifi-drops"].set_state(State.DRAFT)
    articles["line-drops"].set_state(State.INTERNAL)
    found = slugs(arrive(*UNSTEADY), articles)
    assert "wifi-drops" not in found
    assert "line-drops" in found


def test_what_solved_more_comes_first_in_its_category(articles, arrive, alice, categories, dana):
    for number in range(8):
        ticket = opened_by(dana, f"Request {number}", "Call me.")
        ticket.categorise(categories["wifi"], by=alice)
        slug = "slow-evenings" if number < 7 else "wifi-drops"
        if number < 7:
            Outcome.use(ticket, f"a{articles['wifi-drops'].pk}", by=alice)
        Outcome.solve(ticket, f"a{articles[slug].pk}", by=alice)
        ticket.resolve(by=alice)
    links.recount()
    ticket = arrive(*UNSTEADY)
    before = slugs(ticket, articles)
    ticket.categorise(categories["wifi"], by=alice)
    work_off("triage")
    assert (before[0], slugs(ticket, articles)[0]) == ("line-drops", "slow-evenings")
    reasons = {one["code"]: one for one in ticket.suggestions.get(target="solutions").reasons}
    best = reasons[f"a{articles['slow-evenings'].pk}"]
    assert (best["used"], best["solved"]) == (7, 7)


def test_an_article_linked_by_hand_is_offered_in_its_category(articles, arrive, alice, categories):
    ArticleLink.objects.create(category=categories["wifi"], article=articles["invoice-copy"], by=ActorKind.PERSON)
    ticket = arrive(*STEADY_WORDS)
    assert "invoice-copy" not in slugs(ticket, articles)
    ticket.categorise(categories["wifi"], by=alice)
    work_off("triage")
    assert "invoice-copy" in slugs(ticket, articles)


def test_the_answers_of_similar_tickets_are_offered_and_at_most_two(articles, arrive, alice, erik):
    for _ in range(4):
        opened_by(erik, *STEADY_WORDS).reply("Move it to channel 36.", by=alice, then="resolved")
    past = [code for code in offered(arrive(*STEADY_WORDS)) if code[0] == "t"]
    assert len(past) == 2


def test_without_articles_and_past_there_is_nothing_and_that_is_kept(arrive):
    ticket = arrive("Hello", "Please call me.")
    assert ticket.suggestions.get(target="solutions").ranked == []


def test_thinking_twice_leaves_the_same(articles, arrive):
    ticket = arrive(*UNSTEADY)
    once = offered(ticket)
    from triage import alike

    alike.find(ticket)
    assert offered(ticket) == once
    assert Suggestion.objects.filter(ticket=ticket, target="solutions").count() == 1


def test_a_link_is_counted_from_finished_tickets_only(articles, dana, alice, categories):
    wifi, article = categories["wifi"], articles["wifi-drops"]
    tickets = [opened_by(dana, f"Ticket {number}", "Wi-Fi") for number in range(6)]
    for ticket in tickets:
        ticket.categorise(wifi, by=alice)
        Outcome.use(ticket, f"a{article.pk}", by=alice)
    said, silent, other, still_open, reopened, examined = tickets
    Outcome.solve(said, f"a{article.pk}", by=alice)
    Outcome.solve(other, f"a{articles['line-drops'].pk}", by=alice)
    for ticket in (said, silent, other, reopened, examined):
        ticket.resolve(by=alice)
    reopened.reopen(by=dana)
    Exam.objects.create(ticket=examined)
    links.recount()
    link = ArticleLink.objects.get(category=wifi, article=article)
    assert (link.used, link.solved, link.unsaid, link.is_standing) == (3, 1, 1, False)
    assert still_open.is_open


def test_three_solved_tickets_make_a_link_and_undoing_one_takes_it_back(articles, dana, alice, categories):
    code = f"a{articles['wifi-drops'].pk}"
    tickets = [opened_by(dana, f"Ticket {number}", "Wi-Fi") for number in range(3)]
    for ticket in tickets:
        ticket.categorise(categories["wifi"], by=alice)
        Outcome.solve(ticket, code, by=alice)
    work_off("triage")
    assert ArticleLink.objects.get().is_standing
    Outcome.withdraw(tickets[0], code, by=alice)
    work_off("triage")
    assert not ArticleLink.objects.get().is_standing


def test_counting_again_changes_nothing_and_keeps_what_a_manager_linked(articles, dana, alice, categories):
    by_hand = ArticleLink.objects.create(
        category=categories["refund"], article=articles["refund-where"], by=ActorKind.PERSON
    )
    ticket = opened_by(dana)
    ticket.categorise(categories["refund"], by=alice)
    Outcome.solve(ticket, f"a{articles['refund-where'].pk}", by=alice)
    for _ in range(2):
        links.recount()
        by_hand.refresh_from_db()
        assert (by_hand.by, by_hand.solved) == (ActorKind.PERSON, 1)
    ticket.categorise(categories["wifi"], by=alice)
    links.recount()
    by_hand.refresh_from_db()
    assert by_hand.solved == 0
    assert ArticleLink.objects.get(category=categories["wifi"]).solved == 1


def test_an_imported_past_needs_no_pending_work(articles, dana, alice, categories):
    ticket = opened_by(dana)
    ticket.categorise(categories["wifi"], by=SYSTEM)
    ticket.resolve(by=alice)
    Outcome.objects.create(ticket=ticket, article=articles["wifi-drops"], used_at=ticket.created_at)
    assert links.recount([articles["wifi-drops"].pk]) == 1
    assert ArticleLink.objects.get().unsaid == 1
