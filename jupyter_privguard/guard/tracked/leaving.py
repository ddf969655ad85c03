"""What a cell sends to a tracking store, as others may have it: masked as for tier public, or refused."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from ...errors import Refused
from ...frames import frame_of, view
from ...frames.typed import typed_array, typed_copy, typed_like
from ...masking.coarse import are_coarse
from ...model import Operator, Tier, class_of
from ...policy.masks import operator_for
from ...tracking.cleaning import cleaned_tree, is_number, name_of
from ..columns.column_masks import mask_at

if TYPE_CHECKING:
    from ..session import Session

__all__ = ["FileLook", "Kept", "Leaving"]

_MOST_MADE = 1000


class FileLook(NamedTuple):
    """What was found in one file."""

    path: str
    found: Counter[str]
    """Values by entity."""
    texts: Sequence[str] = ()
    """What it holds as text, to be looked through for values that this session knows."""
    problem: str = ""
    """Why it could not be looked at."""


class Kept(NamedTuple):
    """A file that must not leave."""

    name: str
    """As it may be shown."""
    found: Counter[str]
    """Values by entity; nothing where it could not be looked at."""
    problem: str = ""


class Leaving:
    """Decides on each thing that is about to be sent. Threads may call it."""

    def __init__(
        self,
        session: Session,
        *,
        mask_table: Callable[[Any], tuple[Any, Counter[str]]],
        look: Callable[[str], list[FileLook]],
    ) -> None:
        """``mask_table`` masks a table as for tier public and counts what it masked.

        ``look`` looks through a file, or the files in a folder.
        """
        self._session = session
        self._mask_table = mask_table
        self._look = look
        self._made: dict[bytes, None] = {}

    def text(self, text: str, counted: Counter[str]) -> str:
        """``text`` without values, which are ``counted`` by entity; the same object if nothing is in it."""
        return self._session.cleaner(self._session.run_of(None), others=counted)(text)

    def name(self, text: str, counted: Counter[str]) -> str:
        """The name ``text`` of a parameter, metric or tag."""
        return name_of(text, lambda one: self.text(one, counted))

    def value(self, value: Any, counted: Counter[str]) -> Any:
        """A parameter's or tag's ``value``: the store would write it as text."""
        text = str(value)
        cleaned = self.text(text, counted)
        return value if cleaned == text else cleaned

    def tree(self, value: Any, counted: Counter[str]) -> Any:
        """Dicts and lists, tables in them included."""
        return cleaned_tree(value, lambda text: self.text(text, counted), lambda one: self._other(one, counted))

    def _other(self, value: Any, counted: Counter[str]) -> Any:
        return self.table(value, counted) if view(value) is not None else value

    def table(self, data: Any, counted: Counter[str]) -> Any:
        """A table or a dict of columns; the same object where nothing in it is masked."""
        if isinstance(data, dict):
            return self._columns(data, counted)
        masked, changed = self._mask_table(data)
        counted.update(changed)
        return masked if changed else data

    def _columns(self, data: dict[Any, Any], counted: Counter[str]) -> Any:
        columns = list(data.values())
        is_table = bool(columns) and all(
            isinstance(one, list) and len(one) == len(columns[0]) and _is_plain(one) for one in columns
        )
        if not is_table:
            return self.tree(data, counted)
        frame = frame_of({str(label): values for label, values in data.items()})
        masked = self.table(frame, counted)
        return data if masked is frame else masked

    def example(self, data: Any, counted: Counter[str]) -> Any:
        """Rows of a model's inputs, masked, of the types that they had; the same object where nothing is masked."""
        if _is_array(data):
            return self._array(data, counted)
        if view(data) is not None:
            masked = self.table(data, counted)
            return data if masked is data else typed_copy(masked, data)
        if isinstance(data, dict) and any(_is_array(one) for one in data.values()):
            made = {key: self.example(one, counted) for key, one in data.items()}
            return data if all(made[key] is data[key] for key in data) else made
        if isinstance(data, list) and _columns_of(data):
            return self._rows(data, counted)
        masked = self.tree(data, counted)
        return data if masked is data else typed_like(masked, data)

    def _array(self, data: Any, counted: Counter[str]) -> Any:
        """An array has no labels: those of the columns that it was made of tell what is in it, where that is known."""
        known = self._session.uses.tracker.known
        node = known(data) or known(getattr(data, "base", None))
        labels = [str(label) for label in node.labels] if node is not None else []
        rows = data.tolist()
        if data.ndim == 2 and len(set(labels)) == data.shape[1]:
            frame = frame_of({label: [row[at] for row in rows] for at, label in enumerate(labels)})
            masked = self.table(frame, counted)
            return data if masked is frame else typed_copy(masked, frame).to_numpy().astype(data.dtype)
        masked = self._rows(rows, counted)
        return data if masked is rows else typed_array(masked, data)

    def _rows(self, rows: list[Any], counted: Counter[str]) -> list[Any]:
        """Rows of numbers of which nobody knows where they are from: columns of known persons' numbers made rough."""
        cleaned = self.tree(rows, counted)
        made: list[Any] = rows if cleaned is rows else typed_like(cleaned, rows)
        columns = _columns_of(rows)
        with self._session.locked():
            rough = {at: entity for at, column in enumerate(columns) if (entity := self._entity_of(column)) is not None}
        for at, entity in rough.items():
            counted[entity] += len(set(columns[at]))
        if not rough:
            return made
        if not isinstance(rows[0], list):
            return [_rough(value) for value in made]
        return [[_rough(value) if at in rough else value for at, value in enumerate(row)] for row in made]

    def _entity_of(self, column: list[Any]) -> str | None:
        """What the numbers of ``column`` are, all of them somebody's that others may not see; None if they are not."""
        numbers = {float(value) for value in column if value is not None and value == value}
        for verdict, known, _ in self._session.knowledge.numbers.columns():
            if numbers and numbers <= known and mask_at(verdict, Tier.PUBLIC, self._session.policy) is not None:
                return verdict.entity
        return None

    def metric(self, name: str, value: Any) -> None:
        """Refused where ``value`` is a row's own: a metric that is no number cannot be sent masked."""
        if not is_number(value):
            return
        counted: Counter[str] = Counter()
        if self.text(str(value), counted) != str(value):
            raise Refused(
                f"privguard: the metric {self._safe(name)} is a value of somebody's own and was not sent; log a "
                f"statistic over at least {self._session.policy.k} rows.",
                "tracking",
            )

    def made(self, text: str) -> None:
        """A file with nothing but ``text`` was judged."""
        self._made[_digest_of(text)] = None
        while len(self._made) > _MOST_MADE:
            del self._made[next(iter(self._made))]

    def check_file(self, path: str, *, is_judged: bool = False) -> Kept | None:
        """What in the file or folder at ``path`` must not leave; None where all of it may.

        In what ``is_judged`` only values that are known are looked for.
        """
        for one in self._look(path):
            was_judged = is_judged or (len(one.texts) == 1 and _digest_of(one.texts[0]) in self._made)
            found = Counter[str]() if was_judged else Counter(one.found)
            for text in one.texts:
                found |= self.known_in(text)  # what both find counts once
            name = PurePath(one.path).name
            if self.text(name, Counter()) != name:
                found["a value in its name"] += 1
            if found or one.problem:
                return Kept(self._safe(name), found, one.problem)
        return None

    def known_in(self, text: str) -> Counter[str]:
        """The values in ``text`` that this session knows and tier public may not see."""
        session = self._session
        with session.locked():
            session.knowledge.learn()
            hits, policy = session.knowledge.values.find(text), session.policy
        return Counter(
            hit.entity
            for hit in hits
            if operator_for(hit.entity, class_of(hit.entity, policy.classes), Tier.PUBLIC, policy)[0]
            is not Operator.CLEAR
            and not are_coarse(hit.entity, [hit.value])  # a masked copy that was read again
        )

    def _safe(self, text: str) -> str:
        return self._session.safe(text) or ""


def _digest_of(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _columns_of(rows: list[Any]) -> list[list[Any]]:
    """The columns of rows of numbers, or the only one; nothing where they are not all numbers."""
    if rows and all(isinstance(row, list) and len(row) == len(rows[0]) for row in rows):
        columns = [list(column) for column in zip(*rows, strict=True)]
    else:
        columns = [rows] if rows else []
    return columns if all(value is None or is_number(value) for column in columns for value in column) else []


def _rough(value: Any) -> Any:
    """A number with one digit, as a band of numbers begins; nought below ten."""
    if not is_number(value) or value != value or value in (float("inf"), float("-inf")):
        return value
    return type(value)(float(f"{value:.0e}")) if abs(value) >= 10 else type(value)(0)


def _is_array(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] == "numpy" and getattr(value, "ndim", 0) > 0


def _is_plain(values: list[Any]) -> bool:
    return all(one is None or isinstance(one, str) or is_number(one) or isinstance(one, bool) for one in values)
