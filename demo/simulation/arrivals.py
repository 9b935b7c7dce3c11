"""Who writes, when and about what: the customers' side of a simulated past, in order of arrival."""

import random
from collections import deque
from collections.abc import Iterator

from demo.simulation.calendar import DAY, HOUR, Calendar
from demo.simulation.story import Story
from demo.simulation.truths import HOURS, OUTAGE_AT, OUTAGE_SHARE, WEEKDAYS
from demo.texts.customers import Person
from demo.texts.generator import Writer

LANGUAGES = {"en": 58, "zh-hans": 42}
AHEAD = {"en": 0.5, "zh-hans": 8}  # hours that most who write it are ahead of UTC
CHANNELS = {"mail": 52, "form": 43, "api": 5}
HELD_OUT = 0.12  # share that tells stories no model ever learns from
REGULAR = 0.2  # share of a customer who wrote before
REMEMBERED = 5000  # such customers
GROWTH = 0.3  # how much busier the end is than the beginning
FRESH = (3, 8, 17, 31, 52)  # minutes before the end at which the last ones came
OUTAGE_HOURS = (7, 13)  # of that day, UTC
OUTAGE_CATEGORY = "outage"


def arrivals(rng: random.Random, calendar: Calendar, count: int) -> Iterator[Story]:
    """`count` stories that consist of their beginning alone."""
    read, held_out = Writer(rng, held_out=False), Writer(rng, held_out=True)
    regulars: deque[tuple[Person, float]] = deque(maxlen=REMEMBERED)
    for rank, (at, language, is_outage) in enumerate(_moments(rng, calendar, count)):
        person, since = _person(rng, read, regulars, language, at)
        writer = held_out if rng.random() < HELD_OUT and not is_outage else read
        category = OUTAGE_CATEGORY if is_outage else None
        draft = writer.ticket(category, customer=person, day=calendar.day(at))
        (channel,) = rng.choices(list(CHANNELS), list(CHANNELS.values()))
        yield Story(rank, at, since, draft, person, channel)


def _person(
    rng: random.Random, writer: Writer, regulars: deque[tuple[Person, float]], language: str, at: float
) -> tuple[Person, float]:
    """Somebody, and when he wrote for the first time."""
    if regulars and rng.random() < REGULAR:
        person, since = regulars[int(rng.random() * len(regulars))]
        if person.language == language:
            return person, since
    regulars.append((writer.customer(language), at))
    return regulars[-1]


def _moments(rng: random.Random, calendar: Calendar, count: int) -> list[tuple[float, str, bool]]:
    """(minute, language, of the outage), by the habits of week and day in the customers' own time."""
    cut = round(count * OUTAGE_SHARE)
    languages = rng.choices(list(LANGUAGES), list(LANGUAGES.values()), k=count)
    days = rng.choices(range(calendar.days), [_weight(calendar, day) for day in range(calendar.days)], k=count)
    hours = rng.choices(range(24), HOURS, k=count)
    midnight = calendar.minute(calendar.beginning.replace(hour=0, minute=0, second=0, microsecond=0))
    moments: list[tuple[float, str, bool]] = []
    for language, day, hour in zip(languages, days, hours, strict=True):
        local = day * DAY + (hour + rng.random()) * HOUR
        moments.append(((midnight + local - AHEAD[language] * HOUR) % calendar.length, language, False))
    outage = midnight + int(OUTAGE_AT * calendar.days) * DAY
    for number in range(cut):
        hours_in = rng.triangular(*OUTAGE_HOURS, OUTAGE_HOURS[0])
        moments[number] = (outage + hours_in * HOUR) % calendar.length, moments[number][1], True
    moments.sort()
    if count > 10 * len(FRESH):
        late = moments[-len(FRESH) :]
        moments[-len(FRESH) :] = [
            (calendar.length - ago, language, False)
            for ago, (_at, language, _cut) in zip(reversed(FRESH), late, strict=True)
        ]
    return sorted(moments)


def _weight(calendar: Calendar, day: int) -> float:
    weekday = (calendar.beginning.weekday() + day) % 7
    return WEEKDAYS[weekday] * (1 + GROWTH * day / calendar.days)
