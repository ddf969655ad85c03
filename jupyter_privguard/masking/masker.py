"""Masks by position, applied to a table or to one value; the input is never changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import compress
from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import MaskingError, PrivguardError
from ..frames import FrameView, Mapper
from ..frames.nested import is_nested
from ..keys.keyring import KeyRing
from ..model import FREE_TEXT, Operator
from .free_text import FindMore, FindSpans, SpanLike, masked_texts

if TYPE_CHECKING:
    from .operator import MaskContext
    from .surrogates import Surrogates

__all__ = ["ColumnMask", "FindSpans", "MaskedFrame", "SpanLike", "Subject", "mask_frame", "mask_value", "mask_values"]

_MAKER = object()


class Subject(NamedTuple):
    """Whose rows a table has: all dates of one subject are shifted alike."""

    position: int
    """The column that tells."""
    domain: str
    """Keeps shifts apart: that of the column."""


@dataclass(frozen=True, slots=True)
class ColumnMask:
    """What is done to one column."""

    entity: str
    operator: Operator
    domain: str
    """Equal values of one domain have equal handles; by default a column's domain is its entity."""
    hierarchy: Mapping[str, str] = field(default_factory=dict)
    """The policy's coarser texts by value, for ``generalise``."""
    subject: Subject | None = None
    """For ``shift``; where it is not known whose dates they are, they are redacted."""
    month_first: bool | None = None
    """How dates are read that make sense both ways, for ``shift``; None where the values at hand have to tell."""
    find_more: FindMore | None = None
    """Of free text in whose column values of persons stand: finds there what has no form."""
    strays_only: bool = False
    """Of free text in cells of several kinds, lists and records: texts in which something is found are masked, all else
    stays."""


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
    surrogates: Surrogates | None = None,
) -> MaskedFrame:
    """A masked copy of the table: same type, shape, order, row labels; nulls stay null.

    ``masks`` are by position; positions without one are copied as they are. ``labels``, if given,
    replace the labels of all positions, for labels that are values themselves. ``find_spans`` tells
    what to mask within free text; without it free text is redacted as a whole. ``surrogates`` draws
    and keeps random ones. MaskingError, or another error of this package where its state cannot be used,
    means that nothing may be shown; neither ever holds a value.
    """
    masking = _Masking(keyring, on_screen, find_spans, surrogates)
    acting = {position: mask for position, mask in masks.items() if mask.operator is not Operator.CLEAR}
    beside = {
        position: mask.subject.position
        for position, mask in acting.items()
        if mask.operator is Operator.SHIFT and mask.subject is not None
    }
    mappers = {
        position: masking.pair_mapper(mask) if position in beside else masking.mapper(mask)
        for position, mask in acting.items()
    }
    try:
        native, counts = view.masked_and_counted(mappers, labels, beside=beside)
    except PrivguardError:
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
    surrogates: Surrogates | None = None,
) -> Any:
    """One value masked as `mask_frame` would mask it; None and NaN stay what they are.

    A date that is to be shifted is redacted: nobody stands beside it whose it could be.
    """
    if value is None or (isinstance(value, float) and isnan(value)):
        return value
    return mask_values([value], mask, keyring, on_screen=on_screen, find_spans=find_spans, surrogates=surrogates)[0]


def mask_values(
    values: Sequence[Any],
    mask: ColumnMask,
    keyring: KeyRing,
    *,
    on_screen: bool,
    find_spans: FindSpans | None = None,
    surrogates: Surrogates | None = None,
) -> list[Any]:
    """Distinct values, none of them null, masked as `mask_frame` would mask a column of them; dates as `mask_value`."""
    if mask.operator is Operator.CLEAR or not values:
        return list(values)
    return _Masking(keyring, on_screen, find_spans, surrogates).mapper(mask)(list(values))


