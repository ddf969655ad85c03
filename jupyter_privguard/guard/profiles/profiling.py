"""Safe exploration: what a table is like, from its verdicts and a view. Pure.

Of a column that is sensitive, or may be, everything told stands for at least ``k`` rows, and so does whatever is left
over: each column is cut into groups once, and no group is small. What says who somebody is has neither values nor
bands, however many share one: a name of ten people is a name. Nor has what everybody sees as a token, in part or not
at all. What everybody sees coarser is told in its coarser form, numbers and dates in bands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from ...frames import FrameView, Kind
from ...frames.counting import counted, numbers
from ...model import GENERALISED, ColumnVerdict, DataClass, Operator, Tier
from .profile import ColumnProfile, Part, Profile
from .wording import Banded, count_band, limits_of, text_of, told

if TYPE_CHECKING:
    from ...masking.masker import ColumnMask

__all__ = ["CoarserForms", "profile"]

# `Any` in this file is a cell value, or an array of numbers.

CoarserForms = Callable[[list[Any], "ColumnMask"], list[Any]]
"""Distinct values as everybody sees them who sees them coarser."""

_MEASURES = frozenset("DATE_OF_BIRTH AGE GEO_COORDINATE INCOME ACCOUNT_BALANCE FINANCIAL HEALTH_MEASURE".split())
"""What has an order, so that bands say something."""

_SHARED = frozenset(
    """
    CITY GENDER MARITAL_STATUS NATIONALITY ETHNICITY RELIGION POLITICAL SEXUAL_ORIENTATION TRADE_UNION CRIMINAL_RECORD
    DIAGNOSIS MEDICAL_CODE MEDICATION
    """.split()
)
"""What says to which group somebody belongs, and of itself not who it is."""

_MOST_VALUES = 10
_MOST_LOOKED_AT = 50_000
"""Distinct values whose coarser forms are looked up; of a column that has more, a sample's are."""
_MOST_COMPARED = 1_000_000
_OLDEST_AGE = 90
_TOO_FEW = "too few rows share anything"
_NOT_TOLD = "values are not told"


def profile(
    view: FrameView,
    verdicts: Sequence[ColumnVerdict],
    *,
    k: int,
    masks: Mapping[int, ColumnMask] | None = None,
    coarser: CoarserForms | None = None,
    may_show: Callable[[str], bool] = lambda _: True,
    dataset: str | None = None,
    now: datetime | None = None,
) -> Profile:
    """The table ``view``, whose ``verdicts`` say what each tier sees, for everybody.

    ``masks`` by position and ``coarser`` tell the coarser forms of values; without them none are told. A text that
    ``may_show`` refuses is in no column: what leaves a cell would change it. All rows are counted, but for the coarser
    forms of columns with more than 50,000 different values, which are those of a sample.
    """
    table = _Table(view, k, masks or {}, coarser, now or datetime.now(UTC))
    columns = tuple(_checked(table.column(at, verdict), may_show) for at, verdict in enumerate(verdicts))
    return Profile(dataset, view.rows, k, columns, min(view.rows, _MOST_LOOKED_AT) if table.sampled else None)


def _checked(column: ColumnProfile, may_show: Callable[[str], bool]) -> ColumnProfile:
    """``column`` without texts that may not be shown; rows of such a value are others."""
    if not all(map(may_show, filter(None, (column.range, *(part.text for part in column.bands))))):
        column = replace(column, range="", bands=(), note=_NOT_TOLD)
    kept = tuple(part for part in column.frequent if may_show(part.text))
    moved = sum(part.rows for part in column.frequent) - sum(part.rows for part in kept)
    return replace(column, frequent=kept, others=column.others + moved) if moved else column


