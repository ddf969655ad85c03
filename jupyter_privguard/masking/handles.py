"""How full handles are read again: a kind, the id of the key, and base64url."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Any

from .._later import later
from ..keys.keyring import KeyRing

__all__ = ["body_of", "opened_texts"]

# `Any` in this file is a cell value: it may be any object at all.

_SEALED = later(r"enc:siv256:([0-9a-f]{8}):([A-Za-z0-9_-]{23,})", re.ASCII)


def opened_texts(values: Sequence[Any], keyring: KeyRing, domain: str) -> list[str | None]:
    """The text behind each full ``enc:siv256`` handle of ``domain``; None for what is no handle.

    KeyStoreError for a handle that was changed, or whose key is not there any more.
    """
    by_key: dict[str, list[tuple[int, bytes]]] = {}
    for place, value in enumerate(values):
        found = _SEALED.fullmatch(value) if isinstance(value, str) else None
        if found is not None:
            by_key.setdefault(found[1], []).append((place, body_of(found[2]) or b""))
    out: list[str | None] = [None] * len(values)
    for key_id, sealed in by_key.items():
        opened = keyring.open(domain, [body for _, body in sealed], key_id=key_id)
        for (place, _), text in zip(sealed, opened, strict=True):
            out[place] = text.decode("utf-8", "surrogatepass")
    return out


def body_of(letters: str) -> bytes | None:
    """The bytes that base64url ``letters`` without padding write; None if they are no bytes, or written otherwise."""
    if len(letters) % 4 == 1:
        return None
    body = base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
    # The last letter has bits that count for nothing: a handle is written one way only.
    return body if base64.urlsafe_b64encode(body).rstrip(b"=").decode() == letters else None
