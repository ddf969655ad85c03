"""How full handles are read again: a kind, the id of the key, and base64url."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Any

from ..keys.keyring import KeyRing

__all__ = ["opened_texts"]

# `Any` in this file is a cell value: it may be any object at all.

_SEALED = re.compile(r"enc:siv256:([0-9a-f]{8}):([A-Za-z0-9_-]{23,})", re.ASCII)


def opened_texts(values: Sequence[Any], keyring: KeyRing, domain: str) -> list[str | None]:
    """The text behind each full ``enc:siv256`` handle of ``domain``; None for what is no handle.

    KeyStoreError for a handle that was changed, or whose key is not there any more.
    """
    by_key: dict[str, list[tuple[int, bytes]]] = {}
    for place, value in enumerate(values):
        found = _SEALED.fullmatch(value) if isinstance(value, str) else None
        if found is not None:
            body = base64.urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4))
            by_key.setdefault(found[1], []).append((place, body))
    out: list[str | None] = [None] * len(values)
    for key_id, sealed in by_key.items():
        opened = keyring.open(domain, [body for _, body in sealed], key_id=key_id)
        for (place, _), text in zip(sealed, opened, strict=True):
            out[place] = text.decode("utf-8", "surrogatepass")
    return out
