"""The facts of one customer's case: product, order number, dates … the same wherever the case is spoken of.

A fact is computed from the case's seed and the slot's name, so the answer of an agent names the order the
customer named, and nothing has to be remembered in between.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from zlib import crc32

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
MASK = 2**64 - 1
MONTHLY = {"en": (2990, 3490, 3990, 4490, 5490), "zh-hans": (8900, 9900, 12900, 16900, 19900)}  # cents


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of a case, `facts["order"]`; KeyError for a slot neither made here nor listed in `words`."""

    language: str
    seed: int
    day: date
    people: Mapping[str, str]  # how those concerned are called: name, full_name, agent
    words: Mapping[str, tuple[str, ...]]

    def __getitem__(self, slot: str) -> str:
        if slot in self.people:
            return self.people[slot]
        number = _mixed(self.seed, slot)
        if slot in self.words:
            choices = self.words[slot]
            return choices[number % len(choices)]
        return MADE[slot](self, number)

    def rate(self) -> int:
        """The booked speed in Mbit/s."""
        return (100, 250, 500)[_mixed(self.seed, "rate") % 3]


@cache
def _salt(slot: str) -> int:
    return crc32(slot.encode())


def _mixed(seed: int, slot: str) -> int:
    """Fibonacci hashing (Knuth, TAOCP 3, 6.4): the high bits of a product with 2**64 / golden ratio."""
    return ((seed ^ _salt(slot)) * 0x9E3779B97F4A7C15 & MASK) >> 32


def _dated(facts: Facts, day: date) -> str:
    if facts.language == "en":
        return f"{day.day} {MONTHS[day.month - 1]}"
    return f"{day.month}月{day.day}{'日' if facts.seed & 1 else '号'}"


def _before(first: int, last: int) -> Callable[[Facts, int], str]:
    """A date between `first` and `last` days before the case (after it, when negative)."""
    return lambda facts, n: _dated(facts, facts.day - timedelta(days=first + n % (last - first + 1)))


def _month(facts: Facts, months_back: int) -> str:
    month = (facts.day.month - 1 - months_back) % 12
    return MONTHS[month] if facts.language == "en" else f"{month + 1}月"


def _money(cents: int, facts: Facts) -> str:
    """Amounts in the currency of the market: euros in English, yuan in Chinese."""
    if facts.language == "en":
        return f"€{cents / 100:.2f}" if facts.seed & 2 else f"{cents / 100:.2f} euros"
    return f"{cents / 100:.2f}元" if cents % 100 else f"{cents // 100}元"


def _clock(facts: Facts, n: int, first: int, hours: int) -> str:
    hour, minute = first + n % hours, n // hours % 12 * 5
    if facts.language == "en" and facts.seed & 4:
        return f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"
    return f"{hour}:{minute:02}"


MADE: Mapping[str, Callable[[Facts, int], str]] = {
    "date": _before(2, 12),
    "olddate": _before(20, 70),
    "soon": _before(-6, -2),
    "later": _before(-45, -14),
    "month": lambda facts, n: _month(facts, 0),
    "lastmonth": lambda facts, n: _month(facts, 1),
    "time": lambda facts, n: _clock(facts, n, 7, 15),
    "evening": lambda facts, n: _clock(facts, n, 18, 5),
    "amount": lambda facts, n: _money(MONTHLY[facts.language][n % 5], facts),
    "price": lambda facts, n: _money(1499 + n % 180 * 100 if facts.language == "en" else 3900 + n % 180 * 300, facts),
    "fee": lambda facts, n: _money((250 + n % 30 * 50) * (1 if facts.language == "en" else 4), facts),
    "order": lambda facts, n: f"{61000 + n % 38000}",
    "invoice": lambda facts, n: f"R-{facts.day.year}-{10000 + n % 80000}",
    "contract": lambda facts, n: f"TB-{200000 + n % 700000}",
    "customer_no": lambda facts, n: f"K{1000000 + n % 8000000}",
    "tracking": lambda facts, n: f"TN{10**9 + n % (8 * 10**9)}",
    "serial": lambda facts, n: f"BR{n % 0x10000:04X}{n // 0x10000 % 0x10000:04X}",
    "last4": lambda facts, n: f"{n % 10000:04}",
    "error": lambda facts, n: f"{'EF'[n % 2]}-{101 + n // 2 % 98}",
    "rate": lambda facts, n: f"{facts.rate()}",
    "bigrate": lambda facts, n: f"{facts.rate() * 2 if facts.rate() < 500 else 1000}",
    "slow": lambda facts, n: f"{3 + n % (facts.rate() // 8)}",
    "upload": lambda facts, n: f"{1 + n % 9}",
    "ping": lambda facts, n: f"{140 + n % 460}",
    "firmware": lambda facts, n: f"3.{n % 4}.{n // 4 % 9}",
    "house": lambda facts, n: f"{1 + n % 140}",
}
