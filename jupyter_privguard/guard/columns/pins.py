"""What a data set's column had at first and keeps under the same keys: its domain, the order of its dates."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..._canonical import canonical_json
from ..._files import LATER, Mark, Newest, alone, is_later, write_atomically
from ...errors import StateError, what_now

if TYPE_CHECKING:
    from ...keys.keyring import KeyRing

__all__ = ["DomainPins"]

_SHOWN = 32
"""Hex digits of a digest that stand for a data set and a column: their names may be values."""
_ORDERS = {False: "day first", True: "month first"}


class DomainPins:
    """The pins of one deployment, in one file of its home; made when there is something to pin.

    Names are kept as digests under the current key, so the file tells domains and nothing of whose
    columns; under a new key, whose tokens are new as well, domains are pinned anew. For each key the file
    counts how often it was written, so that one that is missing or older is known by the mark of that key.
    """

    def __init__(self, file: Path, keyring: KeyRing, mark: Callable[[str], Mark] | None = None) -> None:
        """Keep the pins in ``file``; its folder must be there when something is pinned.

        ``mark`` is the one for the key of that id.
        """
        self._file = file
        self._keyring = keyring
        self._mark = mark
        self._newest: dict[str, Newest] = {}
        self._seen: tuple[object, _Pins] = (None, _Pins({}, {}))

    def __repr__(self) -> str:
        return f"DomainPins({str(self._file)!r})"

    def check(self) -> None:
        """StateError when the pins cannot be read, are missing or older than they were; writes nothing."""
        self._read()

    @property
    def generation(self) -> int:
        """How often the file was written under the current key; 0 where there is none. StateError as `check`."""
        return self._parsed().written.get(self._keyring.key_id, 0)

    def pinned(self, dataset: str, domains: Mapping[str, str]) -> dict[str, str]:
        """The domain that holds for each column of ``domains``, by label: its pin, or the given one, pinned by this.

        StateError when the file cannot be read or written.
        """
        kept = self._kept("domain pins", dataset, domains)
        return {name: kept[name] for name in domains}

    def orders(self, dataset: str, told: Mapping[str, bool | None]) -> dict[str, bool | None]:
        """Whether the month comes first in the dates of each column of ``told``, by label: its pin, or what is told.

        The first that is told is pinned by this; None, where nothing tells, is not. StateError as `pinned`.
        """
        given = {name: _ORDERS[month_first] for name, month_first in told.items() if month_first is not None}
        kept = self._kept("date order pins", dataset, given, asked=list(told))
        return {name: kept[name] == _ORDERS[True] if name in kept else None for name in told}

    def _kept(
        self, use: str, dataset: str, given: Mapping[str, str], *, asked: Sequence[str] | None = None
    ) -> dict[str, str]:
        """What is pinned for the columns ``asked`` (those of ``given`` if None), once what is given is pinned too."""
        names = list(given) if asked is None else asked
        texts = [f"{dataset}\x00{name}".encode("utf-8", "surrogatepass") for name in names]
        keys = {
            name: digest.hex()[:_SHOWN] for name, digest in zip(names, self._keyring.digest(use, texts), strict=True)
        }
        known = self._read()
        if not all(keys[name] in known for name in given):
            with alone(self._file.with_suffix(".lock")):
                known = self._read(anew=True)
                for name, pin in given.items():
                    known.setdefault(keys[name], pin)
                self._write(known)
        return {name: known[key] for name, key in keys.items() if key in known}

    def _read(self, *, anew: bool = False) -> dict[str, str]:
        """The pins by key; StateError where they cannot be read or there were later ones. ``anew`` as `Newest`."""
        key_id = self._keyring.key_id
        if key_id not in self._newest:
            self._newest[key_id] = Newest(self._mark(key_id) if self._mark is not None else None)
        self._newest[key_id].ask(anew=anew)
        found = self._parsed()
        if self._newest[key_id].is_older(found.written.get(key_id, 0)):
            raise self._older()
        return dict(found.pins)

    def _parsed(self) -> _Pins:
        """What the file says; nothing where there is none. StateError where it cannot be read."""
        try:
            found = self._file.stat()
            state = (found.st_mtime_ns, found.st_size, found.st_ino)
            if not stat.S_ISREG(found.st_mode):  # a pipe would wait for somebody to write
                raise self._unusable("not a file")
            if self._seen[0] != state:
                document = json.loads(self._file.read_bytes())
                if is_later(document["version"], 1):
                    raise StateError(f"privguard: {self._file} {LATER}")
                self._seen = (state, _pins_in(document))
        except FileNotFoundError:
            return _Pins({}, {})
        except OSError as error:
            raise self._unusable(error.strerror or "the system does not say why") from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise self._unusable("damaged") from None
        return self._seen[1]

    def _write(self, pins: Mapping[str, str]) -> None:
        key_id = self._keyring.key_id
        written = self._parsed().written
        generation = written.get(key_id, 0) + 1
        document = {"version": 1, "pins": dict(pins), "written": {**written, key_id: generation}}
        try:
            write_atomically(self._file, canonical_json(document))
        except OSError as error:
            now = what_now(error, f"see that {self._file.parent} can be written")
            raise StateError(
                f"privguard: the domain of a column cannot be kept in {self._file} ({error.strerror}); {now}."
            ) from None
        self._newest[key_id].written(generation)

    def _unusable(self, cause: str) -> StateError:
        return StateError(
            f"privguard: the domains of data sets in {self._file} cannot be used ({cause}); restore the file from a "
            f"backup, or take it away and make all tokens new by `privguard keys rotate`."
        )

    def _older(self) -> StateError:
        what = "is an older copy" if self._file.exists() else "is missing"
        return StateError(
            f"privguard: {self._file} {what}, so the same values could get other tokens than before; put the newest "
            "one back, or make all tokens new by `privguard keys rotate`, or go on without by `privguard doctor "
            f"--accept {self._file.name}`."
        )


class _Pins(NamedTuple):
    """What the file says."""

    pins: dict[str, str]
    written: dict[str, int]
    """By the id of a key how often the file was written under it."""


def _pins_in(document: Any) -> _Pins:
    """What a document says; any of several errors where it is none."""
    pins, written = document["pins"], document.get("written", {})
    if not all(isinstance(domain, str) and domain for domain in pins.values()):
        raise ValueError
    if not all(type(count) is int and count > 0 for count in written.values()):
        raise ValueError
    return _Pins(dict(pins), dict(written))
