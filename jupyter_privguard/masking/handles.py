"""How handles are written, and read again: a kind, the id of the key, and base64url."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Any

from ..keys.keyring import KeyRing

__all__ = ["full_handles", "opened_texts"]

# `Any` in this file is a cell value: it may be any object at all.

_SEALED = re.compile(r"enc:siv256:([0-9a-f]{8}):([A-Za-z0-9_-]{23,})", re.ASCII)


def full_handles(head: str, bodies: Sequence[bytes]) -> list[str]:
    """``head`` and the base64url (RFC 4648, section 5, without padding) of each body, in order."""
    lengths = set(map(len, bodies))
    if len(lengths) == 1:
        return _of_one_length(head, bodies, lengths.pop())
    places: dict[int, list[int]] = {}
    for place, body in enumerate(bodies):
        places.setdefault(len(body), []).append(place)
    out = [""] * len(bodies)
    for length, chosen in places.items():
        handles = _of_one_length(head, [bodies[place] for place in chosen], length)
        for place, handle in zip(chosen, handles, strict=True):
            out[place] = handle
    return out


def _of_one_length(head: str, bodies: Sequence[bytes], length: int) -> list[str]:
    """One call encodes all: zeros after each body fill its last group of three, and their letters are left out."""
    if not length:
        return [head] * len(bodies)
    gap = bytes(-length % 3)
    text = base64.urlsafe_b64encode(gap.join([*bodies, b""])).decode("ascii")
    width, step = -(-length * 8 // 6), (length + len(gap)) // 3 * 4
    return [head + text[at : at + width] for at in range(0, len(text), step)]


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
