"""What is known of one column before anything is concluded: its header and a sample as text."""

from __future__ import annotations

import codecs
import decimal
import math
import re
import zlib
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ..frames.engine import FrameView, Kind
from ..frames.nested import fields_of, is_nested
from ..frames.values import kind_of
from .headers import HeaderReading, label_text, read_header

__all__ = ["ColumnFacts", "as_text", "gather"]

_LONGEST = 4096
_SIGNATURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_MOST = 5_000
"""Distinct values that are weighed one by one."""
_LEAVES, _FEWEST_LEAVES = 4_000, 20
"""Values that are looked at in the sampled cells of a nested column, and in each of them at least."""
_FORMLESS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN, Kind.DATETIME})
"""Kinds of columns in which no cell can be of another form than the rest."""
# A number that once was a float and was then written: "453123672603.00".
_FLOATED = re.compile(r"^(\d{5,18})\.0{1,2}$")
_JUNK = frozenset(
    "|n/a|na|nan|none|null|nil|-|--|?|.|unknown|tbd|#ref!|#n/a|#value!|missing|not available|keine angabe"
    "|unbekannt".split("|")
)


def as_text(value: Any) -> str | None:
    """A cell as trimmed text; None for null, junk, bytes that are no text and what cannot be read.

    Whole numbers lose their decimal point: identifiers in a column with a gap arrive as floats.
    """
    if value is None:
        return None
    try:
        return _text_of(value)
    except (Exception, SystemExit):  # noqa: BLE001 - a cell's own code may raise anything; such a cell tells nothing
        return None


def _text_of(value: Any) -> str | None:
    if isinstance(value, str):
        # By str's own method: a subclass may have others.
        text = str.__getitem__(value, slice(_LONGEST)).strip()
        if len(text) < 14 and text.lower() in _JUNK:
            return None
        return _FLOATED.sub(r"\1", text) if text.endswith("0") else text
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _decoded(bytes(memoryview(value)[:_LONGEST]))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (float, decimal.Decimal)):
        if not math.isfinite(value):
            return None
        whole = int(value)
        return str(whole) if value == whole and abs(whole) < 10**18 else str(value)
    return str.__getitem__(str(value), slice(_LONGEST)).strip() or None


def _decoded(data: bytes) -> str | None:
    """The text that bytes write in UTF-8, as files without a text type have it; None where they write none."""
    text = codecs.getincrementaldecoder("utf-8")().decode(data)  # a letter may be cut at the end
    return text.strip() or None if text.isprintable() else None


@dataclass(slots=True)
class ColumnFacts:
    """One column: header, kind, and distinct sampled texts in an order that no sorting can bend."""

    position: int
    label: str
    """The label as text, not yet safe to show."""
    header: HeaderReading
    kind: Kind = Kind.OTHER
    texts: tuple[str, ...] = ()
    """Distinct texts of the sample."""
    seen: int = 0
    """Sampled cells that held something."""
    fractional: bool = False
    """Whether numbers have decimals."""
    from_text: bool = False
    """Whether whole numbers stood as text or as integers, not as floats."""
    cells: tuple[str, ...] = ()
    """All distinct texts of the column as they are, where every cell is to be looked at."""
    records: dict[str, list[Any]] = field(default_factory=dict)
    """Of cells that are records, or lists of some, the values by field."""
    note: str = ""
    """Why there are no texts, if there are none."""
    refuted: bool = False
    """Whether values refute what the header says."""
    pictures: bool = False
    """Whether it holds pictures, or bytes that begin as pictures do."""
    reasons: list[str] = field(default_factory=list)
    """Evidence that led to no entity, kept for the reader."""

    def share(self, test: Any) -> float:
        """Share of distinct texts that pass ``test``, in [0, 1]."""
        return sum(map(bool, map(test, self.texts))) / len(self.texts) if self.texts else 0.0


def gather(view: FrameView, position: int, label: Hashable, *, size: int, full: bool) -> ColumnFacts:
    """Look at one column: a sample of ``size`` cells at even strides, or of text all distinct values.

    Of very many distinct values some at even strides are weighed one by one; all stay in ``cells``.
    """
    text = label_text(label)
    facts = ColumnFacts(position, text, read_header(text[:400]))
    try:
        full = full and not (view.is_typed(position) and view.kind(position) in _FORMLESS)
        values = view.distinct(position) if full else view.sample(position, size)
    except (Exception, SystemExit):  # noqa: BLE001 - cells' own code (hash, comparison) may raise anything
        facts.note = "its values cannot be read"
        return facts
    if any(map(is_nested, set(map(type, values)))):
        try:
            values, facts.records = fields_of(values, None if full else max(_FEWEST_LEAVES, _LEAVES // len(values)))
        except (Exception, SystemExit):  # noqa: BLE001 - as above; it has more than one value, but which?
            facts.note = "its values cannot be read"
            return facts
    if full:
        facts.cells = tuple(str.__str__(value) for value in values if issubclass(type(value), str))
        values = values[:: max(1, -(-len(values) // _MOST))]
    _describe(facts, values)
    return facts


def _describe(facts: ColumnFacts, values: list[Any]) -> None:
    distinct: dict[str, None] = {}
    kinds: dict[Kind, int] = {}
    drawn = {kind for kind in set(map(type, values)) if _is_drawn(kind)}
    for value in values:
        is_drawn = type(value) in drawn
        kind = Kind.BYTES if is_drawn else kind_of(value)
        text = None if is_drawn else as_text(value)
        if text is None or text == "":
            if kind is Kind.BYTES:
                kinds[kind] = kinds.get(kind, 0) + 1
            continue
        facts.seen += 1
        kind = Kind.TEXT if kind is Kind.BYTES else kind
        kinds[kind] = kinds.get(kind, 0) + 1
        distinct[text] = None
    if kinds:
        facts.kind = max(sorted(kinds), key=lambda kind: kinds[kind])
    facts.texts = _shuffled(distinct)
    facts.fractional = facts.kind is Kind.NUMBER and any("." in text or "e" in text for text in facts.texts)
    facts.from_text = facts.kind in (Kind.TEXT, Kind.INTEGER)
    facts.pictures = not distinct and any(map(_is_picture, values))
    if not facts.texts and facts.records:
        facts.note = "it holds records"
    elif not facts.texts:
        empty = "it holds no values" if not values else "none of its values can be read"
        facts.note = "it holds bytes" if Kind.BYTES in kinds else empty


def _is_picture(value: Any) -> bool:
    """Whether it is a picture of PIL, or bytes that begin as PNG, JPEG, GIF, WebP, TIFF, BMP or HEIC do."""
    if _is_drawn(type(value)):
        return True
    if not issubclass(type(value), (bytes, bytearray, memoryview)):  # what it says of itself is its own business
        return False
    try:
        head = bytes(memoryview(value)[:12])
    except (TypeError, ValueError, NotImplementedError):  # no bytes in it, or given back already
        return False
    return (
        head.startswith(_SIGNATURES) or head[8:12] == b"WEBP" or head[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif")
    )


def _is_drawn(kind: type) -> bool:
    """Whether it is a class of pictures of PIL."""
    return any(base.__module__ == "PIL.Image" for base in kind.__mro__)


def _shuffled(texts: Iterable[str]) -> tuple[str, ...]:
    """The same order whatever the rows' order was, and not the sorted one, whose head misleads."""
    return tuple(sorted(texts, key=lambda text: (zlib.crc32(text.encode("utf-8", "surrogatepass")), text)))
