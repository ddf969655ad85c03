"""The verdict on each field of an output: what it holds, whether it points at a row, whether it repeats an input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..classification.quasi import measured, positions_of
from ..frames import FrameView, Kind
from ..guard.columns.assess import Classification
from ..model import FREE_TEXT, ColumnVerdict, DataClass, Operator, Tier
from .echoes import echoes
from .findings import FieldVerdict
from .masked_forms import are_masked
from .telling import FEW, are_codes, is_prose, is_score, is_vector, leaves, names_a_row, points_at_rows

__all__ = ["judge"]

_UNKNOWN = "INTERNAL_UNKNOWN"


@dataclass(frozen=True, slots=True)
class _Seen:
    """One column of an output."""

    name: str
    label: str
    verdict: ColumnVerdict
    operator: Operator
    values: list[Any]
    rows: int
    kind: Kind

    @property
    def has_values(self) -> bool:
        """Whether anything stands in it."""
        return any(value is not None for value in leaves(self.values))


def judge(
    output: FrameView,
    found: Classification,
    *,
    tier: Tier,
    k: int,
    hides: Callable[[str, DataClass], Operator],
    inputs: FrameView | None = None,
    inputs_found: Classification | None = None,
    names: Sequence[str],
    labels: Sequence[str],
    is_schema: bool = False,
) -> list[FieldVerdict]:
    """A verdict for each column of ``output``, in order.

    ``found`` is its classification under the policy, ``k`` the smallest group that may be shown, ``hides`` the mask
    under which the tier sees an entity, ``names`` what the columns are called and ``labels`` that as far as people may
    see it. ``inputs`` are what the model was given, with their classification. Of a schema names alone are judged; an
    output without rows lets nothing leave.
    """
    echoed = dict(echoes(output, inputs, inputs_found)) if inputs is not None and inputs_found is not None else {}
    verdicts = []
    for at, verdict in enumerate(found):
        operator = Operator(verdict.action.get(tier.label, Operator.CLEAR.value))
        if (
            not verdict.is_sensitive
            and verdict.confidence >= verdict.ASKS_FROM
            and verdict.data_class is not DataClass.NONE
        ):
            # Outputs are narrow: what would make it sure stands in tables of people, and rows of models are people.
            verdict, operator = (
                replace(verdict, confidence=verdict.ACTS_FROM),
                hides(verdict.entity, verdict.data_class),
            )
        seen = _Seen(names[at], labels[at], verdict, operator, output.distinct(at), output.rows, output.kind(at))
        one = _of_field(seen, echoed.get(at), tier, hides)
        verdicts.append(one if seen.has_values or is_schema else replace(one, is_blocked=False))
    return _with_quasi_identifiers(verdicts, output, found, k) if tier is Tier.PUBLIC else verdicts


def _of_field(
    seen: _Seen, echo: ColumnVerdict | None, tier: Tier, hides: Callable[[str, DataClass], Operator]
) -> FieldVerdict:
    verdict, operator = seen.verdict, seen.operator
    if verdict.is_sensitive and operator is not Operator.CLEAR:
        if seen.rows and are_masked(leaves(seen.values), operator, verdict.entity):
            return _passes(seen, f"It holds {verdict.entity} in a masked form.", action=operator)
        return _blocked(seen, verdict.entity, verdict.data_class, operator, _what(verdict))
    if echo is not None and echo.is_sensitive:
        acts = _acts(echo, tier)
        if acts is not Operator.CLEAR and not are_masked(leaves(seen.values), acts, echo.entity):
            reason = f"It repeats values of the input `{echo.column}`, which holds {echo.entity}."
            return _blocked(seen, echo.entity, echo.data_class, acts, reason)
    if seen.has_values and are_masked(leaves(seen.values), Operator.TOKEN, verdict.entity):
        return _passes(seen, "Its values are tokens or redacted.", action=Operator.TOKEN)
    told = _told(seen)
    if told is not None:
        entity, kind, reason = told
        acts = hides(entity, kind)
        if acts is not Operator.CLEAR and tier is Tier.PUBLIC:
            acts = Operator.REDACT if entity == FREE_TEXT or is_vector(seen.name, seen.values) else acts
        if acts is not Operator.CLEAR:
            return _blocked(seen, entity, kind, acts, reason)
    if tier is Tier.PUBLIC and is_score(seen.name, seen.values):
        reason = "A score leaves with two decimals: with more, rows can be told apart."
        return _passes(seen, reason, action=Operator.ROUND)
    if echo is not None and not echo.is_sensitive:
        return _passes(seen, f"It repeats the input `{echo.column}`, which holds nothing classified.")
    return FieldVerdict(seen.label, verdict.entity, verdict.data_class.value, False, (), Operator.CLEAR.value)


def _told(seen: _Seen) -> tuple[str, DataClass, str] | None:
    """What tells of the rows in a field in which nothing was recognised."""
    if names_a_row(seen.name, seen.values, seen.rows):
        return _UNKNOWN, DataClass.INTERNAL, "By its name it says whose row this is, or which rows are like it."
    if are_codes(seen.name, seen.values, seen.rows):
        reason = "Codes, hashes and UUIDs point at what they were made for; a hash without a key can be undone."
        return _UNKNOWN, DataClass.INTERNAL, reason
    if is_vector(seen.name, seen.values):
        return _UNKNOWN, DataClass.INTERNAL, "Each row has a vector of its own, from which its inputs can be told."
    if is_prose(seen.values):
        return FREE_TEXT, DataClass.PII, "It is free text, in which a model may repeat what it was trained on."
    if points_at_rows(seen.name, seen.values, seen.rows, seen.kind):
        reason = "Nearly every row has a value of its own: who knows it knows whose row this is."
        return _UNKNOWN, DataClass.INTERNAL, reason
    return None


def _what(verdict: ColumnVerdict) -> str:
    return f"It holds {verdict.entity} ({verdict.data_class.value})."


def _acts(echo: ColumnVerdict, tier: Tier) -> Operator:
    """What hides an echoed input; nobody at tier public gets one that they would see in clear elsewhere."""
    operator = Operator(echo.action.get(tier.label, Operator.CLEAR.value))
    return Operator.REDACT if operator is Operator.CLEAR and tier is Tier.PUBLIC else operator


def _blocked(seen: _Seen, entity: str, kind: DataClass, operator: Operator, reason: str) -> FieldVerdict:
    return FieldVerdict(seen.label, entity, kind.value, True, (reason,), operator.value)


def _passes(seen: _Seen, reason: str, *, action: Operator = Operator.CLEAR) -> FieldVerdict:
    return FieldVerdict(seen.label, "NONE", DataClass.NONE.value, False, (reason,), action.value)


def _with_quasi_identifiers(
    verdicts: list[FieldVerdict], output: FrameView, found: Classification, k: int
) -> list[FieldVerdict]:
    """``verdicts`` with those fields blocked that leave in clear and together single somebody out."""
    together = [at for at in positions_of(found.columns) if at < len(verdicts) and not verdicts[at].is_blocked]
    together = [at for at in together if verdicts[at].action == Operator.CLEAR.value]
    if len(together) < 2 or output.rows < FEW:
        return verdicts
    smallest = measured(output, together).k
    if smallest >= k:
        return verdicts
    names = ", ".join(f"`{verdicts[at].field}`" for at in together)
    reason = f"Together {names} single out groups of fewer than {k} rows (k is {smallest})."
    changed: Mapping[int, FieldVerdict] = {
        at: FieldVerdict(
            verdicts[at].field,
            found.columns[at].entity,
            found.columns[at].data_class.value,
            True,
            (reason,),
            Operator.REDACT.value,
        )
        for at in together
    }
    return [changed.get(at, verdict) for at, verdict in enumerate(verdicts)]
