"""From a model or its output to a `Review`: what it is, each field's verdict, and the masking under which it passes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import InputError
from ..frames import FrameView, explicit_view, frame_of
from ..frames import view as view_of
from ..guard.columns.assess import Classification, assess, mask_table
from ..guard.columns.column_masks import column_mask
from ..keys.keyring import KeyRing
from ..masking.masker import mask_values
from ..model import ColumnVerdict, DataClass, Operator, Tier
from ..policy.rules import Policy
from .deployment import is_deployment, unreal_settings
from .estimators import classes_of, is_model, kept_rows, predicted, signature_of
from .fields import judge
from .findings import FieldVerdict, Review, Transform
from .forms import Rows, rows_of

__all__ = ["Reviewer"]

_ROUNDS = 3
"""Times that what was masked is looked at again: a mask may leave a set of fields that singles out still."""


@dataclass(frozen=True)
class Reviewer:
    """Judges outputs for one tier under one policy."""

    policy: Policy
    keyring: KeyRing
    tier: Tier = Tier.PUBLIC
    safe: Callable[[str], str] = str
    """Masks what of a label may not be shown."""

    def review(self, obj: Any, inputs: Any = None) -> Review:
        """What holds for ``obj``: a model, an output, the schema of one, or metadata of a deployment.

        InputError for anything else, and where a model raises on ``inputs``.
        """
        known = None if inputs is None else self._table(inputs)
        if (signature := signature_of(obj)) is not None and (known is None or not is_model(obj)):
            return self._of_names(_names_in(signature))
        if is_model(obj):
            return self._of_model(obj, inputs, known)
        if (seen := explicit_view(obj, whole=True)) is not None:
            return self._of_table(seen, known)
        record = _as_record(obj)
        if record is not None and (names := _named_outputs(record)) is not None:
            return self._of_names(names)
        if record is not None and is_deployment(record):
            return Review((), tuple(unreal_settings(record)), ("It is metadata of a deployment; pass an output too.",))
        rows = rows_of(obj)
        return replace(self._of_rows(rows, known), settings=tuple(unreal_settings(rows.rest)))

    def _of_model(self, model: Any, inputs: Any, known: FrameView | None) -> Review:
        notes = tuple(
            f"The model keeps {count:,} rows of its training data in `{name}`: whoever gets its file gets them."
            for name, count in kept_rows(model)
        )
        if inputs is not None:
            columns = predicted(model, inputs)
            found = self._of_rows(Rows(columns, dict, {}), known)
            return replace(found, notes=(*found.notes, *notes))
        classes = classes_of(model)
        if classes is None:
            raise InputError(
                "privguard: without inputs nothing is known of what this model says; pass some as X, or an output."
            )
        found = self._of_rows(Rows({"prediction": classes}, dict, {}), None)
        return replace(found, notes=("Only the classes that it tells apart were looked at; pass inputs as X.", *notes))

    def _of_names(self, names: Sequence[str]) -> Review:
        """Of a schema nothing is known but what the fields are called."""
        view = _view({name: [] for name in names})
        found = assess(view, policy=self.policy, header_only=True)
        verdicts = judge(view, found, tier=self.tier, k=self.policy.k, labels=self._labels(view))
        note = "Only names were looked at: a schema has no values; review an output too."
        return Review(tuple(verdicts), notes=(note,), transform=self._transform(verdicts, names, found))

    def _of_table(self, seen: FrameView, inputs: FrameView | None) -> Review:
        verdicts, found = self._judged(seen, inputs)
        names = [str(label) for label in seen.labels]
        made = self._transform(verdicts, names, found)
        for _ in range(_ROUNDS):
            masked = view_of(made(seen.native))
            if masked is None:
                break
            again, _ = self._judged(masked, inputs)
            worse = [at for at, verdict in enumerate(again) if verdict.is_blocked]
            if not worse:
                break
            verdicts = [
                replace(verdict, is_blocked=True, reasons=again[at].reasons, action=Operator.REDACT.value)
                if at in worse
                else verdict
                for at, verdict in enumerate(verdicts)
            ]
            made = self._transform(verdicts, names, found)
        return Review(tuple(verdicts), transform=made)

    def _of_rows(self, rows: Rows, inputs: FrameView | None) -> Review:
        return self._of_table(_view(rows.columns), inputs)

    def _judged(self, seen: FrameView, inputs: FrameView | None) -> tuple[list[FieldVerdict], Classification]:
        found = assess(seen, policy=self.policy)
        known = None if inputs is None else assess(inputs, policy=self.policy)
        verdicts = judge(
            seen,
            found,
            tier=self.tier,
            k=self.policy.k,
            inputs=inputs,
            inputs_found=known,
            labels=self._labels(seen),
        )
        return verdicts, found

    def _labels(self, seen: FrameView) -> list[str]:
        return [self.safe(str(label)) for label in seen.labels]

    def _transform(self, verdicts: Sequence[FieldVerdict], names: Sequence[str], found: Classification) -> Transform:
        actions = {verdict.field: verdict.action for verdict in verdicts if verdict.action != Operator.CLEAR.value}
        by_name = dict(zip(names, verdicts, strict=False))
        domains = {name: verdict.domain for name, verdict in zip(names, found, strict=False)}
        return Transform(actions, _Masks(self, by_name, domains))

    def _table(self, inputs: Any) -> FrameView:
        seen = explicit_view(inputs, whole=True)
        return seen if seen is not None else _view(rows_of(inputs).columns)


@dataclass(frozen=True)
class _Masks:
    """Masks outputs of the reviewed form, by the names of their fields."""

    reviewer: Reviewer
    verdicts: Mapping[str, FieldVerdict]
    domains: Mapping[str, str] | None = None

    def __call__(self, output: Any) -> Any:
        seen = None if isinstance(output, (str, bytes)) else explicit_view(output, whole=True)
        if seen is not None:
            return self._table(seen)
        rows = rows_of(output)
        return rows.back({name: self._values(name, values) for name, values in rows.columns.items()})

    def _table(self, seen: FrameView) -> Any:
        names = [str(label) for label in seen.labels]
        verdicts = tuple(self._verdict(name) for name in names)
        masked = mask_table(
            seen,
            tier=self.reviewer.tier,
            policy=self.reviewer.policy,
            keyring=self.reviewer.keyring,
            classification=Classification(verdicts, labels=seen.labels),
        ).native
        rounded = [at for at, name in enumerate(names) if self._action(name) == Operator.ROUND.value]
        again = view_of(masked) if rounded else None
        return masked if again is None else again.masked(dict.fromkeys(rounded, _two_decimals))

    def _values(self, name: str, values: list[Any]) -> list[Any]:
        action = Operator(self._action(name))
        if action is Operator.CLEAR:
            return values
        there = [value for value in values if value is not None and value == value]
        if action is Operator.ROUND:
            new = _two_decimals(there)
        else:
            mask = column_mask(self._verdict(name), action, self.reviewer.policy)
            new = mask_values(there, mask, self.reviewer.keyring, on_screen=False)
        masked = iter(new)
        return [value if value is None or value != value else next(masked) for value in values]

    def _action(self, name: str) -> str:
        if name not in self.verdicts:
            raise InputError(
                "privguard: the output has a field that was not there when it was reviewed; review it again."
            )
        return self.verdicts[name].action

    def _verdict(self, name: str) -> ColumnVerdict:
        """What of the field's verdict masking reads."""
        action, one = self._action(name), self.verdicts[name]
        acts = action not in (Operator.CLEAR.value, Operator.ROUND.value)
        kind = DataClass(one.data_class) if acts else DataClass.NONE
        return ColumnVerdict(
            column=name,
            entity=one.entity,
            data_class=kind,
            confidence=1.0,
            action={tier.label: action for tier in Tier} if acts else {},
            domain=(self.domains or {}).get(name, ""),
        )


