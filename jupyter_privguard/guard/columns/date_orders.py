"""Whether 03/04/2021 is in March or April: decided once for a column, for all parts of its table and data set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...frames import FrameView, Kind
from ...frames.nested import is_nested, texts_in
from ...masking.dates import DateOrder
from ...model import ColumnVerdict, Operator
from ...policy.rules import Policy

if TYPE_CHECKING:
    from .pins import DomainPins

__all__ = ["DateOrders", "are_shifted", "with_date_orders"]


def are_shifted(policy: Policy) -> bool:
    """Whether ``policy`` shifts anything at all, so that the order of dates matters."""
    return any(Operator.SHIFT in rule.operators.values() for layer in policy.layers for rule in layer.rules)


class DateOrders:
    """Learns from all cells of a table, part by part."""

    def __init__(self) -> None:
        self._orders: dict[int, DateOrder] = {}

    def learn(self, seen: FrameView) -> None:
        """Look at one more part of the table; texts in lists and records count too."""
        for position in range(len(seen.labels)):
            if not seen.is_typed(position) or seen.kind(position) is Kind.TEXT:
                self._orders.setdefault(position, DateOrder()).learn(_texts(seen.distinct(position)))

    def told(self) -> dict[int, bool]:
        """By position whether the month comes first, of the columns whose dates tell."""
        orders = {position: order.month_first for position, order in self._orders.items()}
        return {position: month_first for position, month_first in orders.items() if month_first is not None}

    def are_open(self, position: int) -> bool:
        """Whether the column's dates make sense both ways, and none of them tells which one is meant."""
        return position in self._orders and self._orders[position].is_open


def _texts(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if is_nested(type(value)):
            yield from texts_in(value)
        else:
            yield value


def with_date_orders(
    verdicts: Sequence[ColumnVerdict], *, dataset: str | None, pins: DomainPins | None
) -> list[ColumnVerdict]:
    """``verdicts`` with the order of the dates that are shifted and do not tell it themselves.

    It is the one that the column of the data set had where it told; else that of the table's other
    dates, if these agree. StateError as `DomainPins.orders`.
    """
    shifted = [verdict for verdict in verdicts if Operator.SHIFT.value in verdict.action.values()]
    others = {verdict.month_first for verdict in shifted} - {None}
    of_table = others.pop() if len(others) == 1 else None
    orders: Mapping[str, bool | None] = {
        v.column: of_table if v.month_first is None else v.month_first for v in shifted
    }
    if pins is not None and dataset is not None and orders:
        orders = pins.orders(dataset, orders)
    return [
        verdict if verdict.month_first is not None else replace(verdict, month_first=orders.get(verdict.column))
        for verdict in verdicts
    ]
