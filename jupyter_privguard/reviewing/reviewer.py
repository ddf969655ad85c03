"""From a model or its output to a `Review`: what it is, each field's verdict, and the masking under which it passes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import InputError
from ..frames import FrameView, explicit_view, frame_of
from ..frames import view as view_of
from ..guard.columns.assess import Classification, assess
from ..keys.keyring import KeyRing
from ..model import DataClass, Operator, Tier
from ..policy.masks import operator_for
from ..policy.rules import Policy
from .deployment import is_deployment, unreal_settings
from .estimators import called_by, called_in, classes_of, is_model, keeps_only, predicted, signature_of
from .fields import judge
from .findings import FieldVerdict, Review, Setting, Stored, Transform
from .forms import Rows, rows_of
from .judging_stored import judge_stored
from .transforms import Masks, names_of

__all__ = ["Reviewer"]

_ROUNDS = 3
"""Times that what was masked is looked at again: a mask may leave a set of fields that singles out still."""

_GENERAL = frozenset("id ids name value no nr number key code text data".split())
"""Ends of paths that say nothing without what stands before them."""


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
        known = None if inputs is None else self.table(inputs)
        if (signature := signature_of(obj)) is not None and (known is None or not is_model(obj)):
            return self._of_names(_names_in(signature))
        if is_model(obj):
            return self._of_model(obj, inputs, known)
        if keeps_only(obj):
            return Review((), stored=self._stored(obj), notes=("It predicts nothing; what it keeps was looked at.",))
        if (seen := explicit_view(obj, whole=True)) is not None:
            return self._of_table(seen, known)
        record = _as_record(obj)
        if record is not None and (names := _named_outputs(record)) is not None:
            return self._of_names(names)
        settings = tuple(self._settings(obj if record is None else record))
        if _are_deployments(obj if record is None else record):
            return Review((), settings, ("It is metadata of a deployment; pass an output too.",))
        return replace(self._of_rows(rows_of(obj), known), settings=settings)

    def _settings(self, obj: Any) -> list[Setting]:
        records = obj if isinstance(obj, (list, tuple)) and _are_deployments(obj) else [obj]
        found = [one for record in records if isinstance(record, Mapping) for one in unreal_settings(record)]
        return [replace(one, path=self.safe(one.path)) for one in found]

    def _of_model(self, model: Any, inputs: Any, known: FrameView | None) -> Review:
        stored = self._stored(model)
        if inputs is not None:
            found = _together([self._of_answer(asked, one, known) for asked, one in predicted(model, inputs).items()])
            return replace(found, stored=stored)
        classes = classes_of(model)
        if classes is None:
            if any(one.is_blocked for one in stored):
                return Review((), stored=stored, notes=("What it says was not looked at; pass inputs as X.",))
            raise InputError(
                "privguard: without inputs nothing is known of what this model says; pass some as X, or an output."
            )
        found = _together([self._of_answer("prediction", classes, None)])
        note = "Only the classes that it tells apart were looked at; pass inputs as X."
        return replace(found, notes=(note,), stored=stored)

    def _stored(self, model: Any) -> tuple[Stored, ...]:
        return tuple(
            judge_stored(
                model,
                tier=self.tier,
                judge=lambda seen: self._judged(seen, names_of(seen.labels), None)[0],
                assess=lambda seen: list(assess(seen, policy=self.policy)),
                safe=self.safe,
            )
        )

    def _of_answer(self, asked: str, output: Any, known: FrameView | None) -> Review:
        """Of what a model has said when it was ``asked`` to predict."""
        called = called_by(asked)
        if (seen := explicit_view(output, whole=True)) is not None:
            return self._of_table(seen, known, called=called)
        return self._of_rows(rows_of(output), known, called=called)

    def _of_names(self, names: Sequence[str]) -> Review:
        """Of a schema nothing is known but what the fields are called."""
        view = _view({name: [] for name in names})
        found = assess(view, policy=self.policy, header_only=True)
        verdicts = self._verdicts(view, found, list(names), None, None, is_schema=True)
        note = "Only names were looked at: a schema has no values; review an output too."
        return replace(_review(verdicts, self._masks(verdicts, names, found)), notes=(note,))

    def _of_rows(
        self, rows: Rows, inputs: FrameView | None, *, called: Callable[[list[str]], list[str]] = list
    ) -> Review:
        found = self._of_columns(rows.columns, inputs, called=called)
        if not rows.beside:
            return found
        return _together([found, self._of_columns(rows.beside, inputs)], called=called)

    def _of_columns(
        self,
        columns: Mapping[str, list[Any]],
        inputs: FrameView | None,
        *,
        called: Callable[[list[str]], list[str]] = list,
    ) -> Review:
        return self._of_table(_view(columns), inputs, called=called, names=list(columns))

    def _of_table(
        self,
        seen: FrameView,
        inputs: FrameView | None,
        *,
        called: Callable[[list[str]], list[str]] = list,
        names: list[str] | None = None,
    ) -> Review:
        """``names`` are what its columns are called in the output, where that is a path and the label only its end."""
        names = called(names_of(seen.labels) if names is None else names)
        verdicts, found = self._judged(seen, names, inputs)
        made = self._masks(verdicts, names, found, called)
        for _ in range(_ROUNDS):
            masked = explicit_view(replace(made, called=lambda _: names)(seen.native), whole=True)
            again = [] if masked is None else self._judged(masked, names, inputs)[0]
            worse = {at: verdict.reasons for at, verdict in enumerate(again) if verdict.is_blocked}
            if not worse:
                break
            verdicts = [
                replace(verdict, is_blocked=True, reasons=worse[at], action=Operator.REDACT.value)
                if at in worse
                else verdict
                for at, verdict in enumerate(verdicts)
            ]
            made = self._masks(verdicts, names, found, called)
        return _review(verdicts, made)

    def _judged(
        self, seen: FrameView, names: Sequence[str], inputs: FrameView | None
    ) -> tuple[list[FieldVerdict], Classification]:
        found = assess(seen, policy=self.policy)
        known = None if inputs is None else assess(inputs, policy=self.policy)
        return self._verdicts(seen, found, names, inputs, known), found

    def _verdicts(
        self,
        seen: FrameView,
        found: Classification,
        names: Sequence[str],
        inputs: FrameView | None,
        known: Classification | None,
        *,
        is_schema: bool = False,
    ) -> list[FieldVerdict]:
        return judge(
            seen,
            found,
            tier=self.tier,
            k=self.policy.k,
            hides=self._hides,
            inputs=inputs,
            inputs_found=known,
            names=names,
            labels=[self.safe(name) for name in names],
            is_schema=is_schema,
        )

    def _hides(self, entity: str, kind: DataClass) -> Operator:
        return operator_for(entity, kind, self.tier, self.policy)[0]

    def _masks(
        self,
        verdicts: Sequence[FieldVerdict],
        names: Sequence[str],
        found: Classification,
        called: Callable[[list[str]], list[str]] = list,
    ) -> Masks:
        by_name = dict(zip(names, verdicts, strict=True))
        domains = {name: verdict.domain for name, verdict in zip(names, found, strict=True)}
        return Masks(self.policy, self.keyring, self.tier, by_name, domains, called)

    def table(self, inputs: Any) -> FrameView:
        """``inputs`` as a table; InputError for what is none."""
        seen = explicit_view(inputs, whole=True)
        if seen is not None:
            return seen
        rows = rows_of(inputs)
        return _view(rows.columns)


def _view(columns: Mapping[str, list[Any]]) -> FrameView:
    """``columns`` as a table whose labels are the ends of their paths, for what a field is called is what it holds."""
    ends = [_end(name) for name in columns]
    labels = [end if ends.count(end) == 1 else name for end, name in zip(ends, columns, strict=True)]
    if len(set(labels)) < len(labels):
        labels = list(columns)
    seen = view_of(frame_of({label: list(values) for label, values in zip(labels, columns.values(), strict=True)}))
    assert seen is not None  # noqa: S101 - frame_of makes a pandas frame
    return seen


def _end(path: str) -> str:
    parts = [part for part in path.replace("[]", "").split(".") if part]
    general = not parts or parts[-1].casefold() in _GENERAL
    return " ".join(parts[-2:] if general else parts[-1:]) or path


def _names_in(signature: Any) -> list[str]:
    """What the outputs of an MLflow signature are called; "output" where they have no names."""
    outputs = getattr(signature, "outputs", None)
    names = getattr(outputs, "input_names", None)
    found = names() if callable(names) else []
    return [str(name) for name in found if name is not None] or ["output"]


def _review(verdicts: Sequence[FieldVerdict], masks: Masks) -> Review:
    actions = {verdict.field: verdict.action for verdict in verdicts if verdict.action != Operator.CLEAR.value}
    return Review(tuple(verdicts), transform=Transform(actions, masks))


def _together(reviews: Sequence[Review], *, called: Callable[[list[str]], list[str]] | None = None) -> Review:
    """One review of several tables that leave together; the first holds where two fields are called alike."""
    transforms = [one.transform for one in reviews if one.transform is not None]
    masks = [one.masks for one in transforms if isinstance(one.masks, Masks)]
    verdicts = {name: verdict for one in reversed(masks) for name, verdict in one.verdicts.items()}
    domains = {name: domain for one in reversed(masks) for name, domain in one.domains.items()}
    both = replace(masks[0], verdicts=verdicts, domains=domains, called=called or called_in(verdicts))
    actions = {name: action for one in reversed(transforms) for name, action in one.actions.items()}
    fields = tuple(verdict for one in reviews for verdict in one.fields)
    return Review(fields, transform=Transform(actions, both))


def _are_deployments(obj: Any) -> bool:
    records = obj if isinstance(obj, (list, tuple)) else [obj]
    return bool(records) and all(isinstance(one, Mapping) and is_deployment(one) for one in records)


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
