"""Team and person that follow from a category. Light enough for a web process, which corrects them."""

from django.conf import settings
from django.db.models import Count, Q

from people.models import Presence, Team, User
from tickets.actors import MODEL
from tickets.choices import OPEN_STATUSES, ActorKind
from tickets.models import Category, Message, Skill, Ticket

from .learn.routing import Candidate, Ranking, rank
from .models import UNDECIDED, Suggestion, Target

State = Suggestion.State
SHOWN = 3  # people of a ranking that are kept


def route(ticket: Ticket, tree: list[Category]) -> None:
    """Suggests team and person for the ticket's own category, or for the one suggested.

    The team is set where the category is settled, the person where the company allows it.
    """
    category, chance = _leading(ticket, tree)
    settled = category is not None and category.pk == ticket.category_id
    team_id = category.responsible_team_id if category else None
    if team_id:
        _send(ticket, Team.objects.get(pk=team_id), settled, chance)
    else:
        Suggestion.objects.filter(ticket=ticket, target=Target.TEAM).delete()
    _hand_over(ticket, ranking(ticket.team_id or team_id, category, ticket.customer_id), settled)


def _leading(ticket: Ticket, tree: list[Category]) -> tuple[Category | None, float | None]:
    """The category that decides, and how likely the ticket is its team's; None where a person chose.

    Teams are often clear before categories are: all likely categories of the team count.
    """
    nodes = {node.slug: node for node in tree}
    own = next((node for node in tree if node.pk == ticket.category_id), None)
    suggestion = Suggestion.objects.filter(ticket=ticket, target=Target.CATEGORY).first()
    if (own and ticket.category_by != ActorKind.MODEL) or suggestion is None:
        return own, None
    category = own or nodes.get(suggestion.label)
    team_id = category.responsible_team_id if category else None
    likely = [(nodes[slug], chance) for slug, chance in suggestion.ranked if slug in nodes]
    chance = sum(chance for node, chance in likely if node.responsible_team_id == team_id)
    return category, min(round(chance, 4), 1.0)


def _send(ticket: Ticket, team: Team, settled: bool, chance: float | None) -> None:
    # Whoever has it in hand keeps it: a team of which they are no member would take it away.
    if settled and ticket.team_by in UNDECIDED and ticket.assignee_id is None:
        ticket.send_to(team, by=MODEL)
    applied = ticket.team_id == team.pk and ticket.team_by == ActorKind.MODEL
    state = State.APPLIED if applied else State.SUGGESTED
    Suggestion.keep(ticket, Target.TEAM, team=team, confidence=chance, sure=settled, state=state)


def _hand_over(ticket: Ticket, best: list[Ranking], settled: bool) -> None:
    if not best:
        Suggestion.objects.filter(ticket=ticket, target=Target.ASSIGNEE).delete()
        return
    user = User.objects.get(pk=best[0].id)
    applied = False
    if settings.TRIAGE_ASSIGNS and settled and ticket.team_id and ticket.assignee_id is None:
        applied = user.presence != Presence.OFFLINE and ticket.assign(user, by=MODEL) is not None
    Suggestion.keep(
        ticket,
        Target.ASSIGNEE,
        user=user,
        confidence=round(best[0].score, 4),
        ranked=[[one.id, round(one.score, 4)] for one in best[:SHOWN]],
        reasons=[{"part": part, "score": round(score, 4)} for part, score in best[0].parts.items()],
        state=State.APPLIED if applied else State.SUGGESTED,
    )


def ranking(team_id: int | None, category: Category | None, customer_id: int) -> list[Ranking]:
    """The team's agents, best first: by skill, free capacity, presence, and who knows the customer."""
    if team_id is None:
        return []
    open_ones = Count("tickets", filter=Q(tickets__status__in=OPEN_STATUSES), distinct=True)
    agents = User.objects.agents().filter(teams=team_id).annotate(load=open_ones).order_by("pk")
    skills = _skills(category) if category else {}
    known = set(
        Message.objects.filter(author=ActorKind.PERSON, is_public=True, ticket__customer=customer_id)
        .values_list("user_id", flat=True)
        .distinct()
    )
    return rank(
        Candidate(
            id=agent.pk,
            skill=skills.get(agent.pk, 0.0),
            load=agent.load,
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
    rows = Skill.objects.filter(Q(category__in=line) | Q(category__parent=category.pk))
    levels: dict[int, tuple[int, float]] = {}
    for user_id, category_id, level in rows.values_list("user_id", "category_id", "level"):
        found = nearness.get(category_id, 0), level
        levels[user_id] = max(levels.get(user_id, found), found)
    return {user_id: level for user_id, (_, level) in levels.items()}
