import re
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge.models import Article
from people.models import User
from tickets.models import Ticket

_CODE = re.compile(r"([at])(\d{1,18})")
_KINDS = {"a": "article", "t": "source"}


class Outcome(models.Model):
    """What came of one known solution in one ticket: it was on offer, was put into an answer, solved the matter.

    The solution is an article, or the answer that a past ticket (`source`) got.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, verbose_name=_("ticket"), related_name="outcomes")
    article = models.ForeignKey(
        Article, models.CASCADE, verbose_name=_("article"), null=True, blank=True, related_name="outcomes"
    )
    source = models.ForeignKey(
        Ticket, models.CASCADE, verbose_name=_("past ticket"), null=True, blank=True, related_name="+"
    )
    shown_at = models.DateTimeField(_("shown"), null=True, blank=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("person"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("outcome of a solution")
        verbose_name_plural = _("outcomes of solutions")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "article"], name="an_article_has_one_outcome_in_a_ticket"),
            models.UniqueConstraint(fields=["ticket", "source"], name="a_past_answer_has_one_outcome_in_a_ticket"),
            models.CheckConstraint(
                condition=Q(article=None, source__isnull=False) | Q(article__isnull=False, source=None),
                name="an_outcome_is_of_an_article_or_a_past_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} in ticket {self.ticket_id}"

    @property
    def code(self) -> str:
        """As suggestions say it: `a` and the article's id, or `t` and the past ticket's."""
        return f"a{self.article_id}" if self.article_id else f"t{self.source_id}"

    @property
    def subject(self) -> dict[str, Any]:
        """What history keeps of it: {"article": id} or {"source": id}."""
        return subject_of(self.code)

    @classmethod
    def show(cls, ticket: Ticket, codes: Iterable[str]) -> None:
        """These were on offer when somebody decided; the first time counts."""
        now = timezone.now()
        Outcome.objects.bulk_create(
            [Outcome(ticket=ticket, shown_at=now, **_fields(code)) for code in codes], ignore_conflicts=True
        )

    @classmethod
    @transaction.atomic
    def use(cls, ticket: Ticket, code: str, *, by: User) -> Self:
        """It was put into an answer. The first time counts."""
        outcome = cls._held(ticket, code)
        if outcome.used_at is None:
            outcome.used_at, outcome.user = timezone.now(), by
            outcome.save(update_fields=["used_at", "user"])
            ticket.record("solution_used", by=by, **outcome.subject)
        return outcome

    @classmethod
    @transaction.atomic
    def solve(cls, ticket: Ticket, code: str, *, by: User) -> Self:
        """It solved the matter, whether it was put into an answer or told on the phone: it was used in any case."""
        outcome = cls._held(ticket, code)
        if outcome.solved_at is None:
            outcome.solved_at = timezone.now()
            outcome.used_at, outcome.user = outcome.used_at or outcome.solved_at, by
            outcome.save(update_fields=["used_at", "solved_at", "user"])
            ticket.record("solution_worked", by=by, **outcome.subject)
        return outcome

    @classmethod
    @transaction.atomic
    def withdraw(cls, ticket: Ticket, code: str, *, by: User) -> Self | None:
        """It was a mistake to say that it solved the matter. That it was used stays."""
        outcome = cls.objects.select_for_update().filter(ticket=ticket, **_fields(code)).first()
        if outcome and outcome.solved_at:
            outcome.solved_at, outcome.user = None, by
            outcome.save(update_fields=["solved_at", "user"])
            ticket.record("solution_withdrawn", by=by, **outcome.subject)
        return outcome

    @classmethod
    def _held(cls, ticket: Ticket, code: str) -> Self:
        fields = _fields(code)
        cls.objects.bulk_create([cls(ticket=ticket, **fields)], ignore_conflicts=True)
        return cls.objects.select_for_update().get(ticket=ticket, **fields)


def subject_of(code: str) -> dict[str, int]:
    """{"article": id} or {"source": id}. Raises `ValueError` for what is no code."""
    match = _CODE.fullmatch(code)
    if match is None:
        raise ValueError(f"{code!r} is no solution: expected a or t and a number")
    return {_KINDS[match[1]]: int(match[2])}


def _fields(code: str) -> dict[str, int]:
    return {f"{name}_id": pk for name, pk in subject_of(code).items()}
