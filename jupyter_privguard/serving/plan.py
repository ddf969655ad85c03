"""How the outputs of one model are masked at each tier: decided once by a sample, kept without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ..guard.columns.assess import assess
from ..guard.columns.column_masks import column_mask, subject_of
from ..keys.keyring import KeyRing
from ..masking.masker import mask_value
from ..model import GENERALISED, ColumnVerdict, DataClass, Operator, Tier
from ..monitoring.reference import Feature, reference
from ..policy.masks import operator_for, strictness
from ..policy.rules import Policy
from ..reviewing.estimators import called_in
from ..reviewing.findings import FieldVerdict, Review
from ..reviewing.reviewer import Reviewer
from ..reviewing.transforms import Masks

__all__ = ["Plan", "Served", "Subject", "Tiers", "column_of", "planned"]

_MEASURES = frozenset({"HEALTH_MEASURE"})
"""Entities that are quantities, besides those that have a coarser truth of their own."""


class Subject(NamedTuple):
    """The input that tells whose prediction it is."""

    name: str
    entity: str
    domain: str


@dataclass(frozen=True)
class Plan:
    """The verdicts of a review at each tier. It holds no value of anybody's, so a model may be saved with it."""

    fields: Mapping[str, Mapping[str, FieldVerdict]]
    """Tier → field → verdict."""
    domains: Mapping[str, str]
    subject: Subject | None = None
    inputs: tuple[Feature, ...] = ()
    """How the inputs were distributed, in bands."""


@dataclass(frozen=True)
class Served:
    """An output as its reader may have it."""

    output: Any
    """Masked, of the form of the model's own."""
    tier: Tier
    public: Any
    """The same for tier public: what the record may say."""
    fields: Mapping[str, FieldVerdict]
    """The verdicts at tier public."""

    @property
    def explanation(self) -> list[dict[str, Any]]:
        """What each field is and what others see of it, for tier compliance; nothing at the other tiers."""
        if self.tier is not Tier.COMPLIANCE:
            return []
        return [
            {
                "field": one.field,
                "entity": one.entity,
                "class": one.data_class,
                "public": one.action,
                "reasons": list(one.reasons),
            }
            for one in self.fields.values()
        ]


def planned(reviewer: Callable[[Tier], Reviewer], model_or_output: Any, inputs: Any) -> tuple[Plan, Review]:
    """The plan by what a model says of ``inputs``, or by a sample output, and the review at tier public.

    InputError as `Reviewer.review`, and for what holds no output, as the metadata of a deployment.
    """
    reviews = {tier: reviewer(tier).review(model_or_output, inputs) for tier in Tier}
    masks = {tier: _masks_of(review) for tier, review in reviews.items()}
    public = masks[Tier.PUBLIC]
    subject, features = (None, ()) if inputs is None else _inputs(reviewer(Tier.PUBLIC), inputs)
    fields = {tier.label: dict(one.verdicts) for tier, one in masks.items()}
    return Plan(fields, dict(public.domains), subject, features), reviews[Tier.PUBLIC]


