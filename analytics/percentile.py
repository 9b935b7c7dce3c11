"""Percentiles, counted by PostgreSQL."""

from typing import Any

from django.db.models import Aggregate, FloatField


class Percentile(Aggregate):
    """`percentile_cont`: the value below which `fraction` of the rows lie, interpolated; without nulls."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: Any, fraction: float, **extra: Any) -> None:
        super().__init__(expression, fraction=float(fraction), **extra)
