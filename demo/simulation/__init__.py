"""A believable past: customers write, agents with skills and hours answer, articles help or do not, opinions come in.

A pure simulation (`desk`, `course`, `arrivals`, `crew`, `effort`, `patience`) invents stories; `telling` has them done
by the verbs that people use and stores them in bulk. The same seed tells the same past. Nothing happens after `until`:
what would have happened later is what is still open now.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice

from demo.company import House
from demo.library import stock
from demo.simulation.arrivals import arrivals
from demo.simulation.calendar import Calendar
from demo.simulation.course import Course
from demo.simulation.crew import Crew
from demo.simulation.effort import Effort
from demo.simulation.story import Story
from demo.simulation.telling import Teller
from knowledge.models import Article, Version
from triage.links import recount

BATCH = 1000


def simulate(
    house: House,
    *,
    tickets: int,
    days: int,
    seed: int,
    until: datetime,
    progress: Callable[[int], None] = lambda count: None,
) -> int:
    """Writes `tickets` lives over the `days` before `until`; returns how many tickets there are now more."""
    calendar = Calendar(until, days)
    articles = stock(house)
    _were_there_before(articles, calendar)
    teller = Teller(random.Random(f"{seed} telling"), calendar, house, articles, tickets)
    told = 0
    stories = invented(calendar, tickets=tickets, seed=seed)
    while batch := list(islice(stories, BATCH)):
        teller.store(batch)
        told += len(batch)
        progress(len(batch))
    recount()
    return told


def invented(calendar: Calendar, *, tickets: int, seed: int) -> Iterator[Story]:
    """The stories alone, each when it is over. Pure: no database, no clock but the calendar's."""
    rng = random.Random(seed)
    crew = Crew.hired(rng, calendar)
    course = Course(rng, calendar, crew, Effort.for_volume(tickets, crew))
    return course.desk.run(arrivals(rng, calendar, tickets), course.arrived)


def _were_there_before(articles: Mapping[str, Article], calendar: Calendar) -> None:
    """The help centre is older than its readers' opinions of it, one article after the other."""
    young = [article for article in articles.values() if article.created_at > calendar.beginning]
    for number, article in enumerate(young):
        at = calendar.beginning - timedelta(days=5 * (len(young) - number))
        article.created_at = at
        article.published_at = at if article.published_at else None
        Version.objects.filter(article=article).update(updated_at=at)
    Article.objects.bulk_update(young, ["created_at", "published_at"])


def now() -> datetime:
    """The present of a simulation, on the minute."""
    return datetime.now(tz=UTC).replace(second=0, microsecond=0)
