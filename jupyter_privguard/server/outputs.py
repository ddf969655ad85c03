"""Outputs on their way from a kernel to a browser: whether a value shows in them, and what is sent instead.

The JSON of a message is read as text, without parsing it: a large one is looked through piece by piece, in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..classification.spans import find_spans
from ..model import Pattern

__all__ = ["UNCHECKED", "entities_in", "stands_instead", "text_of"]

UNCHECKED = frozenset({"status", "execute_input"})
"""Types of messages that pass unseen: of the first nothing is shown, the second is what a person typed."""

_PIECE = 16_000
_OVERLAP = 200
"""Characters that two pieces share: longer than any value that has a form."""

_BINARY = re.compile(
    r'"(?:image/(?!svg)[^"]{1,60}|application/pdf|audio/[^"]{1,60}|video/[^"]{1,60})"\s*:\s*'
    r'"(?:[A-Za-z0-9+/=]++|\\n)*+"'  # base64: what is none is a text, whatever it claims to be
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_INFO = "status protocol_version implementation implementation_version language_info debugger".split()
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def text_of(content: bytes) -> str:
    """What a browser could show of a message's JSON: escapes undone, pictures and sounds left out."""
    text = content.decode("utf-8", "replace")
    if '"image/' in text or '"application/pdf' in text or '"audio/' in text or '"video/' in text:
        text = _BINARY.sub('""', text)
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _PLAIN.get(found[2], found[2])


def entities_in(text: str, patterns: tuple[Pattern, ...], *, before: str = "") -> frozenset[str]:
    """Entities of the values that show by form or check digit in ``text``.

    ``before`` is the end of the text that was sent before it: what lies in that alone does not count again.
    """
    start = len(before)
    found: set[str] = set()
    for at, piece in _pieces(before + text):
        found.update(span.entity for span in find_spans(piece, patterns) if at + span.end > start)
    return frozenset(found)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    for at in range(0, max(len(text), 1), _PIECE):
        first = max(0, at - _OVERLAP)
        yield first, text[first : at + _PIECE]


def stands_instead(kind: str, content: Mapping[str, Any], sentence: str) -> dict[str, Any]:
    """The content that is sent in place of ``content``: the same kind of message, and nothing of its texts."""
    error: dict[str, Any] = {"ename": "Withheld", "evalue": sentence, "traceback": [sentence]}
    if kind == "stream":
        return {"name": content.get("name", "stdout"), "text": f"{sentence}\n"}
    if kind in ("display_data", "execute_result", "update_display_data"):
        return _kept(content, "execution_count", "transient") | {"data": {"text/plain": sentence}, "metadata": {}}
    if kind == "execute_reply":
        ended: dict[str, Any] = {"user_expressions": {}, "payload": []}
        return _kept(content, "status", "execution_count") | (error if content.get("status") == "error" else ended)
    if kind == "inspect_reply":
        return {"status": "ok", "found": True, "data": {"text/plain": sentence}, "metadata": {}}
    if kind == "complete_reply":
        return _kept(content, "cursor_start", "cursor_end") | {"status": "ok", "matches": [], "metadata": {}}
    if kind == "history_reply":
        return {"status": "ok", "history": []}
    if kind == "input_request":
        return {"prompt": f"{sentence} ", "password": bool(content.get("password", False))}
    if kind == "kernel_info_reply":  # without it no cell could run
        return _kept(content, *_INFO) | {"banner": sentence, "help_links": []}
    if kind == "comm_info_reply":
        return {"status": "ok", "comms": {}}
    if kind == "comm_close":
        return _kept(content, "comm_id") | {"data": {}}
    if kind in ("comm_open", "comm_msg"):
        data = {"method": "custom", "content": {"text": sentence}}
        return _kept(content, "comm_id", "target_name", "target_module") | {"data": data}
    if kind in ("debug_reply", "debug_event"):
        kept = _kept(content, "type", "seq", "request_seq", "command", "event")
        return kept | {"success": False, "message": sentence, "body": {}}
    return error


def _kept(content: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: content[key] for key in keys if key in content}
