"""From guesses to the ticket: what triage is sure of it does by the ticket's verbs, the rest it suggests.

What a person, a customer, a rule or an import has decided stays.
"""

from typing import TYPE_CHECKING

from django.db import transaction

from tickets.actors import MODEL
from tickets.choices import ActorKind, Priority
from tickets.models import Category, Event, Ticket

from . import corpus, routing
from .models import LEARNED, UNDECIDED, Suggestion, Target

if TYPE_CHECKING:
    from .guessing import Guess

State = Suggestion.State

_JUDGED_BY = {
    "category": Target.CATEGORY,
    "category_confirmed": Target.CATEGORY,
    "priority": Target.PRIORITY,
}
KINDS = frozenset({"opened", *_JUDGED_BY})


def handle(event: Event) -> None:
    """The consumer: thinks about a new ticket, and remembers what people decided wherever they did it."""
    if event.kind == "opened":
        consider(event.ticket)
    elif event.actor == ActorKind.PERSON:
        Suggestion.judge(event.ticket, _JUDGED_BY[event.kind])
        if event.kind == "category":
            routing.route(event.ticket, Category.in_order())


def consider(ticket: Ticket) -> None:
    """Stores what triage thinks of the ticket and does what it is sure of. Twice leaves the same as once."""
    from .guessing import guess  # loads scikit-learn: workers only

    title, body = corpus.words_of(ticket)
    guesses = {target: guess(target, title, body) for target in LEARNED}
    tree = Category.in_order()
    with transaction.atomic():
        held = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        _categorise(held, guesses[Target.CATEGORY], tree)
        _prioritise(held, guesses[Target.PRIORITY])
        routing.route(held, tree)


def _categorise(ticket: Ticket, guess: "Guess", tree: list[Category]) -> None:
    category = next((node for node in tree if node.slug == guess.label), None)
    if category is None:
        silence = guess.silence or "gone"
        Suggestion.keep(ticket, Target.CATEGORY, state=State.SILENT, silence=silence, model=guess.model)
        return
    if guess.sure and ticket.category_by in UNDECIDED:
        ticket.categorise(category, by=MODEL, confidence=guess.confidence)
    applied = ticket.category_id == category.pk and ticket.category_by == ActorKind.MODEL
    Suggestion.keep(ticket, Target.CATEGORY, **guess.stored, state=State.APPLIED if applied else State.SUGGESTED)


def _prioritise(ticket: Ticket, guess: "Guess") -> None:
    free = ticket.priority_by == ActorKind.MODEL or (
        ticket.priority_by == "" and ticket.priority == Priority.NORMAL  # else whoever opened it chose
    )
    category = ticket.category
    if free and not guess.sure and category and category.default_priority != Priority.NORMAL:
        _set_usual(ticket, category)
        return
    if guess.silence:
        Suggestion.keep(ticket, Target.PRIORITY, state=State.SILENT, silence=guess.silence, model=guess.model)
        return
    if free and guess.sure:
        ticket.set_priority(Priority.from_slug(guess.label), by=MODEL)
    applied = ticket.priority_by == ActorKind.MODEL and Priority(ticket.priority).slug == guess.label
    Suggestion.keep(ticket, Target.PRIORITY, **guess.stored, state=State.APPLIED if applied else State.SUGGESTED)


def _set_usual(ticket: Ticket, category: Category) -> None:
    """No model is sure, but the company said how urgent such tickets usually are."""
    usual = Priority(category.default_priority)
    ticket.set_priority(usual, by=MODEL)
    Suggestion.keep(ticket, Target.PRIORITY, state=State.APPLIED, label=usual.slug, reasons=[{"usual": category.slug}])