def _two_decimals(values: list[Any]) -> list[Any]:
    return [
        _two_decimals(list(value))
        if isinstance(value, (list, tuple))
        else round(value, 2)
        if isinstance(value, float)
        else value
        for value in values
    ]


def _view(columns: Mapping[str, list[Any]]) -> FrameView:
    seen = view_of(frame_of({name: list(values) for name, values in columns.items()}))
    assert seen is not None  # noqa: S101 - frame_of makes a pandas frame
    return seen


def _names_in(signature: Any) -> list[str]:
    """What the outputs of an MLflow signature are called; "output" where they have no names."""
    outputs = getattr(signature, "outputs", None)
    names = getattr(outputs, "input_names", None)
    found = names() if callable(names) else []
    return [str(name) for name in found if name is not None] or ["output"]


def _as_record(obj: Any) -> Mapping[Any, Any] | None:
    if isinstance(obj, (str, bytes)):
        try:
            obj = json.loads(obj)
        except (ValueError, RecursionError):
            return None
    return obj if isinstance(obj, Mapping) else None


def _named_outputs(record: Mapping[Any, Any]) -> list[str] | None:
    """The names in the outputs of a signature that was written as JSON, as in a file ``MLmodel``; None for others."""
    outputs = record.get("outputs")
    if "inputs" not in record or outputs is None:
        return None
    try:
        found = json.loads(outputs) if isinstance(outputs, str) else outputs
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not all(isinstance(one, Mapping) and "type" in one for one in found):
        return None
    return [str(one.get("name") or "output") for one in found]