class _Masking(NamedTuple):
    """What is the same for all columns of a table."""

    keyring: KeyRing
    on_screen: bool
    find_spans: FindSpans | None
    surrogates: Surrogates | None

    def mapper(self, mask: ColumnMask) -> Mapper:
        """Masks the distinct values of a column."""
        return lambda values: self._applied(values, mask, None)

    def pair_mapper(self, mask: ColumnMask) -> Mapper:
        """Masks distinct pairs of a value and whose it is."""
        return lambda pairs: self._applied([value for value, _ in pairs], mask, [whose for _, whose in pairs])

    def _applied(self, values: list[Any], mask: ColumnMask, subjects: list[Any] | None) -> list[Any]:
        if not mask.strays_only and not any(map(is_nested, set(map(type, values)))):
            return self._readable(values, mask, subjects)
        from . import nested_cells

        try:
            if mask.strays_only:
                return nested_cells.without_strays(values, partial(self._free_text, mask=mask))
            return nested_cells.by_leaves(
                values,
                lambda leaves, whose: self._readable(leaves, mask, whose),
                subjects=subjects,
                keep_lists=mask.entity != FREE_TEXT,
            )
        except PrivguardError:
            raise
        except Exception as error:  # noqa: BLE001 - fail closed; the words of any library may quote values
            raise _failed(mask.entity, type(error).__name__) from None

    def _readable(self, values: list[Any], mask: ColumnMask, subjects: list[Any] | None) -> list[Any]:
        """The masked values; where some have no text form these are redacted, and not the whole table refused."""
        try:
            return self._masked(values, mask, subjects)
        except PrivguardError:
            from .canonical import REDACTED, has_text

            fit = [has_text(value) for value in values]
            if subjects is not None:
                fit = [one and (whose is None or has_text(whose)) for one, whose in zip(fit, subjects, strict=True)]
            if all(fit):
                raise
            whose = None if subjects is None else list(compress(subjects, fit))
            masked = iter(self._masked(list(compress(values, fit)), mask, whose))
            return [next(masked) if one else REDACTED for one in fit]

    def _masked(self, values: list[Any], mask: ColumnMask, subjects: list[Any] | None) -> list[Any]:
        try:
            if mask.entity == FREE_TEXT:
                return self._free_text(values, mask)
            domain = mask.subject.domain if mask.subject is not None else None
            return _operated(
                values,
                mask.operator,
                self._context(
                    mask.entity,
                    mask.domain,
                    hierarchy=mask.hierarchy,
                    subject_domain=domain,
                    subjects=subjects,
                    month_first=mask.month_first,
                ),
            )
        except PrivguardError:
            raise
        except Exception as error:  # noqa: BLE001 - fail closed; the words of any library may quote values
            raise _failed(mask.entity, type(error).__name__) from None

    def _context(self, entity: str, domain: str, **more: Any) -> MaskContext:
        # The operators bring their patterns; whoever only loads the extension need not wait for them.
        from .operator import MaskContext

        return MaskContext(
            entity, domain, self.keyring, self.on_screen, surrogates=self.surrogates or self.keyring.surrogates, **more
        )

    def _free_text(self, values: list[Any], mask: ColumnMask) -> list[Any]:
        from .canonical import REDACTED

        if self.find_spans is None or mask.operator in (Operator.REDACT, Operator.ROUND):
            return [REDACTED] * len(values)
        find = self.find_spans if mask.find_more is None else partial(_both, self.find_spans, mask.find_more)
        return masked_texts(values, find, partial(self._handles, mask))

    def _handles(self, mask: ColumnMask, entity: str, domain: str, texts: list[str]) -> list[str]:
        """What stands instead of each found text: its entity's name, or a handle of its ``domain``."""
        if mask.operator in _IN_TEXT and entity not in ("CREDENTIAL", "CARD_CVV"):
            return _operated(texts, mask.operator, self._context(entity, domain))
        return [f"[{entity}]"] * len(texts)


def _both(find: FindSpans, find_more: FindMore, text: str) -> list[SpanLike]:
    found = find(text)
    return sorted([*found, *find_more(text, found)], key=lambda span: span.start)


_IN_TEXT = frozenset({Operator.ENCRYPT, Operator.TOKEN})
"""What can be recognised where it stands within a text; other masks would read like the text itself."""


def _operated(values: list[Any], operator: Operator, context: MaskContext) -> list[Any]:
    from .operator import OPERATORS

    return OPERATORS[operator].apply(values, context)


def _failed(what: str, kind: str = "error") -> MaskingError:
    return MaskingError(
        f"privguard: masking failed ({what}, {kind}), so nothing is shown; `privguard doctor` looks for the cause."
    )
