"""What is planted in the past of the demo company, so that its figures have something to find."""

from functools import cache

from demo.texts.articles import KnownSolution, shelves

SLOW_TEAM = "billing"
SLOW_BY = 4 * 60  # minutes for which its answers lie with the accountants, about
FAST_AGENT = "wu.hao"
PEAK_WEEKDAY = 0  # Monday
TEMPTING = 0.6  # of the best fitting article: so often the useless one is sent, because it is quickly said
OUTAGE_AT = 0.7  # of the period: the day on which a line was cut
OUTAGE_SHARE = 0.02  # of all tickets are about that day

LOAD = 0.45  # share of the agents' hours that tickets ask for; queues grow without end towards 1
WEEKDAYS = (22, 17, 15, 14, 14, 10, 8)  # tickets of a week, Monday first
HOURS = (1, 1, 1, 1, 1, 2, 4, 9, 16, 20, 19, 16, 13, 15, 16, 15, 13, 12, 13, 14, 12, 8, 4, 2)  # of the customer's day


@cache
def useless_article() -> KnownSolution:
    """The published article that looks plausible and settles next to nothing."""
    return min((known for known in shelves().solutions if known.works), key=lambda known: known.works)
