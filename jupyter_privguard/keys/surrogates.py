"""Random ids in place of values, drawn once and kept sealed: nothing in them is computed from the value.

45 CFR 164.514(c) allows a code for re-identification that is not derived from information about the
person and whose mechanism is not disclosed. The table is the mechanism, and lies in a vault of its
own; the vault of handles knows the way back, for whoever may reveal.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from .keyring import KeyRing
from .vault import Vault

__all__ = ["SealedSurrogates"]

_PREFIX = "sur_"


class SealedSurrogates:
    """The table of one deployment; see `jupyter_privguard.masking.surrogates.Surrogates`."""

    def __init__(self, folder: Path, keyring: KeyRing) -> None:
        """Keep in ``folder``, which is made when the first id is drawn."""
        self._keyring = keyring
        self._table = Vault(folder, keyring)

    def __repr__(self) -> str:
        return "SealedSurrogates()"

    def surrogate(self, domain: str, values: Sequence[str]) -> list[str]:
        """The id of each value: the one it has already, or a new one. Written before it is given out.

        StateError when it cannot be written.
        """
        texts = [value.encode("utf-8", "surrogatepass") for value in values]
        current = self._keyring.key_id
        places = self._keyring.digest(f"surrogate table {domain}", texts, key_id=current)
        known = self._table.look_up(places)
        new = [place for place in dict.fromkeys(places) if place not in known]
        if new:
            self._table.note(domain, [secrets.token_hex(16).encode() for _ in new], new, key_id=current)
            self._table.flush()
            known |= self._table.look_up(new)  # another process may have been first: its id holds
        if self._keyring.vault is not None:
            ids = [bytes.fromhex(known[place]) for place in places]
            self._keyring.vault.note(domain, texts, ids, key_id=current)
        return [_PREFIX + known[place] for place in places]
