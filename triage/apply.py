"""From guesses to the ticket: what triage is sure of it does by the ticket's verbs, the rest it suggests.

What a person, a customer, a rule or an import has decided stays.
"""

from typing import TYPE_CHECKING

from tickets.actors import MODEL
from tickets.choices import ActorKind, Priority
from tickets.models import Category, Event, Ticket
from tickets.names import Names

from . import corpus, links, routing, solutions
from .models import LEARNED, UNDECIDED, Suggestion, Target
from .notebook import Notebook, notes_on

if TYPE_CHECKING:
    from .guessing import Guess

State = Suggestion.State

_JUDGED_BY = {
    "category": Target.CATEGORY,
    "category_confirmed": Target.CATEGORY,
    "priority": Target.PRIORITY,
}
_TAUGHT_BY = {"solution_used", "solution_worked", "solution_withdrawn"}
KINDS = frozenset({"opened", *_JUDGED_BY, *_TAUGHT_BY})


def handle(event: Event) -> None:
    """The consumer: thinks about a new ticket, and remembers what people decided wherever they did it."""
    if event.kind == "opened":
        consider(event.ticket)
    elif event.kind in _TAUGHT_BY:
        if "article" in event.data:
            links.recount([event.data["article"]])
    else:
        _note_decision(event)


def _note_decision(event: Event) -> None:
    """Remembers what a person decided; a new category, whoever chose it, asks for other solutions."""
    if event.actor == ActorKind.PERSON:
        Suggestion.judge(event.ticket, _JUDGED_BY[event.kind])
        if event.kind == "category":
            with notes_on(event.ticket) as notes:
                routing.route(notes, Names().categories)
    if event.kind == "category":
        solutions.recommend_anew(event.ticket)


def consider(ticket: Ticket) -> None:
    """Stores what triage thinks of the ticket and does what it is sure of. Twice leaves the same as once."""
    from .guessing import guess  # loads scikit-learn: workers only

    title, body = corpus.words_of(ticket)
    guesses = {target: guess(target, title, body) for target in LEARNED}
    tree = Names().categories
    with notes_on(ticket) as notes:
        _categorise(notes, guesses[Target.CATEGORY], tree)
        _prioritise(notes, guesses[Target.PRIORITY], tree)
        routing.route(notes, tree)
        solutions.renew(notes)


def _categorise(notes: Notebook, guess: "Guess", tree: list[Category]) -> None:
    ticket = notes.ticket
    category = next((node for node in tree if node.slug == guess.label), None)
    if category is None:
        notes.keep(Target.CATEGORY, state=State.SILENT, silence=guess.silence or "gone", model=guess.model)
        return
    if guess.sure and ticket.category_by in UNDECIDED:
        ticket.categorise(category, by=MODEL, confidence=guess.confidence)
    applied = ticket.category_id == category.pk and ticket.category_by == ActorKind.MODEL
    notes.keep(Target.CATEGORY, **guess.stored, state=State.APPLIED if applied else State.SUGGESTED)


def _prioritise(notes: Notebook, guess: "Guess", tree: list[Category]) -> None:
    ticket = notes.ticket
    free = ticket.priority_by == ActorKind.MODEL or (
        ticket.priority_by == "" and ticket.priority == Priority.NORMAL  # else whoever opened it chose
    )
    category = next((node for node in tree if node.pk == ticket.category_id), None)
    if free and not guess.sure and category and category.default_priority != Priority.NORMAL:
        _set_usual(notes, category)
        return
    if guess.silence:
        notes.keep(Target.PRIORITY, state=State.SILENT, silence=guess.silence, model=guess.model)
        return
    if free and guess.sure:
        ticket.set_priority(Priority.from_slug(guess.label), by=MODEL)
    applied = ticket.priority_by == ActorKind.MODEL and Priority(ticket.priority).slug == guess.label
    notes.keep(Target.PRIORITY, **guess.stored, state=State.APPLIED if applied else State.SUGGESTED)


def _set_usual(notes: Notebook, category: Category) -> None:
    """No model is sure, but the company said how urgent such tickets usually are."""
    usual = Priority(category.default_priority)
    notes.ticket.set_priority(usual, by=MODEL)
    notes.keep(Target.PRIORITY, state=State.APPLIED, label=usual.slug, reasons=[{"usual": category.slug}])
