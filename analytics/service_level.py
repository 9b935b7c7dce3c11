"""Service level, for the first reply and for the resolution: who is judged, and who was in time."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Q

from .metric import Basis

Goal = Callable[[Basis], dict[int, int]]  # seconds by priority


def judged(basis: Basis, goal: Goal, seconds: str) -> Q:
    """Done, or due: a ticket that still has time says nothing yet."""
    condition = Q(**{f"{seconds}__isnull": False})
    for priority, allowed in goal(basis).items():
        condition |= Q(priority=priority, created_at__lte=basis.now - timedelta(seconds=allowed))
    return condition


def in_time(basis: Basis, goal: Goal, seconds: str) -> Q:
    condition = Q()
    for priority, allowed in goal(basis).items():
        condition |= Q(**{"priority": priority, f"{seconds}__lte": allowed})
    return condition


def first_response(basis: Basis) -> dict[int, int]:
    return {priority: 60 * target.first_response for priority, target in basis.targets.items()}


def resolution(basis: Basis) -> dict[int, int]:
    return {priority: 60 * target.resolution for priority, target in basis.targets.items()}
