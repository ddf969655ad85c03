"""Handles as text: what they are, the id of the key, and base64url (RFC 4648, section 5, without padding)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

__all__ = ["written", "written_rows"]

# `Any` in this file is a numpy array of bytes, one row a value.

_FEW = 500
"""Fewer handles than this are written one by one, in less time than numpy takes to load."""
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def written(head: str, bodies: Sequence[bytes]) -> list[str]:
    """``head``, which is ASCII, and the base64url of each body, in order."""
    if len(bodies) < _FEW:
        return [head + base64.urlsafe_b64encode(body).rstrip(b"=").decode("ascii") for body in bodies]
    from .rows import laid_out, put  # brings numpy

    texts = [""] * len(bodies)
    for rows in laid_out(bodies, block=3):
        put(texts, rows.places, _texts(head, rows.array, rows.length))
    return texts


def written_rows(head: str, array: Any) -> list[str]:
    """`written` for each row of an array."""
    import numpy as np

    count, length = array.shape
    whole = np.zeros((count, -(-length // 3) * 3), np.uint8)
    whole[:, :length] = array
    return _texts(head, whole, length)


def _texts(head: str, array: Any, length: int) -> list[str]:
    """One call encodes all rows: zeros after each body fill its last group of three, and their letters are left out."""
    import numpy as np

    count, begin, width = len(array), len(head), -(-length * 8 // 6)
    letters = binascii.b2a_base64(array.tobytes(), newline=False).translate(_URL_SAFE)
    lines = np.empty((count, begin + width + 1), np.uint8)
    lines[:, :begin] = np.frombuffer(head.encode("ascii"), np.uint8)
    lines[:, begin:-1] = np.frombuffer(letters, np.uint8).reshape(count, -1)[:, :width]
    lines[:, -1] = ord("\n")
    return lines.tobytes().decode("ascii").split("\n")[:-1]
