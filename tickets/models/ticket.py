"""One problem of one customer. Every change is a verb here; each verb ends by writing history."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.text import preview, storable
from people.access import Scope, Viewer, scope_of
from people.models import Customer, Team, User

from .. import book
from ..actors import Actor, By, actor
from ..choices import DONE_STATUSES, OPEN_STATUSES, ActorKind, Priority, Status
from ..errors import EmptyMessage
from ..uploads import Upload
from .category import Category
from .event import Event
from .message import Message
from .survey import Survey


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """What the viewer may see; the first call of every query a person triggers."""
        return self.within(scope_of(viewer))

    def within(self, scope: Scope) -> Self:
        if scope.everything:
            return self
        if scope.is_staff:
            return self.filter(Q(team_id__in=scope.team_ids) | Q(team_id=None) | Q(assignee_id=scope.user_id))
        if scope.customer_id is None:
            return self.none()
        own = self.filter(customer_id=scope.customer_id)
        return own if scope.ticket_id is None else own.filter(pk=scope.ticket_id)

    def open(self) -> Self:
        return self.filter(status__in=OPEN_STATUSES)

    def done(self) -> Self:
        return self.filter(status__in=DONE_STATUSES)

    def unassigned(self) -> Self:
        return self.filter(assignee=None)

    def urgent(self) -> Self:
        return self.filter(priority__gte=Priority.HIGH)

    def with_customer(self) -> Self:
        """The customer in the same query; a page of the desk takes all other names from its `Names`."""
        return self.select_related("customer__organisation")

    def with_people(self) -> Self:
        """All that a ticket names, in the same query."""
        return self.with_customer().select_related("assignee", "team", "category__parent__parent")


@dataclass(slots=True)
class Changes:
    """What the verbs of one transaction leave to be written."""

    fields: set[str] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)


class Ticket(models.Model):
    number = models.BigIntegerField(
        _("number"), unique=True, editable=False, db_default=Func(Value("tickets_number"), function="nextval")
    )
    subject = models.CharField(_("subject"), max_length=250)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.NEW)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    priority_by = models.CharField(max_length=10, choices=ActorKind.choices, blank=True, editable=False)
    category = models.ForeignKey(
        Category, models.PROTECT, verbose_name=_("category"), related_name="tickets", null=True, blank=True
    )
    category_by = models.CharField(max_length=10, choices=ActorKind.choices, blank=True, editable=False)
    category_confidence = models.FloatField(null=True, editable=False)
    team = models.ForeignKey(
        Team, models.PROTECT, verbose_name=_("team"), related_name="tickets", null=True, blank=True
    )
    team_by = models.CharField(max_length=10, choices=ActorKind.choices, blank=True, editable=False)
    assignee = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("assignee"), related_name="tickets", null=True, blank=True
    )
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="tickets")
    channel = models.CharField(_("channel"), max_length=30)
    tags = ArrayField(models.CharField(max_length=50), verbose_name=_("tags"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    source = models.CharField(max_length=60, blank=True, editable=False, help_text="Where an import came from.")
    external_id = models.CharField(max_length=200, blank=True, editable=False)
    links_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    resolved_at = models.DateTimeField(_("resolved"), null=True, editable=False)
    last_message_at = models.DateTimeField(_("last message"), default=timezone.now, editable=False)
    last_message_preview = models.CharField(max_length=150, blank=True, editable=False)
    last_message_by = models.CharField(
        max_length=10, choices=ActorKind.choices, default=ActorKind.CUSTOMER, editable=False
    )

    objects = TicketQuerySet.as_manager()
    _changes: "Changes | None" = None

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="an_external_ticket_is_imported_once",
            ),
        ]
        indexes = [
            models.Index(F("last_message_at").desc(), F("id").desc(), name="ticket_newest"),
            models.Index(fields=["customer", "-last_message_at"], name="ticket_of_customer"),
            models.Index(
                fields=["team", "assignee", "status", "priority"],
                condition=Q(status__in=OPEN_STATUSES),
                name="ticket_open_counts",
            ),
            models.Index(
                F("last_message_at").desc(),
                F("id").desc(),
                condition=Q(status__in=OPEN_STATUSES),
                name="ticket_open_newest",
            ),
            models.Index(fields=["category", "-created_at"], name="ticket_of_category"),
            models.Index(F("resolved_at").desc(nulls_last=True), F("id").desc(), name="ticket_resolved"),
            models.Index(F("created_at").desc(), F("id").desc(), name="ticket_created"),
            GinIndex(fields=["tags"], name="ticket_tags"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("tickets:ticket", args=[self.number])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def is_done(self) -> bool:
        return not self.is_open

    @property
    def awaits_us(self) -> bool:
        """The customer had the last word and nobody closed the matter."""
        return self.is_open and self.last_message_by == ActorKind.CUSTOMER

    # --- What people say

    def reply(
        self,
        text: str,
        *,
        by: By,
        files: Sequence[Upload] = (),
        then: str = Status.WAITING,
        key: UUID | None = None,
        html: str = "",
    ) -> Event | None:
        """A public answer of the staff. It takes an unassigned ticket and moves it to the status `then`.

        The same `key` twice is one reply. Raises `EmptyMessage`.
        """
        with self.held():
            event = self._say("replied", text, html=html, by=by, files=files, key=key, is_public=True)
            if event:
                self.set_status(then, by=by)
                if event.user and self.assignee_id is None:
                    self.assign(event.user, by=by)
        return event

    def note(self, text: str, *, by: By, files: Sequence[Upload] = (), key: UUID | None = None) -> Event | None:
        """A word among the staff. The same `key` twice is one note. Raises `EmptyMessage`."""
        return self._say("noted", text, by=by, files=files, key=key, is_public=False)

    def answer(
        self,
        text: str,
        *,
        by: By,
        channel: str,
        html: str = "",
        files: Sequence[Upload] = (),
        key: UUID | None = None,
    ) -> Event | None:
        """The customer wrote again, which reopens what was waiting or done. The same `key` twice is one message."""
        with self.held():
            event = self._say("answered", text, html=html, by=by, files=files, key=key, is_public=True, channel=channel)
            if event and self.status in (Status.WAITING, *DONE_STATUSES):
                self.set_status(Status.OPEN, by=by)
        return event

    def _say(
        self,
        kind: str,
        text: str,
        *,
        by: By,
        is_public: bool,
        html: str = "",
        files: Sequence[Upload] = (),
        key: UUID | None = None,
        channel: str = "",
    ) -> Event | None:
        text = storable(text).strip()
        if not text and not files:
            raise EmptyMessage
        with self.held() as changes:
            if key and book.current().has_message(self, key):
                return None
            message = self._message(text, by=by, is_public=is_public, html=html, key=key, channel=channel)
            book.current().add_message(message, files)
            if is_public:
                changes.fields.update(self._touch(message))
            return self.record(kind, by=by, message=message)

    def _message(self, text: str, *, by: By, is_public: bool, html: str, key: UUID | None, channel: str) -> Message:
        who = actor(by)
        return Message(
            ticket=self,
            author=who.kind,
            user=who.user,
            customer=who.customer,
            is_public=is_public,
            channel=channel or self.channel,
            text=text,
            html=storable(html),
            key=key,
            created_at=book.current().now(),
        )

    def _touch(self, message: Message) -> set[str]:
        self.last_message_at = message.created_at
        self.last_message_preview = preview(message.text)
        self.last_message_by = message.author
        return {"last_message_at", "last_message_preview", "last_message_by"}

    # --- What people decide

    def assign(self, user: User | None, *, by: By) -> Event | None:
        """Gives it to a person, or to nobody. A new ticket in someone's hands is open."""
        with self.held():
            event = self._change("assignee", by=by, assignee=user)
            if event and user and self.status == Status.NEW:
                self.set_status(Status.OPEN, by=by)
        return event

    def send_to(self, team: Team | None, *, by: By) -> Event | None:
        """Gives it to a team. An assignee outside the team lets go of it."""
        with self.held():
            event = self._change("team", by=by, team=team, team_by=actor(by).kind)
            if event and team and self.assignee and team.pk not in self.assignee.team_ids:
                self.assign(None, by=by)
        return event

    def categorise(self, category: Category | None, *, by: By, confidence: float | None = None) -> Event | None:
        """Says what kind of problem it is. `confidence` (0 to 1) is the model's.

        A person who chooses what the model had chosen confirms it, which is worth remembering, too.
        """
        with self.held() as changes:
            kind = actor(by).kind
            if category and self.category_id == category.pk and self.category_by != kind == ActorKind.PERSON:
                self.category_by = kind
                changes.fields.add("category_by")
                return self.record("category_confirmed", by=by, to=category.pk)
            return self._change(
                "category",
                by=by,
                category=category,
                category_by=kind,
                category_confidence=confidence,
                confidence=confidence,
            )

    def set_priority(self, priority: int, *, by: By) -> Event | None:
        return self._change("priority", by=by, priority=Priority(priority), priority_by=actor(by).kind)

    def set_status(self, status: str, *, by: By) -> Event | None:
        status = Status(status)
        with self.held():
            was_done = self.is_done
            resolved_at = (self.resolved_at or book.current().now()) if status in DONE_STATUSES else None
            event = self._change("status", by=by, status=status, resolved_at=resolved_at)
            if event and (was_done or self.is_done):
                book.current().follow_survey(self)
        return event

    def resolve(self, *, by: By) -> Event | None:
        return self.set_status(Status.RESOLVED, by=by)

    def reopen(self, *, by: By) -> Event | None:
        """Only what is done can be reopened."""
        return self.set_status(Status.OPEN, by=by) if self.is_done else None

    def ask_opinion(self, *, by: By) -> Event | None:
        """Asks the customer how it went: only about what is done, and once in the ticket's life."""
        with self.held():
            survey = self._survey()
            if self.is_open or not survey.may_be_asked:
                return None
            survey.ask(language=self.customer.language, at=book.current().now())
            book.current().add_survey(survey)
            return self.record("survey_asked", by=by)

    def rate(self, score: int, comment: str = "", *, by: By) -> Event | None:
        """What the customer thinks of it, from 1 (very bad) to 5 (very good), in the place of what was said before.

        The same again changes nothing. Raises `ScoreRefused`, `SurveyClosed`.
        """
        with self.held():
            survey, now = self._survey(), book.current().now()
            survey.check_open(self, now)
            if not survey.answer(score, comment, at=now):
                return None
            book.current().add_survey(survey)
            told: dict[str, Any] = {"comment": survey.comment} if survey.comment else {}
            return self.record("rated", by=by, score=int(score), **told)

    def _survey(self) -> Survey:
        return book.current().survey_of(self) or Survey(ticket=self, due_at=book.current().now())

    def set_tags(self, tags: Iterable[str], *, by: By) -> Event | None:
        """Exactly these tags from now on."""
        with self.held() as changes:
            before, after = set(self.tags), set(tidied(tags))
            if before == after:
                return None
            self.tags = sorted(after)
            changes.fields.add("tags")
            book.current().add_words(self, " ".join(after - before))
            return self.record("tags", by=by, added=sorted(after - before), removed=sorted(before - after))

    def revoke_links(self, *, by: By) -> Event:
        """Makes every link and reply address mailed so far invalid."""
        with self.held() as changes:
            self.links_version += 1
            changes.fields.add("links_version")
            return self.record("links_revoked", by=by)

    # --- How a change is made and remembered

    @contextmanager
    def not_yet_stored(self) -> Iterator[list[Event]]:
        """What verbs inside decide goes into the row that the caller is about to insert, their events into the list."""
        self._changes = Changes()
        try:
            yield self._changes.events
        finally:
            self._changes = None

    @contextmanager
    def held(self) -> Iterator["Changes"]:
        """One transaction with the ticket's row locked and read anew; verbs inside verbs share it.

        What they change and what they have to tell is written once, at its end.
        """
        if self._changes:
            yield self._changes
            return
        with book.current().held(self):
            self._changes = Changes()
            try:
                yield self._changes
                book.current().write(self, self._changes.fields, self._changes.events)
            finally:
                self._changes = None

    def _change(self, kind: str, *, by: By, confidence: float | None = None, **values: Any) -> Event | None:
        """Sets the field named as the event, and what goes with it; nothing if it is so already."""
        with self.held() as changes:
            before = _code(self, kind)
            for name, value in values.items():
                setattr(self, name, value)
            after = _code(self, kind)
            if before == after:
                return None
            changes.fields.update(values)
            told: dict[str, Any] = {"from": before, "to": after}
            if confidence is not None:
                told["confidence"] = round(confidence, 4)
            return self.record(kind, by=by, **told)

    def record(self, kind: str, *, by: By, message: Message | None = None, **data: Any) -> Event:
        """One row of history with what each interested room owes it, in the caller's transaction."""
        who: Actor = actor(by)
        event = Event(
            ticket=self,
            kind=kind,
            actor=who.kind,
            user=who.user,
            customer=who.customer,
            message=message,
            data=data,
            at=book.current().now(),
        )
        if self._changes:
            self._changes.events.append(event)
        else:
            book.current().write(self, set(), [event])
        return event


def tidied(tags: Iterable[str]) -> list[str]:
    """As tags are stored: in order, each once, none empty or too long."""
    return sorted({storable(tag).strip()[:50] for tag in tags} - {""})


def _code(ticket: Ticket, field: str) -> Any:
    """What history keeps of a field: the id of a row, or the plain value."""
    value = getattr(ticket, Ticket._meta.get_field(field).attname)  # type: ignore[union-attr]
    return value.value if isinstance(value, Enum) else value
