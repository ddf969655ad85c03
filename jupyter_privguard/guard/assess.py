"""A table's classification under a policy, and the table masked by it: the same for every surface."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

from ..classification.spans import find_spans as spans_in
from ..frames import FrameView, Kind, frame_of
from ..frames import view as view_of
from ..keys.keyring import KeyRing
from ..model import ColumnVerdict, DataClass, Operator, Tier, class_of
from ..policy.columns import domain_for
from ..policy.decide import operator_for, override_for
from ..policy.rules import Policy
from .text import mask_spans

if TYPE_CHECKING:
    from ..masking.masker import ColumnMask, FindSpans, MaskedFrame
    from ..masking.surrogates import Surrogates
    from .pins import DomainPins
    from .quasi import QuasiIdentifiers

__all__ = ["Classification", "acting", "assess", "column_names", "is_clear", "mask_table", "masks_for"]

_FREE_TEXT = "FREE_TEXT_WITH_PII"


def _no_table() -> None:
    return None


@dataclass(frozen=True)
class Classification:
    """The verdicts of one table, in column order; index levels that count as columns follow."""

    columns: tuple[ColumnVerdict, ...]
    dataset: str | None = None
    table: Callable[[], FrameView | None] = field(default=_no_table, repr=False, compare=False)
    """The table itself, while it lives and its values may be read: for what is counted on demand."""
    replaced: Mapping[int, ColumnVerdict] = field(default_factory=dict, repr=False, compare=False)
    """By position what was found on its own in columns whose class a person has given."""

    @property
    def released(self) -> frozenset[int]:
        """Positions that everybody sees as they are only because a person said so."""
        return frozenset(
            at for at, found in self.replaced.items() if not is_clear(found) and is_clear(self.columns[at])
        )

    @property
    def unreplaced(self) -> Classification:
        """The classification as it would be if nobody had given a class to any column."""
        columns = (self.replaced.get(at, verdict) for at, verdict in enumerate(self.columns))
        return replace(self, columns=tuple(columns), replaced={})

    def __iter__(self) -> Iterator[ColumnVerdict]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __getitem__(self, position: int) -> ColumnVerdict:
        return self.columns[position]

    @cached_property
    def quasi_identifiers(self) -> QuasiIdentifiers:
        """The columns that identify in combination; all rows are counted at the first access."""
        from .quasi import quasi_identifiers

        return quasi_identifiers(self.columns, self.table)

    def to_json(self) -> list[dict[str, Any]]:
        """A JSON object a column: column, entity, class, confidence, evidence, action."""
        return [
            {
                "column": v.column,
                "entity": v.entity,
                "class": v.data_class.value,
                "confidence": round(v.confidence, 2),
                "evidence": list(v.evidence),
                "action": dict(v.action),
            }
            for v in self.columns
        ]

    def to_frame(self) -> Any:
        """A DataFrame with the columns column, entity, class, confidence, action (of tier public)."""
        return frame_of(
            {
                "column": [v.column for v in self.columns],
                "entity": [v.entity for v in self.columns],
                "class": [v.data_class.value for v in self.columns],
                "confidence": [round(v.confidence, 2) for v in self.columns],
                "action": [v.action.get("public", "clear") for v in self.columns],
            }
        )

    def __repr__(self) -> str:
        lines = [("column", "entity", "class", "confidence", "public sees")]
        lines += [_row(v) for v in self.columns]
        widths = [max(len(line[i]) for line in lines) for i in range(5)]
        text = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines]
        return "\n".join([*text, *filter(None, [str(self.quasi_identifiers)])])

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(
            f'<th scope="col">{name}</th>' for name in ("column", "entity", "class", "confidence", "public sees", "why")
        )
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in (*_row(v), "; ".join(v.evidence))) + "</tr>"
            for v in self.columns
        )
        below = f"<p>{escape(line)}</p>" if (line := str(self.quasi_identifiers)) else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"


def _row(verdict: ColumnVerdict) -> tuple[str, str, str, str, str]:
    doubt = "?" if ColumnVerdict.ASKS_FROM <= verdict.confidence < ColumnVerdict.ACTS_FROM else ""
    return (
        verdict.column,
        verdict.entity + doubt,
        verdict.data_class.value,
        f"{verdict.confidence:.2f}",
        verdict.action.get("public", "clear"),
    )


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
    from ..classification.headers import label_text

    chosen = dict(overrides or {})
    for position, label in enumerate(view.labels):
        named = override_for(policy, label_text(label), dataset=dataset, source=source)
        if named is not None:
            chosen[position] = named
    verdicts = classify(view, header_only=header_only, full=full, overrides=chosen, patterns=policy.all_patterns)
    domains = {
        v.column: domain_for(policy, v.column, dataset=dataset, source=source) or v.entity
        for v in verdicts
        if v.is_sensitive
    }
    if pins is not None and dataset is not None and domains:
        domains = pins.pinned(dataset, domains)
    return Classification(
        tuple(acting(replace(verdict, domain=domains.get(verdict.column, "")), policy) for verdict in verdicts),
        dataset,
        _no_table if header_only else _while_it_lives(view),
    )


def _while_it_lives(view: FrameView) -> Callable[[], FrameView | None]:
    """The view again, as long as somebody else keeps its table: a verdict must not keep a table in memory."""
    try:
        table = weakref.ref(view.native)
    except TypeError:  # a type that cannot be referred to without being kept
        return _no_table

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


def is_clear(verdict: ColumnVerdict) -> bool:
    """Whether everybody sees the column as it is."""
    return not verdict.is_sensitive or verdict.action.get(Tier.PUBLIC.label) == Operator.CLEAR.value


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
    return {
        position: ColumnMask(_FREE_TEXT, operator, _FREE_TEXT)
        for position, verdict in enumerate(classification)
        if verdict.data_class is DataClass.NONE
        and position not in classification.released
        and view.kind(position) is Kind.TEXT
    }


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
