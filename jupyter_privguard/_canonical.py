"""Canonical JSON (RFC 8785) for everything that is hashed or signed.

Python's own encoder equals RFC 8785 on a restricted input, so the input is restricted: no floats,
integers within ±(2^53 − 1), ASCII keys, no lone surrogates. Outside of this we refuse instead of
guessing; the reference implementation is compared in the tests.
"""

from __future__ import annotations

import json
from typing import Any

__all__ = ["canonical_json"]

_LARGEST = 2**53 - 1


_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))


def canonical_json(value: Any) -> bytes:
    """The RFC 8785 bytes of ``value``; TypeError or ValueError for what cannot be hashed safely."""
    _check(value)
    return _ENCODER.encode(value).encode("utf-8")  # a lone surrogate raises UnicodeEncodeError, a ValueError


def _check(value: Any) -> None:
    # Most of what is in a record is text: it is passed over without a call.
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise ValueError("an integer beyond 2^53 - 1 has no canonical form")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise TypeError("keys of canonical JSON are ASCII text")
            if type(item) is not str:
                _check(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            if type(item) is not str:
                _check(item)
    else:
        raise TypeError(f"{type(value).__name__} has no canonical form")
