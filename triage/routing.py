"""Team and person that follow from a category. Light enough for a web process, which corrects them."""

from django.conf import settings
from django.db.models import Count, Q

from common.kept import Given, Kept, among
from people.models import Presence, Team, User
from tickets.actors import MODEL
from tickets.choices import ActorKind
from tickets.models import Category, Message, Skill, Ticket

from .learn.routing import Candidate, Ranking, rank
from .models import UNDECIDED, Suggestion, Target
from .notebook import Notebook

State = Suggestion.State
SHOWN = 3  # people of a ranking that are kept


def route(notes: Notebook, tree: list[Category]) -> None:
    """Suggests team and person for the ticket's own category, or for the one suggested.

    The team is set where the category is settled, the person where the company allows it.
    """
    ticket = notes.ticket
    category, chance = _leading(notes, tree)
    settled = category is not None and category.pk == ticket.category_id
    team_id = category.responsible_team_id if category else None
    if team_id:
        _send(notes, Team.objects.get(pk=team_id), settled, chance)
    else:
        notes.forget(Target.TEAM)
    _hand_over(notes, _agents(ticket.team_id or team_id), category, settled)


def _leading(notes: Notebook, tree: list[Category]) -> tuple[Category | None, float | None]:
    """The category that decides, and how likely the ticket is its team's; None where a person chose.

    Teams are often clear before categories are: all likely categories of the team count.
    """
    ticket, suggestion = notes.ticket, notes.about(Target.CATEGORY)
    nodes = {node.slug: node for node in tree}
    own = next((node for node in tree if node.pk == ticket.category_id), None)
    if (own and ticket.category_by != ActorKind.MODEL) or suggestion is None:
        return own, None
    category = own or nodes.get(suggestion.label)
    team_id = category.responsible_team_id if category else None
    likely = [(nodes[slug], chance) for slug, chance in suggestion.ranked if slug in nodes]
    chance = sum(chance for node, chance in likely if node.responsible_team_id == team_id)
    return category, min(round(chance, 4), 1.0)


def _send(notes: Notebook, team: Team, settled: bool, chance: float | None) -> None:
    ticket = notes.ticket
    # Whoever has it in hand keeps it: a team of which they are no member would take it away.
    if settled and ticket.team_by in UNDECIDED and ticket.assignee_id is None:
        ticket.send_to(team, by=MODEL)
    applied = ticket.team_id == team.pk and ticket.team_by == ActorKind.MODEL
    state = State.APPLIED if applied else State.SUGGESTED
    notes.keep(Target.TEAM, team=team, confidence=chance, sure=settled, state=state)


def _hand_over(notes: Notebook, agents: list[User], category: Category | None, settled: bool) -> None:
    ticket = notes.ticket
    best = _ranking(agents, category, ticket.customer_id) if agents else []
    if not best:
        notes.forget(Target.ASSIGNEE)
        return
    user = next(agent for agent in agents if agent.pk == best[0].id)
    applied = False
    if settings.TRIAGE_ASSIGNS and settled and ticket.team_id and ticket.assignee_id is None:
        applied = user.presence != Presence.OFFLINE and ticket.assign(user, by=MODEL) is not None
    notes.keep(
        Target.ASSIGNEE,
        user=user,
        confidence=round(best[0].score, 4),
        ranked=[[one.id, round(one.score, 4)] for one in best[:SHOWN]],
        reasons=[{"part": part, "score": round(score, 4)} for part, score in best[0].parts.items()],
        state=State.APPLIED if applied else State.SUGGESTED,
    )


def _agents(team_id: int | None) -> list[User]:
    return _AGENTS(team=team_id) if team_id else []


_SKILLS = Kept(
    lambda: Skill.objects.filter(among("category", "line") | Q(category__parent=Given("category"))).values_list(
        "user_id", "category_id", "level"
    )
)
_LOADS = Kept(
    lambda: (
        Ticket.objects.open()
        .filter(among("assignee", "agents"))
        .order_by()
        .values_list("assignee")
        .annotate(Count("pk"))
    )
)
_AGENTS = Kept(lambda: User.objects.agents().filter(teams=Given("team")).order_by("pk"))
_KNOWN_TO = Kept(
    lambda: (
        Message.objects.filter(author=ActorKind.PERSON, is_public=True, ticket__customer=Given("customer"))
        .values_list("user_id", flat=True)
        .distinct()
    )
)


def _ranking(agents: list[User], category: Category | None, customer_id: int) -> list[Ranking]:
    """The agents, best first: by skill, free capacity, presence, and who knows the customer."""
    skills = _skills(category) if category else {}
    load = dict(_LOADS(agents=[agent.pk for agent in agents]))
    known = set(_KNOWN_TO(customer=customer_id))
    return rank(
        Candidate(
            id=agent.pk,
            skill=skills.get(agent.pk, 0.0),
            load=load.get(agent.pk, 0),
            capacity=agent.capacity,
            presence=agent.presence,
            knows_customer=agent.pk in known,
        )
        for agent in agents
    )


def _skills(category: Category) -> dict[int, float]:
    """Level by person: of the category itself, else of the nearest above, else the best of those below."""
    line = [node.pk for node in category.line]
    nearness = {pk: place for place, pk in enumerate(line, start=1)}
    levels: dict[int, tuple[int, float]] = {}
    for user_id, category_id, level in _SKILLS(line=line, category=category.pk):
        found = nearness.get(category_id, 0), level
        levels[user_id] = max(levels.get(user_id, found), found)
    return {user_id: level for user_id, (_, level) in levels.items()}
