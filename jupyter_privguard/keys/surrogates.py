"""Random ids in place of values, drawn once and kept sealed: nothing in them is computed from the value.

45 CFR 164.514(c) allows a code for re-identification that is not derived from information about the
person and whose mechanism is not disclosed. The table is the mechanism, and lies in a vault of its
own; the vault of handles knows the way back, for whoever may reveal.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from .._files import Mark, Newest
from ..errors import StateError
from .keyring import KeyRing
from .vault import Vault

__all__ = ["SealedSurrogates"]

_PREFIX = "sur_"


class SealedSurrogates:
    """The table of one deployment; see `jupyter_privguard.masking.surrogates.Surrogates`."""

    def __init__(self, folder: Path, keyring: KeyRing, mark: Callable[[str], Mark] | None = None) -> None:
        """Keep in ``folder``, which is made when the first id is drawn; ``mark`` is the one for the key of that id."""
        self._keyring = keyring
        self._table = Vault(folder, keyring)
        self._mark = mark
        self._newest: dict[str, Newest] = {}

    def __repr__(self) -> str:
        return "SealedSurrogates()"

    @property
    def generation(self) -> int:
        """How often ids were drawn; 0 where none is kept. StateError where the table cannot be read."""
        return self._table.generation

    def check(self, *, anew: bool = False) -> None:
        """StateError where the table cannot be read, is missing or older than it was; ``anew`` as in `Newest.ask`."""
        key_id = self._keyring.key_id
        newest = self._newest.setdefault(key_id, Newest(self._mark(key_id) if self._mark is not None else None))
        newest.ask(anew=anew)
        if newest.is_older(self._table.generation):
            what = "is an older copy" if self._table.file.exists() else "is missing"
            raise StateError(
                f"privguard: {self._table.file} {what}, so the same values would get other ids than before; put the "
                "newest one back, or make all new by `privguard keys rotate`, or go on without by `privguard doctor "
                "--accept surrogates`."
            )

    def surrogate(self, domain: str, values: Sequence[str]) -> list[str]:
        """The id of each value: the one it has already, or a new one. Written before it is given out.

        StateError when it cannot be written, and as `check`: other ids would be drawn for the same values.
        """
        texts = [value.encode("utf-8", "surrogatepass") for value in values]
        current = self._keyring.key_id
        places = self._keyring.digest(f"surrogate table {domain}", texts, key_id=current)
        known = self._table.look_up(places)
        new = [place for place in dict.fromkeys(places) if place not in known]
        if new:
            self.check(anew=True)
            self._table.note(domain, [secrets.token_hex(16).encode() for _ in new], new, key_id=current)
            self._table.flush()
            self._newest[current].written(self._table.generation)
            known |= self._table.look_up(new)  # another process may have been first: its id holds
        if self._keyring.vault is not None:
            ids = [bytes.fromhex(known[place]) for place in places]
            self._keyring.vault.note(domain, texts, ids, key_id=current)
        return [_PREFIX + known[place] for place in places]
