"""A table's classification under a policy, and the table masked by it: the same for every surface."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..classification.spans import find_spans
from ..frames import FrameView, frame_of
from ..keys.keyring import KeyRing
from ..model import ColumnVerdict, DataClass, Operator, Tier
from ..policy.decide import operator_for, override_for
from ..policy.rules import Policy
from .text import mask_spans

if TYPE_CHECKING:
    from ..masking.masker import ColumnMask, FindSpans, MaskedFrame

__all__ = ["Classification", "assess", "mask_table", "masks_for"]


@dataclass(frozen=True, slots=True)
class Classification:
    """The verdicts of one table, in column order; index levels that count as columns follow."""

    columns: tuple[ColumnVerdict, ...]
    dataset: str | None = None

    def __iter__(self) -> Iterator[ColumnVerdict]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __getitem__(self, position: int) -> ColumnVerdict:
        return self.columns[position]

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
        return "\n".join(
            "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines
        )

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(
            f'<th scope="col">{name}</th>' for name in ("column", "entity", "class", "confidence", "public sees", "why")
        )
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in (*_row(v), "; ".join(v.evidence))) + "</tr>"
            for v in self.columns
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


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
) -> Classification:
    """The verdict of every column of ``view``, with what each tier would see under ``policy``."""
    # Not needed before the first table; `%load_ext` need not wait for header words and patterns.
    from ..classification.classifier import classify
    from ..classification.headers import label_text

    chosen = dict(overrides or {})
    for position, label in enumerate(view.labels):
        named = override_for(policy, label_text(label), dataset=dataset, source=source)
        if named is not None:
            chosen[position] = named
    verdicts = classify(view, header_only=header_only, full=full, overrides=chosen)
    return Classification(
        tuple(
            replace(
                verdict,
                action=_actions(verdict, "text" if header_only else str(view.kind(position)), policy, dataset, source),
            )
            for position, verdict in enumerate(verdicts)
        ),
        dataset,
    )


def _actions(
    verdict: ColumnVerdict, kind: str, policy: Policy, dataset: str | None, source: str | None
) -> dict[str, str]:
    if not verdict.is_sensitive:
        return {tier.label: Operator.CLEAR.value for tier in Tier}
    return {
        tier.label: operator_for(
            verdict.entity, verdict.data_class, tier, kind, policy, dataset=dataset, source=source
        )[0].value
        for tier in Tier
    }


def masks_for(classification: Classification, tier: Tier) -> dict[int, ColumnMask]:
    """The masks by position that ``tier`` needs; columns shown in clear are left out."""
    from ..masking.masker import ColumnMask

    masks = {}
    for position, verdict in enumerate(classification):
        operator = Operator(verdict.action.get(tier.label, Operator.CLEAR.value))
        if verdict.data_class is not DataClass.NONE and operator is not Operator.CLEAR:
            masks[position] = ColumnMask(verdict.entity, operator, verdict.entity)
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
    find_spans: FindSpans = find_spans,
) -> MaskedFrame:
    """``view`` classified and masked for ``tier``; labels that are values themselves are masked too.

    ``find_spans`` finds what to mask within free text: patterns, if nobody knows more.
    """
    from ..masking.masker import mask_frame

    known = classification or assess(view, policy=policy, dataset=dataset, source=source)
    return mask_frame(
        view,
        masks_for(known, tier),
        keyring,
        on_screen=on_screen,
        labels=_masked_labels(view.labels, tier, policy, keyring, on_screen),
        find_spans=find_spans,
    )


def _masked_labels(
    labels: Sequence[Hashable], tier: Tier, policy: Policy, keyring: KeyRing, on_screen: bool
) -> list[Hashable] | None:
    changed = False
    out: list[Hashable] = []
    for label in labels:
        parts = label if isinstance(label, tuple) else (label,)
        new = tuple(
            mask_spans(part, tier=tier, policy=policy, keyring=keyring, on_screen=on_screen)
            if isinstance(part, str)
            else part
            for part in parts
        )
        changed = changed or new != parts
        out.append(new if isinstance(label, tuple) else new[0])
    return out if changed else None
