"""One row of an import, understood: a ticket's whole story, or the reason why it cannot be told."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import slugify

from common.text import language_of
from people.models import Identity, Team, User
from people.models.customer import normalised
from tickets.choices import DONE_STATUSES, Priority, Status
from tickets.links import fingerprint
from tickets.models import Category

FIELDS = {
    "subject": "one line; without it the beginning of the body",
    "body": "the customer's words; without them the subject",
    "customer_email": "the customer's mail address",
    "customer_name": "the customer's name",
    "category": "slug or name of a category",
    "priority": "low, normal, high or urgent",
    "status": "new, open, waiting, hold, resolved or closed",
    "created_at": "when the customer wrote; without it when we answered, resolved or imported it",
    "resolved_at": "when it was resolved",
    "answer": "the answer of the staff",
    "answered_at": "when that was given; without it when it was resolved",
    "tags": "parted by commas, semicolons or bars",
    "external_id": "what the other system calls it; unique in its source",
    "team": "slug or name of a team",
    "assignee": "username or mail address of a member of staff",
    "language": "en or zh-hans; without it found out",
}
_TAG_MARKS = re.compile(r"[,;|，；、]")
_EPOCH = re.compile(r"\d{10}(\d{3})?")
_ONE_DAY = timedelta(days=1)  # a clock in another zone is no reason to refuse a row

T = TypeVar("T", Category, Team, User)


class BadRow(Exception):
    """The row cannot be imported; the message says why."""


@dataclass(frozen=True, slots=True)
class Story:
    external_id: str
    subject: str
    body: str
    customer: tuple[str, str]  # kind and value of the identity
    customer_name: str
    category: Category | None
    priority: Priority
    status: str
    created_at: datetime
    resolved_at: datetime
    answer: str
    answered_at: datetime
    tags: list[str]
    team: Team | None
    assignee: User | None
    language: str


class Names(Generic[T]):
    """Rows by what people call them. A name that two bear is nobody's; a slug is always one's."""

    def __init__(self, noun: str, hint: str = "") -> None:
        self.noun, self.hint = noun, hint
        self.by_key: dict[str, T] = {}
        self.by_name: dict[str, T | None] = {}

    def add(self, row: T, key: str, names: Iterable[str]) -> None:
        self.by_key[key.lower()] = row
        for name in filter(None, {name.lower() for name in names}):
            self.by_name[name] = row if self.by_name.get(name, row) == row else None

    def find(self, name: str) -> T:
        """Raises `BadRow`."""
        word = name.lower()
        row = self.by_key.get(word) or self.by_name.get(word)
        if row is None and word in self.by_name:
            raise BadRow(f"several of the kind {self.noun} are called {name!r}; use the slug")
        if row is None:
            raise BadRow(f"unknown {self.noun} {name!r}{self.hint}")
        return row


class Reader:
    """Understands rows. Knows the house's categories, teams and people by name: three statements, once."""

    def __init__(
        self, source: str, *, status: str = "", create_categories: bool = False, now: datetime | None = None
    ) -> None:
        self.source, self.status, self.create_categories = source, status, create_categories
        self.now = now or timezone.now()
        self.times_seen: dict[str, int] = {}
        self.categories: Names[Category] = Names("category", "; --create-categories makes it")
        for category in Category.objects.filter(is_active=True):
            self.categories.add(category, category.slug, [category.name_en, category.name_zh])
        self.teams: Names[Team] = Names("team")
        for team in Team.objects.all():
            self.teams.add(team, team.slug, [team.name_en, team.name_zh])
        self.people: Names[User] = Names("assignee")
        for user in User.objects.active():
            self.people.add(user, user.username, [user.email])

    def external_id(self, values: Mapping[str, str]) -> str:
        """The row's own id, or a digest of the source, the mapped fields and the how-manieth equal row it is."""
        if values.get("external_id"):
            return values["external_id"]
        words = [f"{name}={values[name]}" for name in sorted(values)]
        digest = fingerprint(self.source, *words)
        self.times_seen[digest] = self.times_seen.get(digest, 0) + 1
        return "sha256:" + fingerprint(self.source, *words, str(self.times_seen[digest]))

    def story(self, values: Mapping[str, str]) -> Story:
        """Raises `BadRow`. Counts the row, so that equal rows of a file are told apart."""
        external_id = self.external_id(values)
        if len(external_id) > 200:
            raise BadRow("external_id is longer than 200 characters")
        given = values.get
        subject, body = given("subject", ""), given("body", "")
        if not subject and not body:
            raise BadRow("neither subject nor body")
        resolved = self._moment("resolved_at", given("resolved_at", ""))
        answered = self._moment("answered_at", given("answered_at", ""))
        earliest = min(filter(None, [resolved, answered]), default=self.now)
        created = self._moment("created_at", given("created_at", "")) or earliest
        for name, moment in [("resolved_at", resolved), ("answered_at", answered)]:
            if moment and moment < created:
                raise BadRow(f"{name} lies before created_at")
        answer = given("answer", "")
        return Story(
            external_id=external_id,
            subject=subject,
            body=body or subject,
            customer=self._customer(given("customer_email", ""), given("customer_name", "")),
            customer_name=given("customer_name", ""),
            category=self._category(given("category", "")),
            priority=_priority(given("priority", "")),
            status=self._status(given("status", ""), resolved, answer),
            created_at=created,
            resolved_at=resolved or answered or created,
            answer=answer,
            answered_at=answered or resolved or created,
            tags=[tag.strip() for tag in _TAG_MARKS.split(given("tags", "")) if tag.strip()],
            team=self.teams.find(values["team"]) if given("team") else None,
            assignee=self.people.find(values["assignee"]) if given("assignee") else None,
            language=_language(given("language", "")) or language_of(f"{subject} {body}"),
        )

    def _customer(self, address: str, name: str) -> tuple[str, str]:
        """Without an address, a name is a customer of this source, and no name at all its one unknown customer."""
        if not address:
            return Identity.Kind.HANDLE, f"{self.source}:{name}"[:320]
        try:
            validate_email(address)
        except ValidationError:
            raise BadRow(f"customer_email {address!r} is no mail address") from None
        return Identity.Kind.MAIL, normalised(Identity.Kind.MAIL, address)

    def _category(self, name: str) -> Category | None:
        if not name:
            return None
        try:
            return self.categories.find(name)
        except BadRow:
            if not self.create_categories or name.lower() in self.categories.by_name:
                raise
        slug = slugify(name)[:100] or f"category-{fingerprint(name)[:8]}"
        field = "name_zh" if language_of(name) == "zh-hans" else "name_en"
        category, _ = Category.objects.get_or_create(slug=slug, defaults={field: name[:120]})
        self.categories.add(category, slug, [name])
        return category

    def _status(self, word: str, resolved: datetime | None, answer: str) -> str:
        word = word.lower() or self.status
        if not word:
            return Status.RESOLVED if resolved else Status.WAITING if answer else Status.NEW
        if word not in Status.values:
            raise BadRow(f"unknown status {word!r}; known: {', '.join(Status.values)}")
        return word

    def _moment(self, name: str, word: str) -> datetime | None:
        if not word:
            return None
        try:
            moment = _parsed(word)
        except (ValueError, OverflowError) as error:
            raise BadRow(f"{name} {word!r} is no time: {error}") from None
        if moment is None:
            raise BadRow(f"{name} {word!r} is no time; write 2026-01-31 14:05 or 2026-01-31T14:05:00+08:00")
        if not datetime(1970, 1, 1, tzinfo=UTC) <= moment <= self.now + _ONE_DAY:
            raise BadRow(f"{name} {word!r} lies before 1970 or in the future")
        return min(moment, self.now)


def _parsed(word: str) -> datetime | None:
    """ISO 8601, seconds or milliseconds since 1970, or a day; without a zone it is the house's."""
    if match := _EPOCH.fullmatch(word):
        return datetime.fromtimestamp(int(word) / (1000 if match[1] else 1), tz=UTC)
    moment = parse_datetime(word)
    if moment is None and (day := parse_date(word)):
        moment = datetime(day.year, day.month, day.day)
    return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment


def _priority(word: str) -> Priority:
    try:
        return Priority.from_slug(word) if word else Priority.NORMAL
    except ValueError as error:
        raise BadRow(str(error)) from None


def _language(word: str) -> str:
    word = word.lower().replace("_", "-")
    if word.startswith("zh"):
        return "zh-hans"
    if word and word.split("-")[0] not in dict(settings.LANGUAGES):
        raise BadRow(f"unknown language {word!r}; known: en, zh-hans")
    return word.split("-")[0]


def is_done(story: Story) -> bool:
    return story.status in DONE_STATUSES
