"""What stands in a piece or a column: by form, by name, by its table; under the policy's patterns and masks."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePath

from ..classification.spans import find_spans
from ..frames import FrameView
from ..frames.stored.found import Kept
from ..plots.picture_texts import clean_picture
from ..policy.rules import Policy
from .drawn import are_addresses
from .findings import MOST_VALUES, TRAINING_CODES, TRAINING_ROWS, Edit, Finding, Place
from .forms import Forms
from .hits import excerpt
from .pieces import Cell, Column, Form, Piece, edits_of, line_starts
from .secrets import Hit
from .text_tables import TextColumn, tables_in
from .verdicts import Assess, Verdict, Verdicts, assess_file, is_masked, said

__all__ = ["Digest", "Judge", "by_place"]

Digest = Callable[[Sequence[str]], list[str]]
"""Keyed digests of texts, a fingerprint each."""

_SHORTEST = 6
"""Letters of a cell in which something may be found."""
_SURE_OF_ROWS = 90
_SHORT = 16
"""Letters of the digest of a value of a column: two alike are not met with in one of ten thousand."""
_CODE = re.compile(r"[A-Za-z]{0,6}[-_:#/ ]?(?:\d[-_ ]?){4,}[A-Za-z]{0,2}|(?=[a-z]*\d)[0-9a-f-]{16,}", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)\d\d(?:[-/._]?\d{1,2}){0,2}(?:[T ].*)?")
_FEW_CODES = 20
"""From which on it is said of a list that it holds codes, where nine in ten are."""


class Judge:
    """Judges the pieces and columns of files under one policy.

    ``digest`` makes keyed fingerprints of texts; None where there is no key. What is less sure than ``least`` percent
    is left out. ``assess`` judges tables. With ``by_value`` the findings of columns tell digests of their values, for
    a baseline that is to accept these and no others.
    """

    def __init__(
        self,
        policy: Policy,
        digest: Digest | None,
        least: int,
        *,
        assess: Assess = assess_file,
        by_value: bool = False,
    ) -> None:
        self._digest = digest
        self._least = least
        self._by_value = by_value
        self._verdicts = Verdicts(policy, least, assess)
        self._forms = Forms(policy, least)

    def pieces(self, path: str, found: Iterable[Piece], raw: str) -> Iterator[Finding]:
        """What stands in the pieces of the file ``path`` whose text is ``raw``, if it has one."""
        starts = line_starts(raw)
        for piece in found:
            if len(piece.text) >= 4:
                yield from self._piece(path, piece, raw, starts)

    def columns(self, path: str, table: Sequence[Column], verdicts: Sequence[Verdict | None] = ()) -> Iterator[Finding]:
        """What the columns of one table hold; of notes in them each kind of value.

        ``verdicts`` are those of `of_file`; without any the columns are judged by what is in them.
        """
        cells = [(column.label, [cell.value for cell in column.cells]) for column in table]
        judged = verdicts or self._verdicts.of_cells(cells)
        for column, verdict in zip(table, judged, strict=True):
            if verdict is not None and not self._is_of_memory(column, verdict):
                entity, confidence = verdict
                shown = [cell for cell in column.cells if not is_masked(said(cell.value))]
                if shown:
                    yield self._of_column(path, column, entity, confidence, shown)
            else:
                yield from self._notes(path, column)

    def of_file(self, seen: FrameView, path: str | None) -> Sequence[Verdict | None]:
        """What each column of the table file ``path`` holds, as `privguard classify` says; None for no file."""
        return self._verdicts.of_file(seen, path)

    def kept_rows(self, path: str, place: Place, kept: Kept, shape: str) -> Iterator[Finding]:
        """That rows are kept in which nothing is recognised, or codes: sorts of finding of their own."""
        values = [value for column in kept.cells for value in column if isinstance(value, str)]
        is_codes = not kept.is_rows and _are_codes(values)
        if (not kept.is_rows and not is_codes) or self._least > _SURE_OF_ROWS:
            return
        entity = TRAINING_CODES if is_codes else TRAINING_ROWS
        placed = by_place(path, place, entity)
        content = repr((kept.rows, kept.columns, kept.cells))
        keyed = (self._keyed(f"rows\0{content}") if kept.cells else "") or placed
        said = f"keeps {len(values):,} codes, in {shape}" if is_codes else f"keeps {shape} of its training data"
        yield Finding(path, place, entity, _SURE_OF_ROWS, said, keyed, placed, kept.rows)

    @staticmethod
    def _is_of_memory(column: Column, verdict: Verdict) -> bool:
        """Whether numbers say where objects lie, though they pass the check of France's for insured persons."""
        return verdict[0] == "FR_NIR" and are_addresses([cell.value for cell in column.cells])

    def _notes(self, path: str, column: Column) -> Iterator[Finding]:
        texts = [cell.value for cell in column.cells if isinstance(cell.value, str) and len(cell.value) >= _SHORTEST]
        hits = self._forms.of_values(list(dict.fromkeys(texts)), column.label)
        kinds: dict[str, list[tuple[Cell, Hit]]] = {}
        for cell in column.cells if hits else ():
            for hit in hits.get(cell.value, ()):
                kinds.setdefault(hit.entity, []).append((cell, hit))
        for entity, found in kinds.items():
            edits = [cell.edit for cell, _ in found]
            unique = list(dict.fromkeys(edit for edit in edits if edit is not None))
            sure = max(hit.confidence for _, hit in found)
            yield self._of_column(path, column, entity, sure, [Cell(cell.value, None) for cell, _ in found], unique)

    def _of_column(
        self, path: str, column: Column, entity: str, sure: int, cells: list[Cell], edits: list[Edit] | None = None
    ) -> Finding:
        made = edits if edits is not None else [cell.edit for cell in cells if cell.edit is not None]
        label = "" if is_masked(column.label) or find_spans(column.label) else column.label
        place = column.place._replace(column=label or "without a name")
        placed = by_place(path, place._replace(line=None, at=None), entity)
        return Finding(
            path,
            place,
            entity,
            sure,
            _excerpt(cells),
            self._keyed(f"column\0{entity}\0{column.label}") or placed,
            placed,
            len(cells),
            tuple(made),
            self._values(cells),
        )

    def _keyed(self, text: str) -> str:
        """Its fingerprint under the key; empty without one."""
        return self._digest([text])[0] if self._digest else ""

    def _values(self, cells: Sequence[Cell]) -> tuple[str, ...]:
        """A digest of each value; of very many one of all of them."""
        if self._digest is None or not self._by_value:
            return ()
        values = [said(cell.value) for cell in cells]
        distinct = sorted(set(values))
        digests = dict(zip(distinct, self._digest([f"value\0{one}" for one in distinct]), strict=True))
        if len(distinct) > MOST_VALUES:
            return (hashlib.sha256("".join(sorted(digests.values())).encode()).hexdigest(),)
        return tuple("v" + digests[value][:_SHORT] for value in values)  # so that none is all digits, as cards are

    def _piece(self, path: str, piece: Piece, raw: str, starts: Sequence[int]) -> Iterator[Finding]:
        text, taken = piece.text, []
        for table in tables_in(text) if piece.form is not Form.CODE else ():
            for column, cells, verdict in self._shown_columns(table):
                taken += [(start, end) for _, start, end in cells]
                edits = [edit for _, start, end in cells for edit in edits_of(piece, start, end, raw)]
                kept = [Cell(value) for value, _, _ in cells]
                place = self._placed(piece, cells[0][1], starts)
                yield self._of_column(path, Column(column.label, kept, place), *verdict, kept, edits)
        taken.sort()
        for hit in self._forms.hits(text, piece.form, piece.key):
            at = bisect_right(taken, (hit.start, len(text))) - 1
            if at >= 0 and taken[at][1] > hit.start:
                continue
            place = self._placed(piece, hit.start, starts)
            placed = by_place(path, place, hit.entity)
            value = text[hit.start : hit.end]
            keyed = self._keyed(f"{hit.entity}\0{value}") or placed
            edits = list(edits_of(piece, hit.start, hit.end, raw)) if not piece.picture else self._without_texts(piece)
            yield Finding(path, place, hit.entity, hit.confidence, excerpt(text, hit), keyed, placed, 1, tuple(edits))

    def _without_texts(self, piece: Piece) -> list[Edit]:
        """The picture without the texts in which something stands."""
        new = clean_picture(piece.picture, lambda text: "" if self._forms.hits(text, Form.DATA) else text)
        part = piece.parts[0]
        return [Edit(part.raw, part.raw_end, new)] if new != piece.picture else []

    def _shown_columns(
        self, table: list[TextColumn]
    ) -> Iterator[tuple[TextColumn, list[tuple[str, int, int]], tuple[str, int]]]:
        judged = self._verdicts.of_cells([(column.label, [cell[0] for cell in column.cells]) for column in table])
        for column, verdict in zip(table, judged, strict=True):
            cells = [cell for cell in column.cells if cell[2] > cell[1] and not is_masked(cell[0])]
            if verdict is not None and cells:
                yield column, cells, verdict

    def _placed(self, piece: Piece, start: int, starts: Sequence[int]) -> Place:
        if not piece.parts:
            return piece.place
        part = piece.parts[max(0, bisect_right(piece.parts, start, key=lambda one: one.start) - 1)]
        raw = part.raw + (start - part.start if part.kind == "plain" else 0)
        line = bisect_right(starts, raw)
        return piece.place._replace(line=line, at=raw - starts[line - 1] + 1)


def _excerpt(cells: Sequence[Cell]) -> str:
    """How many values there are, and how long the first is."""
    first = f"[redacted, {len(str(cells[0].value))} characters]" if cells else "[redacted]"
    return first if len(cells) == 1 else f"{len(cells):,} values such as {first}"


def _are_codes(values: Sequence[str]) -> bool:
    """Whether nearly all are numbers of somebody or something, each another one."""
    if len(set(values)) < max(_FEW_CODES, 0.9 * len(values)):
        return False
    codes = sum(_CODE.fullmatch(value) is not None and _DATE.fullmatch(value) is None for value in values)
    return codes >= 0.9 * len(values)


def by_place(path: str, place: Place, entity: str) -> str:
    """The fingerprint of a finding where there is no key: what the file is called, where it stands, and what it is."""
    told = "\0".join([PurePath(path).name, str(place), entity])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
