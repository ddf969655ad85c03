"""Values that got handles and stand in nothing that this session read: perhaps guesses, typed in to see their handles.

Who runs the kernel can make a table of guesses, or put them into one that was loaded, and see from the handles who is
in somebody else's masked file. So it is asked of values, not of tables: a value is known when it stands in a file,
query or table that was read, as it was at that moment, in whatever form (letter case, blanks, signs, accents, zeros in
front, order of words do not matter). It also counts as known when it is put together from what was read: a first and
a last name, a prefix before a number, the last ten digits of a phone number. Of those only as many as rows were
read, since a computation by row makes no more; whoever tries all combinations makes many.

What holds: it does not matter in which column, copy, concatenation, library (pandas, polars), cell or file the
guesses stand; a file that this process wrote is no source, nor is a table that it wrote into a database.

What does not: values computed from others in another way (hashed, numbered anew), unpickled tables and those that
DuckDB or another library handed over count as guesses, though their owner knows better, and so does what the session
downloaded into a file itself. Guesses that happen to stand in any varied column that was read are not counted, nor
those in Arrow tables, arrays and relations that never were a DataFrame, nor what a child process, a library's own C
code, statements of a database or a server on this machine wrote to be read again, nor fewer than the session's
threshold. Tables made before the guard was loaded are taken for read ones.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, NamedTuple

from ..._later import later
from ...frames import FrameView, Kind, explicit_view, view
from ...frames.watch import is_watched
from ...keys.keyring import KeyRing
from ..files.own_files import OwnFiles
from .known_index import as_text
from .long_columns import Met

__all__ = ["Guesses"]

_MANY = 20_000
"""Texts of a column that are packed."""
_MOST = 200_000
"""Values that are kept to be judged; more are an alert long before."""
_VARIED = 0.5
"""Share of a sample that differs: a column with fewer values than that cannot supply thousands."""
_TELLING_DIGITS = 4
_LOCAL_DIGITS = 10
_RUNS = later(r"\d+|[^\W\d_]+")


class _Form(NamedTuple):
    """What is left of a value when its spelling is taken away."""

    words: tuple[str, ...]
    digits: str


class Guesses:
    """Counts the values of a session that come from nowhere."""

    def __init__(self, files: OwnFiles | None = None) -> None:
        self.files = files or OwnFiles()
        """What the session wrote: reading it again tells nothing new."""
        self._read = Met()
        self._later: list[tuple[Any, str]] = []
        """Tables that will be read when they are needed, and where from."""
        self._unformed: list[Collection[str]] = []
        """What was read since its forms were looked at; most sessions never need them."""
        self._forms: set[_Form] = set()
        self._words: set[str] = set()
        self._digits: set[str] = set()
        self._rows: dict[str, int] = {}
        self._unknown: dict[str, set[str]] = {}
        """By domain the values with handles that were not read as they are."""
        self._composed: dict[str, set[_Form]] = {}

    def read(self, obj: Any, source: str) -> None:
        """``obj`` came from ``source`` and has not been changed yet: its values are known from now on."""
        if self.files.has(source):
            return
        if (seen := view(obj)) is not None:
            self._learn(seen, source)
        elif "://" not in source:  # nobody but the program reads from the network
            self._later.append((obj, source))

    def _learn(self, seen: FrameView, source: str) -> None:
        self._rows[source] = max(seen.rows, self._rows.get(source, 0))
        for position in range(len(seen.labels)):
            if _may_supply(seen, position):
                values = seen.distinct(position)
                if set(map(type, values)) != {str}:
                    values = [text for text in map(as_text, values) if text is not None]
                texts: list[str] = list(map(str.strip, values))
                self._unformed.append(self._read.keep(texts) if len(texts) >= _MANY else texts)
                if len(texts) < _MANY:
                    self._read.few.update(texts)

    def watching(self, obj: Any, keyring: KeyRing) -> AbstractContextManager[None]:
        """While ``obj`` is masked: see which values get handles, if it is seen what such tables are read from."""
        if keyring.vault is None or not is_watched(obj):
            return nullcontext()
        return keyring.vault.telling(self._given)

    def _given(self, domain: str, values: Sequence[bytes]) -> None:
        unknown = self._unknown.setdefault(domain, set())
        if len(unknown) < _MOST:
            texts = [value.decode("utf-8", "surrogatepass").strip() for value in values]
            unknown.update(self._read.without(texts))

    def take(self, least: int) -> dict[str, int]:
        """By domain how many different guesses got handles, once there are ``least`` in all; else nothing.

        Counting begins anew after that, and nobody is told of the same ones twice.
        """
        if sum(map(len, self._unknown.values())) < least:
            return {}
        self._read_later()
        self._look_at_forms()
        for domain, texts in self._unknown.items():
            self._unknown[domain] = set(self._strangers(domain, texts - self._read.held(texts)))
        counts = {domain: len(texts) for domain, texts in self._unknown.items() if texts}
        if sum(counts.values()) < least:
            return {}
        self._read.few.update(*self._unknown.values())
        self._unknown.clear()
        return counts

    def _strangers(self, domain: str, texts: set[str]) -> Iterator[str]:
        rows, composed = sum(self._rows.values()), self._composed.setdefault(domain, set())
        for text in texts:
            form = _form_of(text)
            if form in self._forms:
                continue
            if self._is_composed(text, form) and (form in composed or len(composed) < rows):
                composed.add(form)
            else:
                yield text

    def _is_composed(self, text: str, form: _Form) -> bool:
        if len(form.digits) < _TELLING_DIGITS:
            return bool(form.words) and self._words.issuperset(form.words)
        if form.digits in self._digits:
            return True
        numbers = {run.lstrip("0") for run in _runs_of(text) if len(run) >= _TELLING_DIGITS and run.isdigit()}
        return bool(numbers) and self._digits.issuperset(numbers)

    def _read_later(self) -> None:
        later, self._later = self._later, []
        for obj, source in later:
            with suppress(Exception):  # the file may be gone, or whatever
                if not self.files.has(source) and (seen := explicit_view(obj)) is not None:
                    self._learn(seen, source)

    def _look_at_forms(self) -> None:
        while self._unformed:
            for text in self._unformed[-1]:
                form = _form_of(text)
                self._forms.add(form)
                self._words.update(form.words)
                if len(form.digits) >= _TELLING_DIGITS:
                    self._digits.update((form.digits, form.digits[-_LOCAL_DIGITS:].lstrip("0")))
            self._unformed.pop()  # an interrupt leaves it to be looked at again


def _runs_of(text: str) -> list[str]:
    """The words and numbers in a text, without case and accents."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return _RUNS.findall(bare)


def _form_of(text: str) -> _Form:
    runs = _runs_of(text)
    digits = "".join(run for run in runs if run.isdigit()).lstrip("0")
    return _Form(tuple(sorted(run for run in runs if not run.isdigit())), digits)


def _may_supply(seen: FrameView, position: int) -> bool:
    """Whether a column holds texts or whole numbers, of which so many differ that handles could be made of them."""
    if seen.kind(position) not in (Kind.TEXT, Kind.INTEGER, Kind.NUMBER, Kind.OTHER):
        return False
    sample = [as_text(value) for value in seen.sample(position)]
    texts = {text for text in sample if text is not None}
    return len(texts) > _VARIED * len(sample)
