"""What a report is about: a period and a part of the desk, as the address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from functools import cached_property

from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.channels import channel, channels
from common.text import storable
from people.models import Team, User
from tickets.models import Category
from tickets.names import Names

from .period import DAY, NAMED, Period, Stretch

USUAL_PERIOD, USUAL_DAYS = "30d", 30
NONE = "none"  # the word for tickets without a team, an agent, a category
MOST_DAYS = 3 * 366  # a report over more would draw more points than a screen has

PERIODS: Mapping[str, str | Promise] = {
    "7d": _("Last 7 days"),
    "30d": _("Last 30 days"),
    "90d": _("Last 90 days"),
    "this-month": _("This month"),
    "last-month": _("Last month"),
    "all": _("Last three years"),
    "custom": _("From … to …"),
}
NAMES: Mapping[str, str | Promise] = {
    "team": _("Team"),
    "agent": _("Agent"),
    "category": _("Category"),
    "channel": _("Channel"),
    "language": _("Language"),
}
_NOBODY: Mapping[str, str | Promise] = {
    "team": _("no team"),
    "agent": _("nobody"),
    "category": _("no category"),
}


@dataclass(frozen=True)
class Choices:
    """What a report can be narrowed to, with the names of the house: one statement."""

    names: Names = field(default_factory=Names, compare=False)

    @property
    def teams(self) -> list[Team]:
        return self.names.teams

    @property
    def agents(self) -> list[User]:
        return self.names.users

    @property
    def categories(self) -> list[Category]:
        """With those out of use, which old tickets still carry."""
        return self.names.every_category

    @cached_property
    def words(self) -> dict[str, dict[int, str]]:
        """The word of each row in an address."""
        return {
            "team": {team.pk: team.slug for team in self.teams},
            "agent": {agent.pk: agent.username for agent in self.agents},
            "category": {category.pk: category.slug for category in self.categories},
        }

    @cached_property
    def ids(self) -> dict[str, dict[str, int]]:
        return {name: {word: pk for pk, word in words.items()} for name, words in self.words.items()}

    def options(self, name: str) -> list[tuple[str, str]]:
        """Pairs of word and label for a menu, without the retired."""
        rows: dict[str, list[tuple[str, str]]] = {
            "team": [(team.slug, team.name) for team in self.teams],
            "agent": [(agent.username, str(agent)) for agent in self.agents if agent.is_active],
            "category": [(each.slug, self.names.path(each)) for each in self.names.categories],
            "channel": [(each.name, str(each.label)) for each in channels],
            "language": [(code, str(label)) for code, label in settings.LANGUAGES],
        }
        return rows[name]

    def knows(self, name: str, word: str) -> bool:
        if name in self.ids:
            return word == NONE or word in self.ids[name]
        return name == "channel" or word in dict(settings.LANGUAGES)

    def label(self, name: str, word: str) -> str:
        """How a reader calls what the word stands for."""
        if word == NONE and name in _NOBODY:
            return str(_NOBODY[name])
        if name == "channel":
            return str(channel(word).label)
        if name == "language":
            return str(dict(settings.LANGUAGES).get(word, word))
        return self._labels[name].get(word, word)

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        return {
            "team": {team.slug: team.name for team in self.teams},
            "agent": {agent.username: str(agent) for agent in self.agents},
            "category": {category.slug: self.names.path(category) for category in self.categories},
        }

    def branch(self, slug: str) -> list[int]:
        """The category of that slug and all below it."""
        return [node.pk for node in self.categories if any(above.slug == slug for above in node.line)]


@dataclass(frozen=True)
class Filter:
    """One question to the reports. The address holds it whole, so that a link, Back and a colleague see the same."""

    period_word: str
    first: date | None  # of a custom period, both days included
    last: date | None
    words: Mapping[str, str]
    choices: Choices
    now: datetime
    zone: tzinfo
    ignored: tuple[str, ...] = field(default=())  # words of the address that nothing is known of

    @classmethod
    def asked_for(cls, params: QueryDict, *, choices: Choices | None = None, now: datetime | None = None) -> "Filter":
        """Unknown words are left out and named in `ignored`: an old bookmark still opens, and says what it lost."""
        choices = choices or Choices()
        asked = {name: word for name in NAMES if (word := storable(params.get(name, ""))[:150])}
        words = {name: word for name, word in asked.items() if choices.knows(name, word)}
        now, zone = now or timezone.now(), timezone.get_current_timezone()
        period_word, first, last, misread = _period_of(params, now.astimezone(zone).date())
        return cls(
            period_word=period_word,
            first=first,
            last=last,
            words=words,
            choices=choices,
            now=now,
            zone=zone,
            ignored=(*misread, *(word for name, word in asked.items() if name not in words)),
        )

    @cached_property
    def address(self) -> str:
        """The query string that leads here again."""
        query = QueryDict(mutable=True)
        if self.first and self.last:
            query.update({"period": "custom", "from": self.first.isoformat(), "to": self.last.isoformat()})
        else:
            query["period"] = self.period_word
        query.update(dict(self.words))
        return query.urlencode()

    def narrowed(self, **words: str) -> "Filter":
        """The same question about a part: `narrowed(team="billing")`; an empty word widens it again."""
        merged = {name: word for name, word in {**self.words, **words}.items() if word}
        return replace(self, words=merged)

    def over(self, first: date, last: date) -> "Filter":
        """The same question about other days, both included."""
        return replace(self, period_word="custom", first=first, last=last)

    @cached_property
    def _stretch(self) -> Stretch:
        if self.first and self.last:
            return Stretch.of_days(self.first, self.last, self.now, self.zone)
        return NAMED[self.period_word](self.now.astimezone(self.zone).date(), self.now, self.zone)

    @property
    def period(self) -> Period:
        return self._stretch.period

    def before(self) -> Period:
        """The stretch of the same length before, by which the period is judged."""
        return self._stretch.before

    @cached_property
    def condition(self) -> Q:
        """Of the facts that it is about, whenever they happened."""
        condition = Q()
        for name, word in self.words.items():
            condition &= self._condition(name, word)
        return condition

    def _condition(self, name: str, word: str) -> Q:
        if name not in self.choices.ids:
            return Q(**{name: word})
        if word == NONE:
            return Q(**{f"{name}__isnull": True})
        if name == "category":
            return Q(category_id__in=self.choices.branch(word))
        return Q(**{f"{name}_id": self.choices.ids[name][word]})

    def said(self, name: str) -> str:
        """The label of what it is narrowed to by that name, or ''."""
        return self.choices.label(name, self.words[name]) if name in self.words else ""


def _period_of(params: QueryDict, today: date) -> tuple[str, date | None, date | None, tuple[str, ...]]:
    """The word of the period, its days if it is a custom one, and what could not be understood.

    Who chooses a custom period has not said its days yet: those of the usual one are offered for changing.
    """
    word = params.get("period", USUAL_PERIOD)[:20]
    if word in NAMED:
        return word, None, None, ()
    if word != "custom":
        return USUAL_PERIOD, None, None, (word,)
    texts = params.get("from", "")[:20], params.get("to", "")[:20]
    if not any(texts):
        return "custom", today - (USUAL_DAYS - 1) * DAY, today, ()
    try:
        first, last = (date.fromisoformat(text) for text in texts)
    except ValueError:
        return USUAL_PERIOD, None, None, (" – ".join(texts),)
    if not (date(2000, 1, 1) <= first <= last <= date(9000, 1, 1)) or last - first > MOST_DAYS * DAY:
        return USUAL_PERIOD, None, None, (" – ".join(texts),)
    return "custom", first, last, ()
