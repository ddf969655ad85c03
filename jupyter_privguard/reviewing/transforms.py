"""Masking outputs of a reviewed form, by the names of their fields; what was not reviewed does not pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from math import isfinite
from typing import Any

from ..classification.spans import find_spans
from ..errors import InputError
from ..frames import FrameView, explicit_view
from ..guard.columns.assess import Classification, mask_table
from ..guard.columns.column_masks import column_mask
from ..guard.texts.masker import mask_spans
from ..keys.keyring import KeyRing
from ..masking.masker import mask_values
from ..model import ColumnVerdict, DataClass, Operator, Tier
from ..policy.rules import Policy
from .findings import FieldVerdict
from .forms import rows_of
from .masked_forms import are_masked
from .telling import leaves

__all__ = ["Masks", "names_of", "two_decimals"]


def names_of(labels: Iterable[Any]) -> list[str]:
    """The labels of a table as names of fields, no two alike."""
    found: list[str] = []
    for label in labels:
        name = str(label)
        while name in found:
            name += "'"
        found.append(name)
    return found


@dataclass(frozen=True)
class Masks:
    """Masks outputs of the reviewed form for one tier."""

    policy: Policy
    keyring: KeyRing
    tier: Tier
    verdicts: Mapping[str, FieldVerdict]
    domains: Mapping[str, str] = field(default_factory=dict)
    called: Callable[[list[str]], list[str]] = list
    """What fields without a name are called in the verdicts: predictions, probabilities of classes."""

    def __call__(self, output: Any) -> Any:
        """A masked output of the same form. InputError for a form or a field that was not reviewed."""
        seen = None if isinstance(output, (str, bytes)) else explicit_view(output, whole=True)
        if seen is not None:
            return self._table(seen)
        rows = rows_of(output)
        columns = {**rows.columns, **rows.beside}
        names = dict(zip(columns, self.called(list(columns)), strict=True))
        return rows.back({name: self._values(names[name], values) for name, values in columns.items()})

    def _table(self, seen: FrameView) -> Any:
        names = self.called(names_of(seen.labels))
        verdicts = tuple(self._verdict(name, seen.distinct(at)) for at, name in enumerate(names))
        masked = mask_table(
            seen,
            tier=self.tier,
            policy=self.policy,
            keyring=self.keyring,
            classification=Classification(verdicts, labels=seen.labels),
        ).native
        rounded = [at for at, name in enumerate(names) if self._action(name) is Operator.ROUND]
        again = explicit_view(masked, whole=True) if rounded else None
        return masked if again is None else again.masked(dict.fromkeys(rounded, two_decimals))

    def _values(self, name: str, values: list[Any]) -> list[Any]:
        action = self._action(name)
        if action is Operator.ROUND:
            return two_decimals(values)
        there = [value for value in leaves(values) if value is not None and value == value]
        if action is Operator.CLEAR:
            if self.tier is Tier.COMPLIANCE:
                return values
            new = [self._searched(value) if isinstance(value, str) else value for value in there]
        else:
            entity = self.verdicts[name].entity
            raw = [value for value in there if not are_masked([value], Operator.TOKEN, entity)]
            mask = column_mask(self._column(name), action, self.policy)
            find = partial(find_spans, patterns=self.policy.all_patterns)
            made = iter(mask_values(raw, mask, self.keyring, on_screen=False, find_spans=find))
            new = [value if are_masked([value], Operator.TOKEN, entity) else next(made) for value in there]
        return _put_back(values, iter(new))

    def _searched(self, text: str) -> str:
        return mask_spans(text, tier=self.tier, policy=self.policy, keyring=self.keyring, on_screen=False)

    def _action(self, name: str) -> Operator:
        if name not in self.verdicts:
            raise InputError(
                "privguard: the output has a field that was not there when it was reviewed; review it again."
            )
        return Operator(self.verdicts[name].action)

    def _verdict(self, name: str, values: Sequence[Any]) -> ColumnVerdict:
        """What of the field's verdict masking reads; of a column that is masked already nothing."""
        acts = self._action(name) not in (Operator.CLEAR, Operator.ROUND)
        if acts and values and are_masked(leaves(values), Operator.TOKEN, self.verdicts[name].entity):
            acts = False
        if not acts:
            return ColumnVerdict(column=name, entity="NONE", data_class=DataClass.NONE, confidence=1.0)
        return self._column(name)

    def _column(self, name: str) -> ColumnVerdict:
        one = self.verdicts[name]
        return ColumnVerdict(
            column=name,
            entity=one.entity,
            data_class=DataClass(one.data_class),
            confidence=1.0,
            action={tier.label: one.action for tier in Tier},
            domain=self.domains.get(name, ""),
        )


def _put_back(values: Any, new: Iterator[Any]) -> list[Any]:
    return [
        type(value)(_put_back(value, new))
        if isinstance(value, (list, tuple))
        else value
        if value is None or value != value
        else next(new)
        for value in values
    ]


def two_decimals(values: Iterable[Any]) -> list[Any]:
    """``values`` with fractions rounded; NaN and infinities stay, as does what is no number."""
    return [_rounded(value) for value in values]


def _rounded(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(two_decimals(value))
    if hasattr(type(value), "tolist"):  # numbers and vectors of numpy
        plain = value.tolist()
        return type(value)(_rounded(plain)) if isinstance(plain, float) else _rounded(plain)
    return round(value, 2) if isinstance(value, (float, Decimal)) and isfinite(value) else value
