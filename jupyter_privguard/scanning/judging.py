"""What stands in a piece or a column: by form, by name, by its table; under the policy's patterns and masks."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath
from typing import Any

from ..classification.prose import find_in_prose
from ..classification.spans import Span, find_spans, finders
from ..frames import frame_of, view
from ..guard.columns.assess import assess
from ..model import Operator, Tier, class_of
from ..plots.picture_texts import clean_picture
from ..policy.masks import operator_for
from ..policy.rules import Policy
from .codes import decoded, without_long_codes
from .findings import Edit, Finding, Place
from .hits import apart, closed, excerpt, is_chance
from .pieces import Cell, Column, Form, Piece, edits_of, line_starts
from .secrets import Hit, named_secrets, random_secrets
from .text_tables import TextColumn, tables_in

__all__ = ["Judge", "is_masked"]

_MASKED = re.compile(r"\[redacted\]|\*{3}|•|\b(?:tok|enc)[_:][0-9a-z]|privguard:|\b[xX]{4,}\b")
_MOST_PROSE = 1_000_000
"""Characters of a text that are read as prose."""
_SURE = {"checksum": 90, "pattern": 85}
_LESS_SURE = {"IP_ADDRESS": 65, "PHONE_NUMBER": 75, "PERSON_NAME": 60, "ADDRESS": 70, "DATE_OF_BIRTH": 80}
_MOST_CELLS = 200_000


def is_masked(value: str) -> bool:
    """Whether nothing is to be seen in it any more."""
    return not value.strip() or _MASKED.search(value) is not None


class Judge:
    """Judges the pieces and columns of files under one policy.

    ``digest`` makes a keyed fingerprint of a text; None where there is no key. What is less sure than ``least``
    percent is left out.
    """

    def __init__(self, policy: Policy, digest: Callable[[str], str] | None, least: int) -> None:
        self._policy = policy
        self._digest = digest
        self._least = least
        self._kinds = {detector.entity: detector.kind for detector in finders()}

    def pieces(self, path: str, found: Sequence[Piece], raw: str) -> Iterator[Finding]:
        """What stands in the pieces of the file ``path`` whose text is ``raw``, if it has one."""
        starts = line_starts(raw)
        for piece in found:
            if len(piece.text) >= 4:
                yield from self._piece(path, piece, raw, starts)

    def columns(self, path: str, table: Sequence[Column]) -> Iterator[Finding]:
        """What the columns of one table hold; of notes in them each kind of value."""
        judged = self._judged([(column.label, [cell.value for cell in column.cells]) for column in table])
        for column, verdict in zip(table, judged, strict=True):
            if verdict is not None:
                entity, confidence = verdict
                cells = [cell for cell in column.cells if not is_masked(str(_said(cell.value)))]
                yield self._of_column(path, column, entity, confidence, cells)
            else:
                yield from self._notes(path, column)

    def _notes(self, path: str, column: Column) -> Iterator[Finding]:
        kinds: dict[str, list[tuple[Cell, Hit]]] = {}
        for cell in column.cells:
            if isinstance(cell.value, str) and len(cell.value) >= 6:
                for hit in self.hits(cell.value, Form.PROSE, column.label):
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
        by_place = _by_place(path, place._replace(line=None, at=None), entity)
        keyed = self._digest(f"column\0{entity}\0{column.label}") if self._digest else by_place
        return Finding(
            path,
            place,
            entity,
            sure,
            f"{len(cells)} value{'s' * (len(cells) != 1)}",
            keyed,
            by_place,
            len(cells),
            tuple(made),
        )

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
        for hit in self.hits(text, piece.form, piece.key):
            at = bisect_right(taken, (hit.start, len(text))) - 1
            if at >= 0 and taken[at][1] > hit.start:
                continue
            place = self._placed(piece, hit.start, starts)
            by_place = _by_place(path, place, hit.entity)
            value = text[hit.start : hit.end]
            keyed = self._digest(f"{hit.entity}\0{value}") if self._digest else by_place
            edits = list(edits_of(piece, hit.start, hit.end, raw)) if not piece.picture else self._without_texts(piece)
            yield Finding(path, place, hit.entity, hit.confidence, excerpt(text, hit), keyed, by_place, 1, tuple(edits))

    def _without_texts(self, piece: Piece) -> list[Edit]:
        """The picture without the texts in which something stands."""
        new = clean_picture(piece.picture, lambda text: "" if self.hits(text, Form.DATA) else text)
        part = piece.parts[0]
        return [Edit(part.raw, part.raw_end, new)] if new != piece.picture else []

    def _shown_columns(
        self, table: list[TextColumn]
    ) -> Iterator[tuple[TextColumn, list[tuple[str, int, int]], tuple[str, int]]]:
        judged = self._judged([(column.label, [cell[0] for cell in column.cells]) for column in table])
        for column, verdict in zip(table, judged, strict=True):
            cells = [cell for cell in column.cells if cell[2] > cell[1] and not is_masked(cell[0])]
            if verdict is not None and cells:
                yield column, cells, verdict

    def _judged(self, table: Sequence[tuple[str, Sequence[object]]]) -> list[tuple[str, int] | None]:
        """The entity of each column and how sure that is; None where nothing in it has to be hidden."""
        longest = max((len(values) for _, values in table), default=0)
        if not longest:
            return [None] * len(table)
        cells: dict[str, list[Any]] = {}
        names = []
        for label, values in table:
            name = label
            while name in cells:
                name += " "
            names.append(name)
            seen = [None if is_masked(str(_said(value))) else value for value in values[:_MOST_CELLS]]
            cells[name] = [*_as_numbers(seen), *[None] * (min(longest, _MOST_CELLS) - len(seen))]
        seen_table = view(frame_of(cells))
        if seen_table is None:
            return [None] * len(table)
        verdicts = list(assess(seen_table, policy=self._policy))
        return [
            (verdict.entity, round(verdict.confidence * 100))
            if verdict.is_sensitive
            and verdict.entity not in ("FREE_TEXT_WITH_PII", "INTERNAL_UNKNOWN")
            and verdict.action.get(Tier.PUBLIC.label) != Operator.CLEAR.value
            and verdict.confidence * 100 >= self._least
            and any(cell is not None for cell in cells[name])
            else None
            for verdict, name in zip(verdicts, names, strict=True)
        ]

    def hits(self, text: str, form: Form, key: str = "") -> list[Hit]:
        """Values in ``text``, sorted, apart from one another."""
        plain = without_long_codes(text)
        found = [hit for hit in self._formed(plain) if not is_chance(hit, plain)]
        found += named_secrets(plain, form, key)
        if form is Form.CODE or form is Form.SETTINGS:
            found += random_secrets(plain)
        if form is Form.PROSE:
            part = plain[:_MOST_PROSE]
            spans = [Span(hit.start, hit.end, hit.entity) for hit in sorted(found) if hit.end <= len(part)]
            found += [Hit(*span, _LESS_SURE.get(span.entity, 75)) for span in find_in_prose(part, spans)]
        for start, end, inside in decoded(text):
            inner = [hit for hit in self._formed(inside) if not is_chance(hit, inside)]
            if inner:
                found.append(Hit(start, end, inner[0].entity, max(hit.confidence for hit in inner)))
        return apart(hit for hit in found if self._counts(hit, text))

    def _formed(self, text: str) -> list[Hit]:
        spans = find_spans(text, self._policy.all_patterns)
        return [Hit(*part, span.entity, self._sure(span.entity)) for span in spans for part in closed(span, text)]

    def _sure(self, entity: str) -> int:
        if entity == "CREDENTIAL":
            return 95
        return _LESS_SURE.get(entity, _SURE.get(self._kinds.get(entity, ""), 80))

    def _counts(self, hit: Hit, text: str) -> bool:
        around = text[max(0, hit.start - 4) : hit.end + 4]
        if hit.confidence < self._least or _MASKED.search(around):
            return False
        kind = class_of(hit.entity, self._policy.classes)
        return operator_for(hit.entity, kind, Tier.PUBLIC, self._policy)[0] is not Operator.CLEAR

    def _placed(self, piece: Piece, start: int, starts: Sequence[int]) -> Place:
        if not piece.parts:
            return piece.place
        part = piece.parts[max(0, bisect_right(piece.parts, start, key=lambda one: one.start) - 1)]
        raw = part.raw + (start - part.start if part.kind == "plain" else 0)
        line = bisect_right(starts, raw)
        return piece.place._replace(line=line, at=raw - starts[line - 1] + 1)


def _said(value: object) -> object:
    return "" if value is None or value != value else value


def _as_numbers(values: list[Any]) -> list[Any]:
    """The numbers that all of the texts write; the same list where one of them is none, or a code with a zero first."""
    try:
        if any(isinstance(value, str) and value[:1] == "0" and value[:2] != "0." and value != "0" for value in values):
            return values
        return [None if value is None else float(value) if "." in str(value) else int(value) for value in values]
    except (ValueError, TypeError, OverflowError):
        return values


def _by_place(path: str, place: Place, entity: str) -> str:
    told = "\0".join([PurePath(path).name, str(place), entity])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
