"""The five formulas by their worked examples, and the intervals by what the textbooks print."""

import pytest
from scipy import stats

from analytics import formulas


def test_the_expected_response_time_of_the_example_is_5_1_minutes():
    assert formulas.expected_response_time([0.3, 0.5, 0.2], [2, 5, 10]) == pytest.approx(5.1)


def test_shares_that_do_not_sum_to_one_are_refused():
    with pytest.raises(ValueError, match="not to 1"):
        formulas.expected_response_time([0.3, 0.5], [2, 5])
    with pytest.raises(ValueError):
        formulas.expected_response_time([0.5, 0.5], [2, 5, 10])


def test_thirty_of_forty_in_time_is_a_service_level_of_75_percent():
    assert formulas.service_level(30, 40) == 0.75


def test_the_ten_scores_of_the_example_mean_4_2():
    scores = [4, 5, 3, 4, 5, 4, 5, 3, 5, 4]
    assert formulas.satisfaction(sum(scores), len(scores)) == pytest.approx(4.2)


def test_fifty_in_one_hour_is_a_throughput_of_fifty():
    assert formulas.throughput(50, 1) == 50


def test_fifteen_thousand_for_ten_thousand_is_a_cost_benefit_of_one_half():
    assert formulas.cost_benefit(15_000, 10_000) == 0.5


def test_nothing_to_tell_from_is_no_figure_and_no_error():
    assert formulas.service_level(0, 0) is None
    assert formulas.satisfaction(0, 0) is None
    assert formulas.throughput(5, 0) is None
    assert formulas.cost_benefit(100, 0) is None
    assert formulas.wilson(0, 0) is None
    assert formulas.mean_interval(5, None, 1) is None


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (1, 10), (10, 10), (15, 20), (81, 263)])
def test_the_interval_of_a_share_is_wilsons(hits, n):
    known = stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert formulas.wilson(hits, n) == pytest.approx((known.low, known.high))


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 9, 29, 100, 5000])
def test_the_quantile_of_t_is_close_to_the_exact_one(freedom):
    assert formulas.t_quantile(0.975, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=0.005)


def test_the_interval_of_a_mean_is_students():
    scores = [4, 5, 3, 4, 5, 4, 5, 3, 5, 4]
    known = stats.ttest_1samp(scores, 0).confidence_interval()
    found = formulas.mean_interval(4.2, stats.tstd(scores), 10)
    assert found == pytest.approx((known.low, known.high), abs=0.002)


def test_the_difference_of_two_means_is_welchs():
    new, old = [4, 5, 3, 4, 5, 4, 5, 3, 5, 4], [2, 3, 4, 1, 3, 2, 5]
    known = stats.ttest_ind(new, old, equal_var=False).confidence_interval()
    found = formulas.difference_of_means(4.2, stats.tstd(new), 10, sum(old) / 7, stats.tstd(old), 7)
    assert found == pytest.approx((known.low, known.high), abs=0.005)


def test_two_means_without_any_spread_differ_by_exactly_their_difference():
    assert formulas.difference_of_means(5, 0, 40, 4, 0, 40) == (1, 1)


def test_the_difference_of_two_shares_is_newcombes():
    # Newcombe 1998, table II, example (a): 56/70 against 48/80, method 10.
    assert formulas.difference_of_shares(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=0.0001)


def test_a_few_tickets_more_are_noise_and_many_are_not():
    low, high = formulas.difference_of_counts(110, 100)
    assert low < 0 < high
    low, high = formulas.difference_of_counts(200, 100)
    assert low > 0
