"""Labels that are somebody's values: what stands in their place.

A pivot makes labels of values, and so does a table that is turned on its side. The level of labels has the
name of the column that they were; without a name they are known by other tables, by their form, or because
nearly all of them look like persons' values.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ...errors import InputError
from ...frames import FrameView
from ...frames.nested import is_nested, texts_in
from ...keys.keyring import KeyRing
from ...masking.canonical import REDACTED
from ...model import ColumnVerdict, DataClass, Tier
from ...policy.rules import Policy
from ..reveal import parse_handle
from ..texts.known import Hit

if TYPE_CHECKING:
    from ...masking.free_text import FindSpans, SpanLike

__all__ = [
    "NewLabels",
    "acts_on_labels",
    "finding_in_lists",
    "masked_labels",
    "masked_texts",
    "short_handle",
    "values_in_labels",
]

_FULL = ("tok:", "enc:")
_FEWEST = 3
"""Labels of a level without a name that may be told by their looks."""
_SURE = 0.85
"""Confidence from which they are."""

_MOST_LISTED = 1000
"""Labels of a table that are looked at together."""

MaskText = Callable[[str], str]


class NewLabels(NamedTuple):
    """What to call the columns of a masked copy."""

    labels: list[Hashable] | None
    """By position, as `FrameView.masked` takes them; None where nothing is changed."""
    names: list[Hashable] | None
    """Of the levels of labels; None where nothing is changed."""


def acts_on_labels(verdict: ColumnVerdict, level: FrameView) -> bool:
    """Whether a verdict on the labels of a level acts: every one does where the level has a name.

    Without a name nothing says that labels are values, so only those count that tell who somebody is: a table
    may well have a column for each diagnosis.
    """
    if level.labels[0] is not None:
        return verdict.is_sensitive
    return verdict.data_class is DataClass.PII and verdict.confidence >= _SURE and level.rows >= _FEWEST


def values_in_labels(labels: Sequence[Hashable], verdicts: Iterable[ColumnVerdict]) -> dict[int, str]:
    """By position the labels that are values of their own columns, on which ``verdicts`` are.

    Of a file without a header the first row is taken for one. A value among the labels proves that, if none of the
    others means anything by itself: then those of other sensitive columns are values too, if they hold a digit.
    """
    found = [
        (at, str.__str__(cast("str", label)), verdict)  # by str's own method: a subclass may have others
        for at, (label, verdict) in enumerate(zip(labels, verdicts, strict=False))
        if issubclass(type(label), str) and verdict.is_sensitive
    ]
    sure = {at: text for at, text, verdict in found if verdict.column == REDACTED}
    if not sure or _means_anything([label for at, label in enumerate(labels) if at not in sure]):
        return sure
    return sure | {at: text for at, text, _ in found if any(map(str.isdigit, text))}


def _means_anything(labels: Sequence[Hashable]) -> bool:
    from ...classification.headers import label_text, read_header

    return any(read_header(label_text(label)[:400]).hints for label in labels if label is not None)


def masked_labels(
    view: FrameView,
    verdicts: Mapping[int, ColumnVerdict],
    *,
    tier: Tier,
    policy: Policy,
    keyring: KeyRing,
    on_screen: bool,
    mask_text: MaskText,
    own: Mapping[int, Hashable] | None = None,
) -> NewLabels:
    """The labels of ``view`` with masks: of levels that ``verdicts`` tell of all labels, of others what is in them.

    ``mask_text`` masks what is found within a text; ``own`` has by position what stands for values of the column.
    """
    heads = view.heads
    new = _by_level(heads, verdicts, tier=tier, policy=policy, keyring=keyring, on_screen=on_screen)
    labels = masked_texts(view.labels, mask_text, by_level=new, width=view.width)
    if own:
        labels = [own.get(at, label) for at, label in enumerate(labels or view.labels)]
    names = masked_texts([level.labels[0] for level in heads], mask_text)
    return NewLabels(labels, names)


def _by_level(
    heads: Sequence[FrameView],
    verdicts: Mapping[int, ColumnVerdict],
    *,
    tier: Tier,
    policy: Policy,
    keyring: KeyRing,
    on_screen: bool,
) -> dict[int, dict[Any, Any]]:
    """For each level that is masked as a whole: what stands for which label."""
    if not verdicts:
        return {}
    from ...masking.masker import mask_values
    from .column_masks import mask_at

    new = {}
    for level, verdict in verdicts.items():
        mask = mask_at(verdict, tier, policy)
        if mask is not None:
            values = heads[level].distinct(0)
            new[level] = dict(zip(values, mask_values(values, mask, keyring, on_screen=on_screen), strict=True))
    return new


def finding_in_lists(labels: Sequence[Hashable], find: FindSpans) -> FindSpans:
    """What ``find`` finds in one of ``labels``: by itself, or in the list of all of them, where others explain it."""
    parts = (part for label in labels for part in _parts(label))
    texts = list(dict.fromkeys(str.__str__(part) for part in parts if issubclass(type(part), str)))
    among: dict[str, list[Hit]] = {}
    if 2 <= len(texts) <= _MOST_LISTED:
        starts, at = [], 1
        for text in texts:
            starts.append(at)
            at += len(text) + 3
        for span in find("\n".join(f"'{text}'" for text in texts)):
            place = bisect_right(starts, span.start) - 1
            if place < 0:  # it begins with the quote before the first one
                continue
            text, start, end = texts[place], span.start - starts[place], span.end - starts[place]
            if end <= len(text):
                value, domain = getattr(span, "value", None) or text[start:end], getattr(span, "domain", "")
                among.setdefault(text, []).append(Hit(start, end, span.entity, value, domain))

    def found(text: str) -> Sequence[SpanLike]:
        alone, listed = find(text), among.get(text, [])
        return listed if len(listed) > len(alone) else alone

    return found


def _parts(label: Hashable) -> tuple[Hashable, ...]:
    """The levels of a label; isinstance would ask it, and it may answer anything."""
    return cast("tuple[Hashable, ...]", label) if issubclass(type(label), tuple) else (label,)


def masked_texts(
    labels: Sequence[Hashable],
    mask_text: MaskText,
    *,
    by_level: Mapping[int, Mapping[Any, Any]] | None = None,
    width: int = 0,
) -> list[Hashable] | None:
    """``labels`` with what ``mask_text`` finds in their texts masked; None if that is nothing.

    Of the first ``width`` labels the parts at the levels in ``by_level`` are replaced as a whole.
    """
    levels = by_level or {}
    out: list[Hashable] = []
    changed = False
    for at, label in enumerate(labels):
        is_tuple, parts = issubclass(type(label), tuple), _parts(label)
        new = tuple(
            levels[level].get(part, part) if at < width and level in levels else _text(part, mask_text)
            for level, part in enumerate(parts)
        )
        changed = changed or any(after is not before for after, before in zip(new, parts, strict=True))
        out.append(new if is_tuple else new[0])
    return out if changed else None


def _text(part: Hashable, mask_text: MaskText) -> Hashable:
    """A part of a label, or the text that stands instead of it."""
    kind = type(part)
    if kind is bytes:
        text = cast("bytes", part).decode("utf-8", "backslashreplace")
    elif issubclass(kind, str):
        text = str.__str__(cast("str", part))  # by str's own method: a subclass may have others
    elif is_nested(kind):
        return REDACTED if any(mask_text(text) != text for text in map(str.__str__, texts_in(part))) else part
    else:
        return part
    masked = mask_text(text)
    return part if masked == text else masked


def short_handle(text: str) -> str:
    """A full handle as it stands on a screen; any other text as it is."""
    try:
        return parse_handle(text).short if text.startswith(_FULL) else text
    except InputError:  # it only begins like one
        return text
