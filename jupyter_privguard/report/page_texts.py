"""The text of each section as a browser has it (``Element.textContent``), for the check within the page."""

from __future__ import annotations

from html.parser import HTMLParser

__all__ = ["section_texts"]


def section_texts(page: str) -> dict[str, str]:
    """Section id → all characters of its text nodes, in order."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return {section: "".join(pieces) for section, pieces in reader.texts.items()}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: dict[str, list[str]] = {}
        self._into: list[str] | None = None
        self._after_pre = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self._into = self.texts.setdefault(dict(attrs).get("id") or "", [])
        self._after_pre = tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._into = None
        self._after_pre = False

    def handle_data(self, data: str) -> None:
        if self._after_pre:  # a parser of HTML drops a line feed there
            data = data.removeprefix("\n")
        self._after_pre = False
        if self._into is not None:
            self._into.append(data)
