"""Displays that one cell put into the output of another: whose they are, when the notebook is saved."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

__all__ = ["Screens"]

_KEPT = 5000


class Screens:
    """Remembers digests of updated displays, by which they are known again in a notebook."""

    def __init__(self) -> None:
        self._from: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def note(self, content: Mapping[str, Any], kernel: str, message: str) -> None:
        """A display was updated by the cell that ``message`` asked ``kernel`` for."""
        digest = _digest(content.get("data"))
        self._from.pop(digest, None)
        self._from[digest] = kernel, message
        while len(self._from) > _KEPT:
            self._from.popitem(last=False)

    def source(self, output: Mapping[str, Any]) -> tuple[str, str] | None:
        """Kernel and message that an output of a notebook was last updated by, if it was."""
        return self._from.get(_digest(output.get("data")))


def _digest(data: object) -> str:
    """SHA-256 over a MIME bundle; a notebook's file splits texts into lines."""
    bundle = data if isinstance(data, Mapping) else {}
    joined = {
        str(mime): "".join(map(str, value)) if isinstance(value, list) else value for mime, value in bundle.items()
    }
    return hashlib.sha256(json.dumps(joined, sort_keys=True, default=str).encode("utf-8", "surrogatepass")).hexdigest()
