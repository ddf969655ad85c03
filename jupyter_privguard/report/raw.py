"""Whether a finished page still shows something that looks like a person's data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html.parser import HTMLParser

from ..classification.spans import Span, find_spans

__all__ = ["raw_sections"]

_BLOCKS = frozenset(
    {"title", "h1", "h2", "h3", "p", "div", "td", "th", "caption", "pre", "figcaption", "li", "summary"}
)
_SKIPPED = frozenset({"proof", "who"})
_VOID = frozenset({"br", "meta", "link", "img", "hr", "input"})


def raw_sections(page: str, find: Callable[[str], Sequence[Span]] = find_spans) -> list[tuple[str, str]]:
    """The section and the entity of everything that ``find`` recognises in the text of ``page``.

    Hashes, signatures and keys (``class="proof"``) are letters and digits at random and are not
    looked at; neither are account names (``class="who"``), which may be e-mail addresses and are
    what a record of access is about.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return [(section, span.entity) for section, text in reader.texts for span in find(text)]


class _Reader(HTMLParser):
    """The text of each block, with the section it stands in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[tuple[str, str]] = []
        self._section = "title"
        self._skipping = 0
        self._open: list[bool] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _BLOCKS:
            self._flush()
        if tag == "section":
            self._section = values.get("id") or ""
        if tag in _VOID:
            self._text.append("\n")
            return
        skipped = tag == "style" or bool(_SKIPPED & set((values.get("class") or "").split()))
        self._open.append(skipped)
        self._skipping += skipped

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
        if tag not in _VOID and self._open:
            self._skipping -= self._open.pop()

    def handle_data(self, data: str) -> None:
        self._text.append("\n" if self._skipping else data)

    def close(self) -> None:
        super().close()
        self._flush()

    def _flush(self) -> None:
        text = "".join(self._text).strip()
        if text:
            self.texts.append((self._section, text))
        self._text = []
