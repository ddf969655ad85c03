"""Who looks at what a plotting library draws just now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .categories import Categories
from .masker import PlotMasker

__all__ = ["Drawing", "current", "drawing_for", "masked_for", "observing"]


class Drawing:
    """One picture while it is drawn."""

    def __init__(self, masker: PlotMasker, *, is_masked: bool) -> None:
        self.masker = masker
        self.is_masked = is_masked
        """Whether masks are drawn; otherwise it is only noted that there are some."""
        self.has_findings = False
        """Whether a text was drawn that `PlotMasker` does not let through."""
        self.axis: Any = None
        """Of what is being drawn just now the axis that it belongs to."""
        self._categories = Categories(masker)

    def know(self, label: str, texts: Sequence[str]) -> None:
        """``texts`` belong together, such as those at the ticks of an axis."""
        self._categories.column(label, texts)

    def text(self, text: str) -> str:
        """What to draw in place of ``text``."""
        masked = self._categories.text(text)
        self.has_findings = self.has_findings or masked != text
        return masked


_current: ContextVar[Drawing | None] = ContextVar("privguard_drawing", default=None)


def current() -> Drawing | None:
    """The picture that is being drawn for somebody, or looked through; None for a file or nobody."""
    return _current.get()


@contextmanager
def drawing_for(masker: PlotMasker) -> Iterator[None]:
    """What is drawn meanwhile is for a screen: ``masker`` says what may be read there."""
    token = _current.set(Drawing(masker, is_masked=True))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def observing(masker: PlotMasker) -> Iterator[Drawing]:
    """What is drawn meanwhile stays as it is; the `Drawing` tells afterwards whether something is in it."""
    drawing = Drawing(masker, is_masked=False)
    token = _current.set(drawing)
    try:
        yield drawing
    finally:
        _current.reset(token)


def masked_for(mime: str, data: Any, masker: PlotMasker) -> Any:
    """``data`` of the type ``mime`` with what ``masker`` makes of a chart; the same object if nothing is in it."""
    if "vnd.plotly" in mime and isinstance(data, dict):
        from .plotly_json import masked_figure

        return masked_figure(data, masker)
    if "vnd.vega" in mime and isinstance(data, dict):
        from .vega_json import masked_spec

        return masked_spec(data, masker)
    return data