class _Table:
    def __init__(
        self,
        view: FrameView,
        k: int,
        masks: Mapping[int, ColumnMask],
        coarser: CoarserForms | None,
        now: datetime,
    ) -> None:
        self._view = view
        self._k = k
        self._masks = masks
        self._coarser = coarser
        self._now = now
        self.sampled = False

    def column(self, at: int, verdict: ColumnVerdict) -> ColumnProfile:
        found, kind = counted(self._view, at), self._view.kind(at)
        is_guess = verdict.ASKS_FROM <= verdict.confidence < verdict.ACTS_FROM and verdict.data_class is not _NONE
        is_open = not verdict.is_sensitive and not is_guess
        distinct = len(found.sizes)
        known = ColumnProfile(
            column=verdict.column,
            data_class=verdict.data_class.value,
            entity=verdict.entity + ("?" if is_guess else ""),
            kind=kind.value,
            rows=self._view.rows,
            nulls=found.nulls,
            distinct=f"{distinct:,}" if is_open else count_band(distinct),
            sees=verdict.action.get(Tier.PUBLIC.label, Operator.CLEAR.value),
        )
        more = self._open(at, kind, found.sizes) if is_open else self._guarded(at, verdict, kind, found.sizes)
        return _with(known, more)

    # --- what is not sensitive ----------------------------------------------------------------------

    def _open(self, at: int, kind: Kind, sizes: Any) -> _More:
        frequent: list[Part] = []
        if kind is not Kind.OTHER and len(sizes) and int(sizes.max()) >= self._k:
            values, places = self._view.distinct(at), (-sizes).argsort(kind="stable")[:_MOST_VALUES].tolist()
            frequent = [Part(text_of(values[place]), int(sizes[place])) for place in places if sizes[place] >= self._k]
        others = int(sizes.sum()) - sum(part.rows for part in frequent) if frequent else 0
        if kind not in (Kind.INTEGER, Kind.NUMBER, Kind.DATETIME):
            return _More(frequent=frequent, others=others)
        found = numbers(self._view, at)
        bands, limits = self._bands(found, kind, smallest=1), limits_of(found, kind)
        if len(sizes) <= _MOST_VALUES and frequent:  # few values say all that bands could
            return _More(limits, frequent=frequent, others=others)
        return _More(limits, bands=bands.parts) if bands.parts else _More(limits, frequent=frequent, others=others)

    # --- what is, or may be -------------------------------------------------------------------------

    def _guarded(self, at: int, verdict: ColumnVerdict, kind: Kind, sizes: Any) -> _More:
        sees = Operator(verdict.action.get(Tier.PUBLIC.label, Operator.CLEAR.value))
        if verdict.data_class is DataClass.CREDENTIAL:
            return _More(note=_NOT_TOLD)
        mask = self._masks.get(at)
        is_coarsened = sees is Operator.GENERALISE and mask is not None and self._coarser is not None
        if self._is_measured(verdict, kind) and sees in _COARSE and not (mask is not None and mask.hierarchy):
            return self._measured(at, verdict.entity, kind)
        if is_coarsened and mask is not None and (verdict.entity in GENERALISED or mask.hierarchy):
            forms = self._forms(at, sizes, mask)
            is_years = verdict.entity == "DATE_OF_BIRTH" and not mask.hierarchy
            return self._years(forms) if is_years else self._grouped(forms)
        if sees is Operator.CLEAR and verdict.entity in _SHARED and len(sizes) <= _MOST_COMPARED:
            texts = map(text_of, self._view.distinct(at))
            return self._grouped(_summed(zip(texts, sizes.tolist(), strict=True)))
        return _More(note=_NOT_TOLD)

    def _is_measured(self, verdict: ColumnVerdict, kind: Kind) -> bool:
        # A birth date that is a whole number may be a year, or a date written as one number.
        is_number = kind in (Kind.INTEGER, Kind.NUMBER) and verdict.entity != "DATE_OF_BIRTH"
        return verdict.entity in _MEASURES and (is_number or kind is Kind.DATETIME)

    def _measured(self, at: int, entity: str, kind: Kind) -> _More:
        limits: dict[str, Any] = {
            # As masks have them: 45 CFR 164.514(b)(2)(i)(C) makes all who are 90 or older one group.
            "AGE": {"least_width": 5.0, "highest": float(_OLDEST_AGE)},
            "DATE_OF_BIRTH": {"lowest": float(self._oldest)},
            "GEO_COORDINATE": {"least_width": 0.1},
        }.get(entity, {})
        least = "Y" if entity == "DATE_OF_BIRTH" else "M"
        if not limits and kind is not Kind.DATETIME:
            limits = {"least_width": 1.0 if kind is Kind.INTEGER else 0.0}
        found = self._bands(numbers(self._view, at), kind, smallest=self._k, least=least, **limits)
        return _More(found.range, bands=found.parts) if found.parts else _More(note=_TOO_FEW)

    def _bands(self, found: Any, kind: Kind, *, smallest: int, least: str = "D", **limits: Any) -> Banded:
        from ...frames.bands import banded, calendar

        unit = ""
        if kind is Kind.DATETIME:
            unit, found = calendar(found, smallest=smallest, least=least)
            limits = {"least_width": 1.0, **limits}
        elif kind is Kind.INTEGER and smallest == 1:
            limits = {"least_width": 1.0}
        bands = banded(found, smallest=smallest, **limits)
        return Banded("", []) if bands is None else told(bands, unit, is_whole=kind is Kind.INTEGER)

    def _forms(self, at: int, sizes: Any, mask: ColumnMask) -> Counter[str]:
        """Rows by coarser form. What is no form of the mask's own, as a handle, is in none."""
        if len(sizes) <= _MOST_LOOKED_AT:
            values, rows = self._view.distinct(at), sizes.tolist()
        else:
            self.sampled = True
            values = self._view.sample(at, _MOST_LOOKED_AT)
            rows = [1] * len(values)
        forms = self._coarser(values, mask) if self._coarser is not None else []
        own = set(mask.hierarchy.values()) if mask.entity not in GENERALISED else None
        return _summed(
            (text_of(form) if own is None or form in own else "", count)
            for form, count in zip(forms, rows, strict=True)
        )

    def _years(self, forms: Counter[str]) -> _More:
        """Years of birth in bands: there are many, and each is of few."""
        from ...frames.bands import banded

        years = [year for form, rows in forms.items() for year in [_year(form)] * rows]
        bands = banded(years, smallest=self._k, least_width=1.0, lowest=float(self._oldest))
        found = Banded("", []) if bands is None else told(bands, "Y", is_whole=True)
        return _More(found.range, bands=found.parts) if found.parts else _More(note=_TOO_FEW)

    @property
    def _oldest(self) -> int:
        return self._now.year - _OLDEST_AGE + 1

    def _grouped(self, groups: Counter[str]) -> _More:
        """The largest groups; what is left over is nothing, or as many rows as any group must have."""
        rest = groups.pop("", 0) + groups.pop("[redacted]", 0)
        ordered = sorted(groups.items(), key=lambda one: (-one[1], one[0]))
        kept = [Part(text, rows) for text, rows in ordered[:_MOST_VALUES] if rows >= self._k]
        rest += sum(rows for _, rows in ordered) - sum(part.rows for part in kept)
        while kept and 0 < rest < self._k:  # else the total would tell of few: one more group keeps them company
            rest += kept.pop().rows
        return _More(frequent=kept, others=rest) if kept else _More(note=_TOO_FEW)


_NONE = DataClass.NONE
_COARSE = frozenset({Operator.CLEAR, Operator.ROUND, Operator.SHIFT, Operator.GENERALISE})


class _More(NamedTuple):
    range: str = ""
    bands: Sequence[Part] = ()
    frequent: Sequence[Part] = ()
    others: int = 0
    note: str = ""


def _with(known: ColumnProfile, more: _More) -> ColumnProfile:
    return replace(
        known,
        range=more.range,
        bands=tuple(more.bands),
        frequent=tuple(more.frequent),
        others=more.others,
        note=more.note if known.rows > known.nulls else "no values",
    )


def _year(form: str) -> float:
    """The year that a coarser birth date tells; one year before it where it says ``before``, NaN where none."""
    found = re.search(r"[0-9]{4}", form)
    return float("nan") if found is None else float(found[0]) - form.startswith("before")


def _summed(pairs: Any) -> Counter[str]:
    groups: Counter[str] = Counter()
    for text, rows in pairs:
        groups[text] += rows
    return groups
