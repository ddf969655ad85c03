"""The verdict on each field of an output: what it holds, whether it points at a row, whether it repeats an input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..classification.quasi import measured, positions_of
from ..frames import FrameView, Kind
from ..guard.columns.assess import Classification
from ..model import FREE_TEXT, ColumnVerdict, DataClass, Operator, Tier
from .findings import FieldVerdict
from .masked_forms import are_masked

__all__ = ["judge"]

_FEW = 20
"""Rows below which nothing is said of how many values differ."""
_NEARLY_ALL = 0.9
_COINCIDENCE = 10
"""Distinct values up to which two columns may have the same by chance: classes, months, shares."""
_LONG = 40
"""Letters on average from which a text is prose and not a name of a class."""
_UNKNOWN = "INTERNAL_UNKNOWN"


@dataclass(frozen=True, slots=True)
class _Seen:
    """One column of an output."""

    label: str
    verdict: ColumnVerdict
    operator: Operator
    values: list[Any]
    rows: int
    kind: Kind


def judge(
    output: FrameView,
    found: Classification,
    *,
    tier: Tier,
    k: int,
    inputs: FrameView | None = None,
    inputs_found: Classification | None = None,
    labels: Sequence[str],
) -> list[FieldVerdict]:
    """A verdict for each column of ``output``, in order.

    ``found`` is its classification under the policy, ``k`` the smallest group that may be shown, ``labels`` what the
    columns may be called where people see it. ``inputs`` are what the model was given, with their classification.
    """
    echoed = dict(_echoes(output, inputs, inputs_found)) if inputs is not None and inputs_found is not None else {}
    verdicts = []
    for at, verdict in enumerate(found):
        if at >= output.width:
            break
        operator = Operator(verdict.action.get(tier.label, Operator.CLEAR.value))
        seen = _Seen(labels[at], verdict, operator, output.distinct(at), output.rows, output.kind(at))
        verdicts.append(_of_field(seen, echoed.get(at)))
    return _with_quasi_identifiers(verdicts, output, found, k)


def _of_field(seen: _Seen, echo: ColumnVerdict | None) -> FieldVerdict:
    verdict, operator = seen.verdict, seen.operator
    if verdict.is_sensitive and operator is not Operator.CLEAR:
        if seen.rows and are_masked(seen.values, operator, verdict.entity):
            return _passes(seen, f"It holds {verdict.entity} in a masked form.")
        return _blocked(seen, verdict.entity, verdict.data_class, operator, _what(verdict))
    if echo is not None and echo.is_sensitive and not are_masked(seen.values, _acts(echo), echo.entity):
        reason = f"Its values are those of the input `{echo.column}`, which holds {echo.entity}."
        return _blocked(seen, echo.entity, echo.data_class, _acts(echo), reason)
    if are_masked(seen.values, Operator.TOKEN, verdict.entity) and any(v is not None for v in seen.values):
        return _passes(seen, "Its values are tokens or redacted.")
    if _points_at_rows(seen):
        reason = "Nearly every row has a value of its own: who knows it knows whose row this is."
        return _blocked(seen, _UNKNOWN, DataClass.INTERNAL, Operator.TOKEN, reason)
    if _is_prose(seen):
        reason = "It is free text, in which a model may repeat what it was trained on."
        return _blocked(seen, FREE_TEXT, DataClass.PII, Operator.REDACT, reason)
    if _is_exact_score(seen):
        reason = "Exact scores can be told apart: two decimals do for a decision."
        return FieldVerdict(
            seen.label, verdict.entity, verdict.data_class.value, False, (reason,), Operator.ROUND.value
        )
    if echo is not None:
        return _passes(seen, f"It repeats the input `{echo.column}`, which holds nothing classified.")
    return FieldVerdict(seen.label, verdict.entity, verdict.data_class.value, False, (), Operator.CLEAR.value)


def _what(verdict: ColumnVerdict) -> str:
    return f"It holds {verdict.entity} ({verdict.data_class.value})."


def _acts(echo: ColumnVerdict) -> Operator:
    """What hides an echoed input from everybody; those that the tier would see in clear are hidden too."""
    operator = Operator(echo.action.get(Tier.PUBLIC.label, Operator.CLEAR.value))
    return Operator.REDACT if operator is Operator.CLEAR else operator


def _blocked(seen: _Seen, entity: str, kind: DataClass, operator: Operator, reason: str) -> FieldVerdict:
    return FieldVerdict(seen.label, entity, kind.value, True, (reason,), operator.value)


def _passes(seen: _Seen, reason: str) -> FieldVerdict:
    return FieldVerdict(seen.label, "NONE", DataClass.NONE.value, False, (reason,), Operator.CLEAR.value)


def _points_at_rows(seen: _Seen) -> bool:
    if seen.rows < _FEW or len(seen.values) < _NEARLY_ALL * seen.rows:
        return False
    texts = [str(value) for value in seen.values if value is not None]
    if seen.kind is Kind.INTEGER:  # whole numbers of one width are numbers of something; amounts and counts vary
        return len({len(text) for text in texts}) == 1 and len(texts[0]) >= 5 and not _counts_up(seen.values)
    return seen.kind is Kind.TEXT and sum(map(len, texts)) < _LONG * len(texts)


def _counts_up(values: Sequence[Any]) -> bool:
    """Whether they are just the numbers of the rows."""
    first = values[0]
    return all(value == first + at for at, value in enumerate(values))


def _is_prose(seen: _Seen) -> bool:
    if seen.kind is not Kind.TEXT or not seen.values:
        return False
    texts = [value for value in seen.values if isinstance(value, str)]
    return bool(texts) and sum(map(len, texts)) >= _LONG * len(texts) and any(" " in text for text in texts)


def _is_exact_score(seen: _Seen) -> bool:
    numbers = [value for value in _leaves(seen.values) if isinstance(value, float) and value == value]
    are_shares = bool(numbers) and all(0 <= value <= 1 for value in numbers)
    return are_shares and any(round(value, 2) != value for value in numbers)


def _leaves(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from _leaves(value)
        else:
            yield value


def _echoes(output: FrameView, inputs: FrameView, found: Classification) -> Iterator[tuple[int, ColumnVerdict]]:
    """By position the input that a column of the output repeats: nearly all its values are values of that."""
    known = [(verdict, {str(value) for value in inputs.distinct(at)}) for at, verdict in _columns(found, inputs)]
    for at in range(output.width):
        values = {str(value) for value in output.distinct(at) if value is not None}
        if len(values) <= _COINCIDENCE:
            continue
        repeated = [
            (len(values & own), verdict) for verdict, own in known if len(values & own) >= _NEARLY_ALL * len(values)
        ]
        if repeated:
            yield at, max(repeated, key=lambda pair: (pair[1].is_sensitive, pair[0]))[1]


def _columns(found: Classification, view: FrameView) -> list[tuple[int, ColumnVerdict]]:
    return [(at, verdict) for at, verdict in enumerate(found) if at < view.width]


def _with_quasi_identifiers(
    verdicts: list[FieldVerdict], output: FrameView, found: Classification, k: int
) -> list[FieldVerdict]:
    """``verdicts`` with those fields blocked that leave in clear and together single somebody out."""
    together = [at for at in positions_of(found.columns) if at < len(verdicts) and not verdicts[at].is_blocked]
    together = [at for at in together if verdicts[at].action == Operator.CLEAR.value]
    if len(together) < 2 or output.rows < _FEW:
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
