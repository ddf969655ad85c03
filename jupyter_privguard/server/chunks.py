"""Notebooks that come in chunks: kept in memory until they are whole, so that nothing uncleaned gets to the disk."""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tornado import web

__all__ = ["Chunks", "not_yet"]

Model = dict[str, Any]

_MOST_AT_ONCE = 20
_LARGEST = 256 * 2**20
"""Bytes of one notebook, and of all that are on their way."""
_FORMATS = ("text", "base64")


class Chunks:
    """The parts of notebooks that have come so far, by path. Used by the server's loop alone."""

    def __init__(self, *, largest: int = _LARGEST) -> None:
        """``largest`` is how many bytes are kept at most."""
        self._largest = largest
        self._parts: OrderedDict[str, list[bytes]] = OrderedDict()

    def add(self, model: Mapping[str, Any], path: str) -> Model | None:
        """Take a chunk for the notebook at ``path``; the whole model once it was the last, None before.

        HTTPError 400 for what is no chunk, or the first that is seen is not the first; 413 for too much.
        """
        chunk, part = model.get("chunk"), _bytes_of(model)
        if chunk != 1 and path not in self._parts:
            raise web.HTTPError(400, "privguard: the first part of this notebook is missing; upload it again.")
        parts = self._parts.pop(path, []) if chunk != 1 else []
        if chunk == 1:
            self._parts.pop(path, None)
        size = sum(map(len, parts)) + len(part)
        if size > self._largest:
            raise web.HTTPError(413, "privguard: the notebook is too large to be looked through; clear its outputs.")
        parts.append(part)
        if chunk != -1:
            self._keep(path, parts, size)
            return None
        whole = base64.b64encode(b"".join(parts)).decode()
        return {"type": "file", "format": "base64", "content": whole}

    def _keep(self, path: str, parts: list[bytes], size: int) -> None:
        """The oldest uploads, which nobody goes on with, make room."""
        others = sum(len(part) for kept in self._parts.values() for part in kept)
        while self._parts and (others + size > self._largest or len(self._parts) >= _MOST_AT_ONCE):
            _, gone = self._parts.popitem(last=False)
            others -= sum(map(len, gone))
        self._parts[path] = parts


def not_yet(path: str) -> Model:
    """What is answered to a chunk that is not the last: a file without content."""
    now = datetime.now(UTC)
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "type": "file",
        "writable": True,
        "created": now,
        "last_modified": now,
        "mimetype": None,
        "content": None,
        "format": None,
    }


def _bytes_of(model: Mapping[str, Any]) -> bytes:
    content, how = model.get("content"), model.get("format")
    if model.get("type") != "file" or not isinstance(content, str) or how not in _FORMATS:
        raise web.HTTPError(400, "privguard: a part of a notebook comes as a file of format `text` or `base64`.")
    try:
        return base64.b64decode(content) if how == "base64" else content.encode("utf-8", "surrogatepass")
    except (ValueError, binascii.Error):
        raise web.HTTPError(400, "privguard: a part of a notebook is not valid base64; upload it again.") from None