class Tiers:
    """Serves outputs at any tier, under one policy and its keys: by a plan, or each output judged by itself."""

    def __init__(self, policy: Policy, keyring: KeyRing, plan: Plan | None, safe: Callable[[str], str]) -> None:
        self._policy = policy
        self._keyring = keyring
        self._safe = safe
        self._subject = plan.subject if plan is not None else None
        self._masks = None if plan is None else {tier: self._planned(plan, tier) for tier in Tier}

    def serve(self, output: Any, tier: Tier, inputs: Any = None) -> Served:
        """``output`` as ``tier`` may see it; without a plan fields that repeat one of ``inputs`` are looked for.

        InputError for a field that the sample did not have; MaskingError where it cannot be masked.
        """
        public = self._of(Tier.PUBLIC, output, inputs)
        own = public if tier is Tier.PUBLIC else self._of(tier, output, inputs)
        shown = public(output)
        return Served(shown if own is public else own(output), tier, shown, public.verdicts)

    def subjects(self, inputs: Any, rows: int) -> list[str | None]:
        """A token for whom each row of ``inputs``, of which there are ``rows``, is; None where nothing tells."""
        subject = self._subject
        if subject is None and self._masks is None:
            subject, _ = _inputs(self._reviewer(Tier.PUBLIC), inputs)
        values = None if subject is None else column_of(inputs, subject.name)
        if subject is None or values is None or len(values) != rows:
            return [None] * rows
        verdict = ColumnVerdict(subject.name, subject.entity, DataClass.PII, 1.0, domain=subject.domain)
        mask = column_mask(verdict, Operator.TOKEN, self._policy)
        made = [mask_value(value, mask, self._keyring, on_screen=False) for value in values]
        return [one if isinstance(one, str) else None for one in made]

    def _of(self, tier: Tier, output: Any, inputs: Any) -> Masks:
        if self._masks is not None:
            return self._masks[tier]
        return _masks_of(self._reviewer(tier).review(output, inputs))

    def _reviewer(self, tier: Tier) -> Reviewer:
        return Reviewer(self._policy, self._keyring, tier, self._safe)

    def _planned(self, plan: Plan, tier: Tier) -> Masks:
        verdicts = {name: self._as_strict(one, tier) for name, one in plan.fields[tier.label].items()}
        return Masks(self._policy, self._keyring, tier, verdicts, plan.domains, called_in(verdicts))

    def _as_strict(self, verdict: FieldVerdict, tier: Tier) -> FieldVerdict:
        """``verdict`` under the policy by now, which may have become stricter since it was made."""
        kind = DataClass(verdict.data_class)
        if kind is DataClass.NONE:
            return verdict
        now, _ = operator_for(verdict.entity, kind, tier, self._policy)
        drawn = self._policy.draws_surrogates
        is_laxer = strictness(Operator(verdict.action), drawn=drawn) < strictness(now, drawn=drawn)
        return replace(verdict, action=now.value) if is_laxer else verdict


def _masks_of(review: Review) -> Masks:
    masks = review.transform.masks if review.transform is not None else None
    if not isinstance(masks, Masks):
        from ..errors import InputError

        raise InputError("privguard: this is metadata of a deployment and no output; pass inputs or an output.")
    return masks


def _inputs(reviewer: Reviewer, inputs: Any) -> tuple[Subject | None, tuple[Feature, ...]]:
    """Which input tells whose a prediction is, and how the others are distributed."""
    seen = reviewer.table(inputs)
    found = assess(seen, policy=reviewer.policy)
    names = [str(label) for label in seen.labels]
    entities = {name: one.entity for name, one in zip(names, found.columns, strict=True) if one.is_sensitive}
    columns = {name: values for name in names if (values := column_of(inputs, name)) is not None}
    measures = [name for name, entity in entities.items() if entity in GENERALISED or entity in _MEASURES]
    features = reference(columns, personal=entities.keys(), measures=measures, k=reviewer.policy.k)
    subject = subject_of(found.columns)
    if subject is None:
        return None, features
    verdict = found.columns[subject.position]
    return Subject(names[subject.position], verdict.entity, subject.domain), features


def column_of(inputs: Any, name: str) -> list[Any] | None:
    """The values of one input, of a table or of records; None where there is no such."""
    if isinstance(inputs, Mapping):
        value = inputs.get(name)
        return list(value) if isinstance(value, (list, tuple)) else None if value is None else [value]
    if isinstance(inputs, (list, tuple)):
        return [row.get(name) for row in inputs] if all(isinstance(row, Mapping) for row in inputs) else None
    try:
        found = inputs[name]
    except Exception:  # noqa: BLE001 - a table of any library without such a column
        return None
    tolist = next((getattr(found, one) for one in ("tolist", "to_list", "to_pylist") if hasattr(found, one)), None)
    return None if tolist is None else list(tolist())
