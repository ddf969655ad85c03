"""Masks by position, applied to a table or to one value; the input is never changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import Any, Protocol

from ..errors import MaskingError
from ..frames import FrameView
from ..keys.keyring import KeyRing
from ..model import Operator

__all__ = ["ColumnMask", "FindSpans", "MaskedFrame", "SpanLike", "mask_frame", "mask_value"]

_FREE_TEXT = "FREE_TEXT_WITH_PII"
_MAKER = object()


class SpanLike(Protocol):
    """A part of a text and what it is."""

    @property
    def start(self) -> int:
        """First character."""
        ...

    @property
    def end(self) -> int:
        """One past the last character."""
        ...

    @property
    def entity(self) -> str:
        """What stands there."""
        ...


FindSpans = Callable[[str], Sequence[SpanLike]]
"""Finds what is sensitive within a text; spans are sorted and do not overlap."""


@dataclass(frozen=True, slots=True)
class ColumnMask:
    """What is done to one column."""

    entity: str
    operator: Operator
    domain: str
    """Equal values of one domain have equal handles; by default a column's domain is its entity."""


@dataclass(frozen=True, slots=True)
class MaskedFrame:
    """A table that may be shown at the tier it was masked for. Only `mask_frame` makes one."""

    native: Any
    """The masked copy, of the same library and type."""
    masked: Mapping[str, int]
    """Number of changed cells by entity; entities without any are left out."""
    _maker: object = field(repr=False, default=None)

    def __post_init__(self) -> None:
        if self._maker is not _MAKER:
            raise TypeError("only mask_frame() makes a MaskedFrame")


def mask_frame(
    view: FrameView,
    masks: Mapping[int, ColumnMask],
    keyring: KeyRing,
    *,
    on_screen: bool,
    labels: Sequence[Hashable] | None = None,
    find_spans: FindSpans | None = None,
) -> MaskedFrame:
    """A masked copy of the table: same type, shape, order, row labels; nulls stay null.

    ``masks`` are by position; positions without one are copied as they are. ``labels``, if given,
    replace the labels of all positions, for labels that are values themselves. ``find_spans`` tells
    what to mask within free text; without it free text is redacted as a whole. MaskingError, which
    never holds a value, means that nothing may be shown.
    """
    mappers = {
        position: _mapper(mask, keyring, on_screen, find_spans)
        for position, mask in masks.items()
        if mask.operator is not Operator.CLEAR
    }
    try:
        native, counts = view.masked_and_counted(mappers, labels)
    except MaskingError:
        raise
    except Exception as error:  # noqa: BLE001 - fail closed; the words of any library may quote values
        raise _failed(type(error).__name__) from None
    masked: Counter[str] = Counter()
    for position, count in counts.items():
        masked[masks[position].entity] += count
    return MaskedFrame(native, dict(+masked), _MAKER)


def mask_value(
    value: Any,
    mask: ColumnMask,
    keyring: KeyRing,
    *,
    on_screen: bool,
    find_spans: FindSpans | None = None,
) -> Any:
    """One value masked as `mask_frame` would mask it; None and NaN stay what they are."""
    if value is None or (isinstance(value, float) and isnan(value)) or mask.operator is Operator.CLEAR:
        return value
    return _mapper(mask, keyring, on_screen, find_spans)([value])[0]


def _mapper(
    mask: ColumnMask, keyring: KeyRing, on_screen: bool, find_spans: FindSpans | None
) -> Callable[[list[Any]], list[Any]]:
    def apply(values: list[Any]) -> list[Any]:
        try:
            if mask.entity == _FREE_TEXT:
                return _free_text(values, mask, keyring, on_screen, find_spans)
            return _operated(values, mask.operator, mask.entity, mask.domain, keyring, on_screen)
        except MaskingError:
            raise
        except Exception as error:  # noqa: BLE001 - fail closed; the words of any library may quote values
            raise _failed(mask.entity, type(error).__name__) from None

    return apply


def _operated(
    values: list[Any], operator: Operator, entity: str, domain: str, keyring: KeyRing, on_screen: bool
) -> list[Any]:
    # The operators bring their patterns; whoever only loads the extension need not wait for them.
    from .operator import OPERATORS, MaskContext

    return OPERATORS[operator].apply(values, MaskContext(entity, domain, keyring, on_screen))


def _failed(what: str, kind: str = "error") -> MaskingError:
    return MaskingError(
        f"privguard: masking failed ({what}, {kind}), so nothing is shown; `privguard doctor` looks for the cause."
    )


def _free_text(
    values: list[Any], mask: ColumnMask, keyring: KeyRing, on_screen: bool, find_spans: FindSpans | None
) -> list[Any]:
    from .canonical import REDACTED

    if find_spans is None or mask.operator in (Operator.REDACT, Operator.ROUND):
        return [REDACTED] * len(values)
    found = [list(find_spans(value)) if isinstance(value, str) else None for value in values]
    handles = _handles(values, found, mask, keyring, on_screen)
    return [
        # What is not text cannot be searched, so it is withheld.
        REDACTED if spans is None else _spliced(value, spans, handles)
        for value, spans in zip(values, found, strict=True)
    ]


def _handles(
    values: list[Any],
    found: list[list[SpanLike] | None],
    mask: ColumnMask,
    keyring: KeyRing,
    on_screen: bool,
) -> dict[tuple[str, str], str]:
    """What stands instead of each found text: its entity's name, or a handle of its entity's domain."""
    parts: dict[str, dict[str, None]] = {}
    for value, spans in zip(values, found, strict=True):
        for span in spans or ():
            parts.setdefault(span.entity, {})[value[span.start : span.end]] = None
    handles: dict[tuple[str, str], str] = {}
    for entity, texts in parts.items():
        if mask.operator in (Operator.ENCRYPT, Operator.TOKEN) and entity not in ("CREDENTIAL", "CARD_CVV"):
            masked = _operated(list(texts), mask.operator, entity, entity, keyring, on_screen)
        else:
            masked = [f"[{entity}]"] * len(texts)
        handles.update({(entity, text): new for text, new in zip(texts, masked, strict=True)})
    return handles


def _spliced(text: str, spans: Sequence[SpanLike], handles: Mapping[tuple[str, str], str]) -> str:
    pieces, at = [], 0
    for span in spans:
        if not at <= span.start < span.end <= len(text):
            raise ValueError("spans must be sorted and within the text")
        pieces += [text[at : span.start], handles[span.entity, text[span.start : span.end]]]
        at = span.end
    return "".join(pieces) + text[at:]
