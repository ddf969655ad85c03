"""Whether a browser that opens a page would fetch, run or send anything."""

from __future__ import annotations

import re
from collections.abc import Collection
from html.parser import HTMLParser

__all__ = ["fetches"]

_ACTIVE = frozenset({"iframe", "frame", "object", "embed", "base", "portal", "form"})
_DATA = frozenset({"application/json", "text/plain"})
"""Types of scripts that no browser runs."""
_FETCHING = frozenset(
    {"src", "srcset", "imagesrcset", "poster", "data", "background", "xlink:href", "manifest", "ping", "action"}
    | {"formaction", "lowsrc", "dynsrc", "longdesc", "codebase", "archive", "cite", "profile"}
)
_LINKING = frozenset({"a", "area"})
_CSS = re.compile(r"@import|(?:url|src|image-set)\s*\(\s*['\"]?\s*(?!data:|#)", re.IGNORECASE)
_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)


def fetches(page: str, *, scripts: Collection[str] = ()) -> list[str]:
    """What ``page`` would fetch, run or send, as ``element attribute``; empty when it stands alone.

    A link that somebody has to click is none; neither are addresses that stand as text, nor ``scripts``: texts of
    scripts, whole, that may run.
    """
    finder = _Finder(scripts)
    finder.feed(page)
    finder.close()
    return finder.found


class _Finder(HTMLParser):
    def __init__(self, scripts: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._scripts = scripts
        self._script: list[str] | None = None
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag == "script" and dict(attrs).get("type") not in _DATA:
            self._script = []
        if tag in _ACTIVE:
            self.found.append(tag)
        values = {name: value or "" for name, value in attrs}
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.found.append("meta refresh")
        for name, value in values.items():
            if _acts(tag, name, value.strip()):
                self.found.append(f"{tag} {name}")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = self._in_style and tag != "style"
        if tag == "script":
            self._end_script()

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)
        if self._in_style and _CSS.search(_decoded(data)):
            self.found.append("style url")

    def close(self) -> None:
        super().close()
        self._end_script()

    def _end_script(self) -> None:
        if self._script is not None and "".join(self._script) not in self._scripts:
            self.found.append("script")
        self._script = None


def _acts(tag: str, name: str, value: str) -> bool:
    if name.startswith("on"):
        return True
    if name == "style":
        return bool(_CSS.search(_decoded(value)))
    local = value.startswith("#") or value.lower().startswith("data:image/") or not value
    if name == "href":
        scripted = re.sub(r"[\x00-\x20]", "", value).lower().startswith(("javascript:", "vbscript:", "data:"))
        return scripted or (tag not in _LINKING and not local)
    return name in _FETCHING and not local


def _decoded(css: str) -> str:
    """CSS without comments and with its escapes resolved: ``url`` can be written in many ways."""
    return re.sub(
        r"\\([0-9a-fA-F]{1,6})\s?|\\(.)",
        lambda found: chr(min(int(found[1], 16), 0x10FFFF)) if found[1] else found[2],
        _COMMENTS.sub("", css),
    )
