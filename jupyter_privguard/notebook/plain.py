"""What a message will hold once it is JSON, before it is: only that can be looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

__all__ = ["plain", "plain_metadata"]

_AS_THEY_ARE = (int, float, bool, type(None))


def plain(value: Any) -> Any:
    """``value`` as Jupyter's packer would write it, of nothing but exact texts, dicts, lists and numbers.

    The packer goes through sets, iterators, columns and arrays, encodes bytes, and writes the letters of a text
    that says of itself that it is another one. TypeError for what has no JSON.
    """
    kind = type(value)
    if kind is str or kind in _AS_THEY_ARE:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (int, float)):
        return value
    from jupyter_client.jsonutil import json_default

    return plain(json_default(value))


def plain_metadata(values: dict[str, Any]) -> dict[str, Any]:
    """`plain`, with points in time as they are: a kernel adds when it began."""
    return {key: value if isinstance(value, datetime) else plain(value) for key, value in values.items()}
