"""What is sent in place of a message that could not be cleaned."""

from __future__ import annotations

from typing import Any

__all__ = ["withheld_content"]


def withheld_content(kind: str, content: dict[str, Any], sentence: str) -> dict[str, Any]:
    """What to send when cleaning failed: the message's shape with ``sentence`` instead of all of its texts."""
    failed: dict[str, Any] = {"ename": "Withheld", "evalue": sentence, "traceback": [sentence]}
    if kind == "stream":
        return {"name": content.get("name", "stderr"), "text": sentence + "\n"}
    if kind in ("display_data", "execute_result", "update_display_data"):
        return _kept(content, "execution_count", "transient") | {"data": {"text/plain": sentence}, "metadata": {}}
    if kind == "error":
        return failed
    if kind == "execute_reply":
        ended: dict[str, Any] = {"user_expressions": {}, "payload": []}
        return _kept(content, "status", "execution_count") | (failed if content.get("status") == "error" else ended)
    if kind == "complete_reply":
        return _kept(content, "cursor_start", "cursor_end") | {"matches": [], "metadata": {}, "status": "ok"}
    return {"status": "error", **failed}


def _kept(content: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: content[key] for key in keys if key in content}
