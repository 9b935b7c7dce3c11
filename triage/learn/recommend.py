"""Which known solution to offer first: how likely it fits, times how often it helped where it was used.

That it fits is read from the words, from what solved tickets like this one, and from the category. That it then helps
is the mean of a Beta distribution: an even chance that weighs as much as four tickets, corrected by what the solution
did in the category. A solution that was only shown, and not used, loses nothing.

The two are multiplied because people use a solution where it fits: a category holds several problems, and what often
solves one of them must not come first for the others. Fit as the mean of the prior, which the past then outweighs,
put the wrong solution first in a simulated category of five problems (docs/triage.md has the figures).
"""

from collections.abc import Iterable
from dataclasses import dataclass

EVEN = 0.5  # chance to help before anything is known
DOUBT = 4.0  # tickets that this ignorance is worth
SILENT = 0.5  # of a success: used, the ticket was finished, and nobody said what had solved it

# How much each sign can say by itself; together they never reach certainty.
TEXT = 0.5
VOTES = 0.7
LINK = 0.2


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one solution. `text` and `votes` are from 0 to 1.

    Of the `used` finished tickets, `solved` were said to be solved by it and in `unsaid` nobody said anything; in the
    others something else helped.
    """

    code: str
    text: float = 0.0
    votes: float = 0.0
    linked: bool = False
    used: int = 0
    solved: int = 0
    unsaid: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """`score` is the chance, from 0 to 1, that it solves the ticket."""

    evidence: Evidence
    score: float


def rank(candidates: Iterable[Evidence]) -> list[Ranked]:
    """All candidates, best first; of equal ones the better fitting, then the code decides."""
    ranked = [Ranked(one, score(one)) for one in candidates]
    return sorted(ranked, key=lambda one: (-one.score, -one.evidence.text, one.evidence.code))


def score(one: Evidence) -> float:
    return fit(one) * effect(one)


def fit(one: Evidence) -> float:
    """The chance that it is meant for this; the signs are taken to err independently (noisy-or)."""
    return 1 - (1 - TEXT * one.text) * (1 - VOTES * one.votes) * (1 - LINK * one.linked)


def effect(one: Evidence) -> float:
    """The chance that it helps where it fits: the mean of the posterior."""
    return (DOUBT * EVEN + one.solved + SILENT * one.unsaid) / (DOUBT + one.used)


def share_of_votes(votes: dict[str, float], asked: float, doubt: float = 0.5) -> dict[str, float]:
    """Votes of similar tickets as shares of what they could have given.

    `asked` is the sum of the similarities of all that had a say. `doubt` is the similarity of a ticket that votes for
    nothing: one distant ticket does not decide alone.
    """
    return {code: vote / (asked + doubt) for code, vote in votes.items()}
