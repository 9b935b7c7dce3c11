"""Queries that are asked with every page: built once, asked again with other values.

Django builds each query anew, which costs the application five to ten times what it then takes to ask a small one.
"""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, BooleanField, Expression, F, Field, Func, Model, QuerySet
from django.utils.functional import cached_property

Row = TypeVar("Row")


class Given(Expression):
    """Stands in a `Kept` query for a value that each asking names; by default an id."""

    def __init__(self, name: str, kind: Field | None = None) -> None:
        super().__init__(output_field=kind or BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str, ...]]:
        return "%s", (_Name(self.name),)


def among(column: str, name: str) -> Func:
    """A condition: the column holds one of the ids that are given by that name, however many."""
    given = Func(Given(name, ArrayField(BigIntegerField())), function="ANY")
    return Func(F(column), given, template="%(expressions)s", arg_joiner=" = ", output_field=BooleanField())


class _Name(str):
    """The name of a value that is still to be given."""


class Kept(Generic[Row]):
    """A queryset of which everything but the values of its `Given` is fixed. Threads may share it.

    `build` is called at the first asking. What depends on the reader must be `Given`, or be what the query is kept by.
    """

    def __init__(self, build: "Callable[[], QuerySet[Any, Row]]") -> None:
        self._build = build

    def __call__(self, **given: Any) -> list[Row]:
        """The rows now: one statement. Raises `KeyError` for a value that is missing."""
        kept, compiler, sql, params = self._built
        if not sql:
            return []
        ready = copy(compiler)
        ready.connection = connections[DEFAULT_DB_ALIAS]  # each thread has its own
        ready.as_sql = lambda *_, **__: (sql, _filled(params, given))
        queryset = kept.all()
        queryset.query.get_compiler = lambda *_, **__: ready  # type: ignore[method-assign]
        return list(queryset)

    def first(self, **given: Any) -> Row | None:
        found = self(**given)
        return found[0] if found else None

    @cached_property
    def _built(self) -> "tuple[QuerySet[Any, Row], Any, str, Sequence[Any]]":
        """The queryset, its compiler, which knows how rows become objects, and what the compiler made of it.

        No SQL at all where nothing can ever be found.
        """
        queryset = self._build()
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        try:
            return queryset, compiler, *compiler.as_sql()
        except EmptyResultSet:
            return queryset, compiler, "", ()


def fill(row: Any, name: str, related: Sequence[Model]) -> None:
    """Makes `row.<name>.all()` be these rows, as `prefetch_related` does, which builds its query anew each time."""
    found = getattr(row, name).all()
    found._result_cache, found._prefetch_done = list(related), True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found
    for each in related:
        setattr(each, row._meta.get_field(name).field.name, row)


def _filled(params: Sequence[Any], given: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(given[value] if isinstance(value, _Name) else value for value in params)
