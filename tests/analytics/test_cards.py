"""What a card says of a change: never more than is known of it."""

import pytest
from django.http import QueryDict
from django.utils.html import strip_tags

from analytics.cards import Cards
from analytics.filters import Filter
from analytics.metric import Compared, Figure, metrics
from analytics.models import Assumptions

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.mark.parametrize(
    ("metric", "before", "now", "words"),
    [
        ("first_response_p90", (2 * HOUR, 50), (5 * HOUR, 50), "▲ 3 h against the period before"),
        ("first_response_p90", (2 * HOUR, 50), (2 * HOUR, 50), "as in the period before"),
        ("first_response_p90", (2 * HOUR, 50), (5 * HOUR, 7), "▲ 3 h too few to compare"),
        ("first_response_p90", (None, 0), (5 * HOUR, 50), "nothing in the period before"),
        ("first_response_p90", (2 * HOUR, 50), (None, 0), ""),
        ("cost_benefit", (0.471, 50), (0.4705, 50), "as in the period before"),
        ("created", (0, 0), (40, 40), "nothing in the period before"),
        ("created", (40, 40), (41, 41), "▲ 1 no clear change"),
        ("created", (40, 40), (140, 140), "▲ 100 more than noise"),
    ],
)
def test_a_change_is_told_with_what_it_is_worth(metric, before, now, words):
    compared = Compared(Figure(metrics[metric], *now), Figure(metrics[metric], *before))
    card = Cards(Filter.asked_for(QueryDict("")), Assumptions()).of(compared)
    assert strip_tags(card["change"]) == words
