"""Paging by the last row seen."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from common.keyset import BadCursor, page
from common.models import Hit

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORDERS = [
    ("pk",),
    ("-pk",),
    ("window_ends_at", "pk"),
    ("-window_ends_at", "-pk"),
    ("-count", "window_ends_at", "-pk"),
]


@pytest.fixture
def hits() -> list[Hit]:
    """Twenty-three rows in which all orders have ties."""
    rows = [Hit(key=str(n), window_ends_at=NOON + timedelta(hours=n % 4), count=n % 3) for n in range(23)]
    return Hit.objects.bulk_create(rows)


def walked(order: tuple[str, ...], size: int) -> list[int]:
    found, cursor = [], ""
    while True:
        rows, cursor = page(Hit.objects.all(), order, size=size, cursor=cursor)
        found += [row.pk for row in rows]
        if not cursor:
            return found


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
@pytest.mark.parametrize("size", [1, 5, 22, 23, 24])
def test_all_pages_together_are_the_list(hits, order, size):
    assert walked(order, size) == list(Hit.objects.order_by(*order).values_list("pk", flat=True))


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_new_rows_shift_no_page(hits, order):
    first, cursor = page(Hit.objects.all(), order, size=10)
    before = page(Hit.objects.all(), order, size=10, cursor=cursor)[0]
    top = first[0]
    Hit.objects.create(key="new", window_ends_at=top.window_ends_at, count=top.count)
    after = page(Hit.objects.all(), order, size=10, cursor=cursor)[0]
    assert [row for row in after if row.key != "new"][: len(before)] == before[: len(after)]
    assert not {row.pk for row in after} & {row.pk for row in first}


def test_an_empty_list_has_one_empty_page():
    assert page(Hit.objects.all(), ("pk",), size=5) == ([], "")


def made(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!!",
        "é",
        "\x00",
        "AAAA",
        "bnVsbA",
        "e30",
        made(),
        made(1),
        made(1, 2, 3),
        made(None, 1),
        made("2026-11-22T12:00:00+00:00", None),
        made("2026-11-22T12:00:00+00:00", True),
        made("2026-11-22T12:00:00+00:00", 1.5),
        made("2026-11-22T12:00:00+00:00", 10**30),
        made("2026-11-22T12:00:00+00:00", [1]),
        made("2026-11-22T12:00:00+00:00", "2026-11-22T12:00:00+00:00"),
        made("yesterday", 1),
        made(5, 5),
        "W1tb" * 20_000,
    ],
    ids=lambda cursor: ascii(cursor[:30]),
)
def test_what_is_no_cursor_of_this_order_is_refused(hits, cursor):
    with pytest.raises(BadCursor):
        page(Hit.objects.all(), ("-window_ends_at", "-pk"), size=5, cursor=cursor)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-22T12:00:00"])
@pytest.mark.filterwarnings("ignore:DateTimeField .* received a naive datetime")
def test_a_moment_at_the_edge_of_time_is_only_odd(hits, moment):
    rows, _ = page(Hit.objects.all(), ("-window_ends_at", "-pk"), size=50, cursor=made(moment, 1))
    assert len(rows) <= len(hits)
