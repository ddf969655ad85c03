"""Notes for the vault that wait until a piece of work is done: of very many none is kept."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from .vault import Vault

__all__ = ["HeldBack"]

_AT_ONCE = 200_000
_WIDTH = 16
"""Bytes of a handle by which it is told from others, as in the vault."""


class HeldBack(Vault):
    """Stands before a vault while a file is masked; a handle that occurs a million times waits once.

    `flush` hands the notes on. What waits is in memory, and nowhere else.
    """

    def __init__(self, vault: Vault, most: int) -> None:
        """Notes wait for ``vault``, unless they become more than ``most``."""
        super().__init__(vault._folder, vault._keyring)
        self._vault, self._most = vault, most
        self.begin_again()

    def begin_again(self) -> None:
        """Forget what waits."""
        self._waiting: dict[tuple[str, str], dict[bytes, bytes]] = {}
        self._count = 0
        self.are_too_many = False
        """Whether there were more different handles than are kept of one piece of work; none is then."""

    def note(
        self, domain: str, values: Sequence[bytes], handles: Sequence[bytes], *, key_id: str | None = None
    ) -> None:
        """See `Vault.note`."""
        if self.are_too_many:
            return
        waiting = self._waiting.setdefault((key_id or self._keyring.key_id, domain), {})
        before = len(waiting)
        waiting.update((handle[:_WIDTH], value) for value, handle in zip(values, handles, strict=True))
        self._count += len(waiting) - before
        if self._count > self._most:
            self._waiting.clear()
            self.are_too_many = True

    def flush(self) -> int:
        """Write what waits into the vault; how many records were new there. StateError as `Vault.flush`."""
        written = 0
        for (key_id, domain), waiting in self._waiting.items():
            pairs = iter(waiting.items())
            while part := list(islice(pairs, _AT_ONCE)):
                self._vault.note(domain, [value for _, value in part], [handle for handle, _ in part], key_id=key_id)
                written += self._vault.flush()
        self._waiting.clear()
        return written
