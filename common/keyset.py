"""Paging by the last row seen: the thousandth page costs what the first does, and new rows never shift it."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


class BadCursor(ValueError):
    """The text is no cursor of this order."""


def page(rows: "QuerySet[M]", order: Sequence[str], *, size: int, cursor: str = "") -> tuple[list[M], str]:
    """Up to `size` rows after the cursor, and the cursor of the next page ('' at the end).

    `order` names fields without nulls, each with an optional minus; the last must be unique. Raises `BadCursor`.
    """
    rows = rows.order_by(*order)
    if cursor:
        try:
            rows = rows.filter(_after(order, _decode(cursor, len(order))))
        except (TypeError, ValueError, RecursionError) as error:  # anyone may write what looks like a cursor
            raise BadCursor(cursor) from error
    return cut(list(rows[: size + 1]), order, size=size)


def cut(found: "list[M]", order: Sequence[str], *, size: int) -> tuple[list[M], str]:
    """The same of rows that were found already, one more than `size` if there are more."""
    more = len(found) > size
    found = found[:size]
    return found, _encode([getattr(found[-1], name.lstrip("-")) for name in order]) if more else ""


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """(a, b, c) beyond (x, y, z), written so that an index on the first field bounds the scan."""
    beyond = Q()
    for depth in range(len(order)):
        same = {name.lstrip("-"): value for name, value in zip(order[:depth], values[:depth], strict=True)}
        beyond |= Q(**same, **{_beyond(order[depth]): values[depth]})
    return Q(**{f"{_beyond(order[0])}e": values[0]}) & beyond


def _beyond(name: str) -> str:
    return f"{name[1:]}__lt" if name.startswith("-") else f"{name}__gt"


def _encode(values: list[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _decode(cursor: str, length: int) -> list[Any]:
    plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    if not isinstance(plain, list) or len(plain) != length:
        raise BadCursor(cursor)
    return [_value(item) for item in plain]


def _value(item: Any) -> Any:
    if isinstance(item, str):
        return datetime.fromisoformat(item)
    if isinstance(item, int) and not isinstance(item, bool) and abs(item) < 2**63:
        return item
    raise BadCursor(repr(item))
