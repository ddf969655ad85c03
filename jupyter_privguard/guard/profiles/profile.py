"""What a column is like without its values: a structure of texts that may be shown, as a table and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["ColumnProfile", "Part", "Profile"]

_HEADINGS = ("column", "class", "entity", "type", "nulls", "distinct", "range", "public sees")


class Part(NamedTuple):
    """Some rows of a column: those of one value or band."""

    text: str
    rows: int


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column, as far as everybody may know it."""

    column: str
    """Its label, as far as that may be shown."""
    data_class: str
    entity: str
    """With a question mark where it is a guess."""
    kind: str
    """What its type says, such as ``text`` or ``integer``."""
    rows: int
    nulls: int
    distinct: str
    """A number; of what is sensitive a band."""
    sees: str
    """The operator by which everybody sees its values."""
    range: str = ""
    """From the lowest band to the highest; of what is not sensitive from the lowest value to the highest."""
    bands: tuple[Part, ...] = ()
    """Rows by band, in order. Of what is sensitive all rows with a value, or none."""
    frequent: tuple[Part, ...] = ()
    """The most frequent values, or coarser forms, each shared by at least ``k`` rows."""
    others: int = 0
    """Rows with other values than the ``frequent`` ones; of what is sensitive 0 or at least ``k``."""
    note: str = ""
    """Why there is nothing else to tell."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A table, column by column. Nothing in it is of fewer than ``k`` rows where it is sensitive."""

    dataset: str | None
    rows: int
    k: int
    columns: tuple[ColumnProfile, ...]
    looked_at: int | None = None
    """Rows of which the coarser forms of columns with very many values were counted; None: all, everywhere."""

    @property
    def headline(self) -> str:
        """What this is, in one sentence."""
        named = f"{self.dataset}: " if self.dataset else ""
        sampled = f", counted in a sample of {self.looked_at:,} where it says so" if self.looked_at else ""
        return (
            f"{named}{_count(self.rows, 'row')}, {_count(len(self.columns), 'column')}; sensitive columns in groups "
            f"of at least {self.k} rows{sampled}"
        )

    def __repr__(self) -> str:
        lines = [_HEADINGS, *(_cells(column) for column in self.columns)]
        widths = [max(len(line[i]) for line in lines) for i in range(len(_HEADINGS))]
        text = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines]
        parts = [f"{column.column}: {', '.join(told)}" for column in self.columns if (told := _told(column))]
        return "\n".join([self.headline, "", *text, *([""] if parts else []), *parts])

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(f'<th scope="col">{name}</th>' for name in (*_HEADINGS, "rows by band or value"))
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _cells(column))}<td>{_html_parts(column)}</td></tr>"
            for column in self.columns
        )
        return (
            f"<table><caption>{escape(self.headline)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def _cells(column: ColumnProfile) -> tuple[str, ...]:
    nulls = _percent(column.nulls, column.rows)
    first = (column.column, column.data_class, column.entity, column.kind)
    return (*first, nulls, column.distinct, column.range or "-", column.sees)


def _parts(column: ColumnProfile) -> list[Part]:
    others = [Part("others", column.others)] if column.others else []
    return [*column.bands, *column.frequent, *others]


def _told(column: ColumnProfile) -> list[str]:
    known = column.rows - column.nulls
    told = [f"{part.text} {part.rows:,} ({_percent(part.rows, known)})" for part in _parts(column)]
    return [*told, column.note] if column.note else told


def _html_parts(column: ColumnProfile) -> str:
    from html import escape

    known = column.rows - column.nulls
    told = [
        f"<div>{escape(part.text)} {part.rows:,} ({_percent(part.rows, known)})"
        # A bar beside the number, in whatever colour text has.
        f'<div style="width:{100 * part.rows // max(1, known)}%;height:3px;background:currentColor;opacity:.5"></div>'
        "</div>"
        for part in _parts(column)
    ]
    return "".join([*told, f"<div>{escape(column.note)}</div>" if column.note else ""])


def _percent(part: int, whole: int) -> str:
    """Never rounded to none or all when it is not."""
    tenths = round(1000 * part / whole) if whole else 0
    if part and tenths == 0:
        return "<0.1 %"
    return ">99.9 %" if part < whole and tenths == 1000 else f"{tenths / 10:g} %"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"
