"""The arithmetic of the reports: pure functions of numbers. `None` means that there is nothing to tell from."""

from collections.abc import Sequence
from math import pi, sqrt, tan
from statistics import NormalDist

SMALL = 30  # with fewer cases than this a figure is marked as resting on a small sample
LEVEL = 0.95  # of every interval
Interval = tuple[float, float]


# --- The five formulas


def expected_response_time(shares: Sequence[float], times: Sequence[float]) -> float:
    """E(R) = Σ pᵢ·tᵢ: how long the next customer is likely to wait for the first reply, in the unit of `times`.

    `shares` are the probabilities pᵢ of the kinds of problem (they sum to 1), `times` the mean first response tᵢ of
    each. Raises `ValueError` for lists of different lengths or shares that do not sum to 1.
    """
    if abs(sum(shares) - 1) > 1e-9:
        raise ValueError(f"the shares sum to {sum(shares)}, not to 1")
    return sum(share * time for share, time in zip(shares, times, strict=True))


def service_level(within: int, judged: int) -> float | None:
    """SL = S / T, from 0 to 1.

    T are the tickets received in the period whose target time has passed or that are done, S those of them done
    within target. One cohort, so never above 1.
    """
    return within / judged if judged else None


def satisfaction(total: float, verdicts: int) -> float | None:
    """CS = (1/n) Σ Sᵢ: the mean score, from 1 to 5. `total` is the sum of the n scores."""
    return total / verdicts if verdicts else None


def throughput(resolved: int, hours: float) -> float | None:
    """PM = C / T: tickets resolved per hour that the desk was staffed."""
    return resolved / hours if hours else None


def cost_benefit(benefit: float, cost: float) -> float | None:
    """CBA = (B − C) / C: what each unit of money spent brings beyond itself. 0 is break-even, −1 a total loss."""
    return (benefit - cost) / cost if cost else None


# --- How sure one may be of a figure


def wilson(hits: int, n: int, level: float = LEVEL) -> Interval | None:
    """Score interval of a share (Wilson 1927): holds its level for few cases and for shares near 0 and 1."""
    if not n:
        return None
    z, share = _z(level), hits / n
    middle = share + z * z / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # The share itself lies within, also where rounding says otherwise.
    return max(0.0, min(share, (middle - half) / scale)), min(1.0, max(share, (middle + half) / scale))


def mean_interval(mean: float, deviation: float | None, n: int, level: float = LEVEL) -> Interval | None:
    """Student's interval of a mean from the sample's standard deviation; nothing for fewer than two cases."""
    if n < 2 or deviation is None:
        return None
    half = t_quantile((1 + level) / 2, n - 1) * deviation / sqrt(n)
    return mean - half, mean + half


def difference_of_shares(hits: int, n: int, hits_before: int, n_before: int) -> Interval | None:
    """Interval of the difference of two independent shares (Newcombe 1998, method 10: from two Wilson intervals)."""
    new, old = wilson(hits, n), wilson(hits_before, n_before)
    if new is None or old is None:
        return None
    share, before = hits / n, hits_before / n_before
    below = sqrt((share - new[0]) ** 2 + (old[1] - before) ** 2)
    above = sqrt((new[1] - share) ** 2 + (before - old[0]) ** 2)
    return share - before - below, share - before + above


def difference_of_means(
    mean: float, deviation: float | None, n: int, mean_before: float, deviation_before: float | None, n_before: int
) -> Interval | None:
    """Welch's interval of the difference of two independent means (degrees of freedom by Satterthwaite)."""
    if n < 2 or n_before < 2 or deviation is None or deviation_before is None:
        return None
    new, old = deviation**2 / n, deviation_before**2 / n_before
    if not new + old:
        return mean - mean_before, mean - mean_before
    freedom = (new + old) ** 2 / (new**2 / (n - 1) + old**2 / (n_before - 1))
    half = t_quantile((1 + LEVEL) / 2, freedom) * sqrt(new + old)
    return mean - mean_before - half, mean - mean_before + half


def difference_of_counts(count: int, before: int) -> Interval:
    """Interval of the difference of two independent Poisson counts over stretches of the same length."""
    half = _z(LEVEL) * sqrt(count + before)
    return count - before - half, count - before + half


def t_quantile(p: float, freedom: float) -> float:
    """Quantile of Student's t for p ≥ 0.5.

    Exact for one and two degrees of freedom; otherwise the expansion around the normal quantile (Abramowitz and
    Stegun 26.7.5), off by less than 0.005 from three degrees on at p = 0.975.
    """
    if freedom < 1.5:
        return tan(pi * (p - 0.5))
    if freedom < 2.5:
        return (2 * p - 1) * sqrt(2 / (1 - (2 * p - 1) ** 2))
    z = NormalDist().inv_cdf(p)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)
