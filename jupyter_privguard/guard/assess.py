"""A table's classification under a policy, and the table masked by it: the same for every surface."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from ..classification.spans import find_spans as spans_in
from ..frames import FrameView, Kind
from ..frames import view as view_of
from ..frames.nested import is_nested, texts_in
from ..keys.keyring import KeyRing
from ..model import ColumnVerdict, DataClass, Operator, Tier, class_of
from ..policy.columns import domain_for
from ..policy.masks import operator_for
from ..policy.overrides import override_for
from ..policy.rules import Policy
from .text import mask_spans
from .verdicts import Classification, is_clear, no_table

if TYPE_CHECKING:
    from ..masking.masker import ColumnMask, FindSpans, MaskedFrame
    from ..masking.surrogates import Surrogates
    from .pins import DomainPins

__all__ = [
    "Classification",
    "acting",
    "assess",
    "column_names",
    "is_clear",
    "mask_table",
    "masks_for",
    "named_by_policy",
    "with_domains",
]

_FREE_TEXT = "FREE_TEXT_WITH_PII"


def assess(
    view: FrameView,
    *,
    policy: Policy,
    dataset: str | None = None,
    source: str | None = None,
    header_only: bool = False,
    full: bool = False,
    overrides: Mapping[int, str] | None = None,
    pins: DomainPins | None = None,
) -> Classification:
    """The verdict of every column of ``view``, with what each tier would see under ``policy``.

    With ``pins`` a named data set keeps the domains of its first tokens; StateError if they cannot be kept.
    """
    # Not needed before the first table; `%load_ext` need not wait for header words and patterns.
    from ..classification.classifier import classify

    chosen = {**(overrides or {}), **named_by_policy(view, policy, dataset=dataset, source=source)}
    verdicts = classify(view, header_only=header_only, full=full, overrides=chosen, patterns=policy.all_patterns)
    found = Classification(
        tuple(verdicts), dataset, no_table if header_only else _while_it_lives(view), labels=view.labels
    )
    return with_domains(found, policy, dataset=dataset, source=source, pins=pins)


def named_by_policy(view: FrameView, policy: Policy, *, dataset: str | None, source: str | None) -> dict[int, str]:
    """By position the entities that the policy gives to columns of a data set."""
    named = (override_for(policy, label, dataset=dataset, source=source) for label in column_names(view))
    return {position: entity for position, entity in enumerate(named) if entity is not None}


def with_domains(
    found: Classification,
    policy: Policy,
    *,
    dataset: str | None = None,
    source: str | None = None,
    pins: DomainPins | None = None,
) -> Classification:
    """``found`` on the table called ``dataset``, with the domains of its tokens. StateError as `assess`."""
    domains = {
        v.column: domain_for(policy, v.column, dataset=dataset, source=source) or v.entity
        for v in found
        if v.is_sensitive
    }
    if pins is not None and dataset is not None and domains:
        domains = pins.pinned(dataset, domains)
    verdicts = (acting(replace(verdict, domain=domains.get(verdict.column, "")), policy) for verdict in found)
    return replace(found, columns=tuple(verdicts), dataset=dataset)


def _while_it_lives(view: FrameView) -> Callable[[], FrameView | None]:
    """The view again, as long as somebody else keeps its table: a verdict must not keep a table in memory."""
    try:
        table = weakref.ref(view.native)
    except TypeError:  # a type that cannot be referred to without being kept
        return no_table

    def again() -> FrameView | None:
        native = table()
        return None if native is None else view_of(native)

    return again


def column_names(view: FrameView) -> list[str]:
    """The labels of a table as text, as its verdicts have them."""
    from ..classification.headers import label_text

    return [label_text(label) for label in view.labels]


def acting(verdict: ColumnVerdict, policy: Policy) -> ColumnVerdict:
    """``verdict`` with what each tier sees of the column under ``policy``."""
    if not verdict.is_sensitive:
        return replace(verdict, action={tier.label: Operator.CLEAR.value for tier in Tier})
    actions = {
        tier: operator_for(verdict.entity, verdict.data_class, tier, policy, column=verdict.column)[0] for tier in Tier
    }
    return replace(verdict, action={tier.label: operator.value for tier, operator in actions.items()})


def masks_for(
    classification: Classification, tier: Tier, policy: Policy | None = None, *, dataset: str | None = None
) -> dict[int, ColumnMask]:
    """The masks by position that ``tier`` needs; columns shown in clear are left out.

    ``policy`` tells what is coarser than a value; without it such values get tokens. ``dataset`` names the
    data set where the classification does not.
    """
    from .column_masks import column_mask, subject_of

    subject = subject_of(classification.columns, dataset or classification.dataset)
    masks = {}
    for position, verdict in enumerate(classification):
        operator = Operator(verdict.action.get(tier.label, Operator.CLEAR.value))
        if verdict.data_class is not DataClass.NONE and operator is not Operator.CLEAR:
            masks[position] = replace(column_mask(verdict, operator, policy), subject=subject)
    return masks


def mask_table(
    view: FrameView,
    *,
    tier: Tier,
    policy: Policy,
    keyring: KeyRing,
    on_screen: bool = False,
    dataset: str | None = None,
    source: str | None = None,
    classification: Classification | None = None,
    find_spans: FindSpans | None = None,
    surrogates: Surrogates | None = None,
) -> MaskedFrame:
    """``view`` classified and masked for ``tier``; labels that are values themselves are masked too.

    ``find_spans`` finds what to mask within free text: patterns, the policy's too, if nobody knows more.
    ``surrogates`` draws and keeps random surrogates; without it they are made up by key.
    """
    from ..masking.masker import mask_frame

    known = classification or assess(view, policy=policy, dataset=dataset, source=source)
    masks = masks_for(known, tier, policy, dataset=dataset)
    if not on_screen:
        masks |= _masks_of_strays(view, known, tier, policy)
    return mask_frame(
        view,
        masks,
        keyring,
        on_screen=on_screen,
        labels=_masked_labels(view.labels, tier, policy, keyring, on_screen),
        find_spans=find_spans or partial(spans_in, patterns=policy.all_patterns),
        surrogates=surrogates,
    )


def _masks_of_strays(
    view: FrameView, classification: Classification, tier: Tier, policy: Policy
) -> dict[int, ColumnMask]:
    """Text columns that hold nothing as a whole are searched: one note in a thousand may name somebody.

    On a screen all text is searched when it leaves; a file has no such exit. What a person has said to hold
    nothing is left as it is.
    """
    from ..masking.masker import ColumnMask

    operator, _ = operator_for(_FREE_TEXT, class_of(_FREE_TEXT), tier, policy)
    if operator is Operator.CLEAR:
        return {}
    if operator is Operator.REDACT:
        # That is said of texts about people; of a column of colours only what is found in it goes.
        operator = Operator.PARTIAL
    return {
        position: ColumnMask(_FREE_TEXT, operator, _FREE_TEXT, strays_only=view.kind(position) is not Kind.TEXT)
        for position, verdict in enumerate(classification)
        if verdict.data_class is DataClass.NONE
        and position not in classification.released
        and (view.kind(position) is Kind.TEXT or _holds_texts(view, position))
    }


def _holds_texts(view: FrameView, position: int) -> bool:
    """Whether a column of lists or records has texts in them; one of vectors need not be searched."""
    if view.kind(position) is not Kind.OTHER:
        return False
    cells = view.sample(position, 50)
    return any(map(is_nested, set(map(type, cells)))) and any(map(texts_in, cells))


def _masked_labels(
    labels: Sequence[Hashable], tier: Tier, policy: Policy, keyring: KeyRing, on_screen: bool
) -> list[Hashable] | None:
    changed = False
    out: list[Hashable] = []
    for label in labels:
        is_tuple = issubclass(type(label), tuple)  # isinstance would ask the label, which may answer anything
        parts = cast("tuple[Hashable, ...]", label) if is_tuple else (label,)
        new = tuple(
            _masked_text(part, tier, policy, keyring, on_screen) if issubclass(type(part), str) else part
            for part in parts
        )
        changed = changed or any(after is not before for after, before in zip(new, parts, strict=True))
        out.append(new if is_tuple else new[0])
    return out if changed else None


def _masked_text(label: Hashable, tier: Tier, policy: Policy, keyring: KeyRing, on_screen: bool) -> Hashable:
    """A label that is text, or the text that stands instead of it."""
    text = str.__str__(cast("str", label))  # by str's own method: a subclass may have others
    masked = mask_spans(text, tier=tier, policy=policy, keyring=keyring, on_screen=on_screen)
    return label if masked == text else masked
