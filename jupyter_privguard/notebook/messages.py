"""Cleans the content of Jupyter messages. Builds new objects: the old ones may be the user's own."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from .._later import later
from ..plots.picture_texts import clean_picture
from .json_numbers import clean_numbers

__all__ = ["clean_buffers", "clean_content", "is_bare"]

Clean = Callable[[str], str]

# The front end knows these already, or they hold nothing but protocol.
_UNTOUCHED = frozenset(
    "execute_input status kernel_info_reply shutdown_reply interrupt_reply is_complete_reply iopub_welcome "
    "create_subshell_reply delete_subshell_reply list_subshell_reply connect_reply".split()
)
_BINARY = ("image/", "application/pdf", "audio/", "video/")
_KINDS = frozenset({"text/plain", "text/html", "text/markdown", "text/latex", "application/json"})
"""Keys that hold nothing."""
_DRAWN = later(r"[0-9a-f]{16}(?:[0-9a-f]{16})?")
"""Names of displays as IPython draws them."""
_OWN_KEY = secrets.token_bytes(16)
_WITH_NUMBERS = frozenset({"data", "user_expressions"})
"""Keys below which a number may be somebody's; elsewhere they count cells, lines and positions."""
_PROTOCOL = frozenset("status comm_id target_name target_module payload_source source start".split())


def clean_content(kind: str, content: dict[str, Any], clean: Clean) -> dict[str, Any]:
    """The content of a message of type ``kind`` with every text in it cleaned."""
    if kind in _UNTOUCHED:
        return content
    if kind == "complete_reply":
        return _without_values(content, clean)
    clean = _asked_once(clean)
    untouched = frozenset({"status"}) if kind == "execute_reply" else _PROTOCOL
    cleaned = {key: value if key in untouched else clean_tree(value, clean) for key, value in content.items()}
    if isinstance(place := content.get("transient"), dict) and isinstance(name := place.get("display_id"), str):
        cleaned["transient"]["display_id"] = _display_name(name, clean)
    for key in _WITH_NUMBERS & cleaned.keys():
        cleaned[key] = clean_numbers(cleaned[key], clean)
    return cleaned


def is_bare(kind: str, content: dict[str, Any]) -> bool:
    """Whether a message of type ``kind`` holds nothing but protocol, as the reply to a cell that went well."""
    return kind in _UNTOUCHED or all(
        key == "status" or not value or isinstance(value, int) for key, value in content.items()
    )


def _display_name(name: str, clean: Clean) -> str:
    """The name of a display; another one for one in which a value stands, the same each time, for updates of it."""
    if _DRAWN.fullmatch(name) or clean(name) == name:
        return name
    return blake2b(name.encode("utf-8", "surrogatepass"), key=_OWN_KEY, digest_size=16).hexdigest()


def _asked_once(clean: Clean) -> Clean:
    """``clean`` for one message: what it left as it is stays so; records repeat their keys row by row."""
    left: set[str] = set()

    def asked(text: str) -> str:
        if text in left:
            return text
        cleaned = clean(text)
        if cleaned == text:
            left.add(text)
        return cleaned

    return asked


def clean_tree(value: Any, clean: Clean) -> Any:
    """``value`` with all texts cleaned, keys too; of pictures and the like only the texts beside the points."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {
            clean(key) if isinstance(key, str) and key not in _KINDS else key: clean_picture(item, clean)
            if _is_binary(key, item)
            else clean_tree(item, clean)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [clean_tree(item, clean) for item in value]
    return value


def _is_binary(key: Any, value: Any) -> bool:
    if not isinstance(key, str) or not isinstance(value, (str, bytes)):
        return False
    return key.startswith(_BINARY) and not key.startswith("image/svg")


def _without_values(content: dict[str, Any], clean: Clean) -> dict[str, Any]:
    """Completions that hold values are left out: a masked one would complete to something wrong."""
    matches = [m for m in content.get("matches", ()) if clean(m) == m]
    kept = set(matches)
    metadata = {
        key: [entry for entry in value if not isinstance(entry, dict) or entry.get("text") in kept]
        if isinstance(value, list)
        else clean_tree(value, clean)
        for key, value in content.get("metadata", {}).items()
    }
    return {**content, "matches": matches, "metadata": metadata}


def clean_buffers(
    buffers: list[Any] | None, clean: Clean, rounded: Callable[[bytes], bytes | None] = lambda data: data
) -> list[Any] | None:
    """Binary buffers with their numbers ``rounded``; one in which a value stands is replaced by zeros of its length."""
    if not buffers:
        return buffers
    out = []
    for buffer in buffers:
        raw = bytes(buffer)
        numbers = rounded(raw)
        if numbers is None or any(clean(text) != text for text in _readings(raw)):
            out.append(bytes(len(raw)))
        else:
            out.append(buffer if numbers is raw else numbers)
    return out


def _readings(raw: bytes) -> set[str]:
    """``raw`` as text in UTF-8, or a letter a byte; without zeros that is Latin text in UTF-16 and UTF-32 too."""
    letters = raw.replace(b"\0", b"").decode("latin-1")
    try:
        return {raw.decode("utf-8"), letters}
    except UnicodeDecodeError:
        return {letters}
