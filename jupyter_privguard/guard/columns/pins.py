"""What a data set's column had at first and keeps under the same keys: its domain, the order of its dates."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..._canonical import canonical_json
from ..._files import LATER, alone, is_later, write_atomically
from ...errors import StateError
from ...keys.keyring import KeyRing

__all__ = ["DomainPins"]

_SHOWN = 32
"""Hex digits of a digest that stand for a data set and a column: their names may be values."""
_ORDERS = {False: "day first", True: "month first"}


class DomainPins:
    """The pins of one deployment, in one file of its home; made when there is something to pin.

    Names are kept as digests under the current key, so the file tells domains and nothing of whose
    columns; under a new key, whose tokens are new as well, domains are pinned anew.
    """

    def __init__(self, file: Path, keyring: KeyRing) -> None:
        """Keep the pins in ``file``; its folder must be there when something is pinned."""
        self._file = file
        self._keyring = keyring
        self._seen: tuple[object, dict[str, str]] = (None, {})

    def __repr__(self) -> str:
        return f"DomainPins({str(self._file)!r})"

    def check(self) -> None:
        """StateError when the pins cannot be read; writes nothing."""
        self._read()

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
            with self._locked():
                known = self._read()
                for name, pin in given.items():
                    known.setdefault(keys[name], pin)
                self._write(known)
        return {name: known[key] for name, key in keys.items() if key in known}

    def _read(self) -> dict[str, str]:
        try:
            found = self._file.stat()
            state = (found.st_mtime_ns, found.st_size, found.st_ino)
            if not stat.S_ISREG(found.st_mode):  # a pipe would wait for somebody to write
                raise self._unusable("not a file")
            if self._seen[0] != state:
                document = json.loads(self._file.read_bytes())
                if is_later(document["version"], 1):
                    raise StateError(f"privguard: {self._file} {LATER}")
                pins = document["pins"]
                if not all(isinstance(domain, str) and domain for domain in pins.values()):
                    raise ValueError
                self._seen = (state, dict(pins))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self._unusable(error.strerror or type(error).__name__) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise self._unusable("damaged") from None
        return dict(self._seen[1])

    def _write(self, pins: Mapping[str, str]) -> None:
        try:
            write_atomically(self._file, canonical_json({"version": 1, "pins": dict(pins)}))
        except OSError as error:
            raise self._unusable(error.strerror or type(error).__name__) from None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time: of two first tokens the second takes the first one's domain."""
        try:
            with alone(self._file.with_suffix(".lock")):
                yield
        except OSError as error:
            raise self._unusable(error.strerror or type(error).__name__) from None

    def _unusable(self, cause: str) -> StateError:
        return StateError(
            f"privguard: the domains of data sets in {self._file} cannot be used ({cause}); restore the file from a "
            "backup, or take it away to have them pinned anew."
        )
