"""Texts in figures of matplotlib, and of all that draw with it.

Everything is measured and laid out with the texts as they are; only what is painted is another text, fitted into
the place of the first one. So nothing else in a picture moves.
"""

from __future__ import annotations

import copy
import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .drawing import Drawing, current, drawing_for, observing
from .patching import Patches
from .watch import PlotWatcher

__all__ = ["install"]

_SMALLEST = 0.6
"""Of a text's size: what would have to be smaller to fit can no longer be read, and may stand out instead."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_SHOWN = frozenset({"png", "svg", "jpg", "jpeg", "webp", "gif"})
"""Formats of files that a program may show in a notebook afterwards."""


def install(module: Any, watcher: PlotWatcher) -> Callable[[], None]:
    """Hook `matplotlib.figure`, the ``module``; the function that takes the hooks out."""
    from matplotlib.axis import Axis
    from matplotlib.text import Text

    patches = Patches()
    patches.wrap(Text, "draw", _draw_text)
    patches.wrap(Axis, "draw", _draw_axis)
    patches.wrap(module.Figure, "draw", _draw_figure)
    patches.wrap(module.Figure, "savefig", lambda original: _savefig(original, watcher))
    return patches.undo


def _draw_text(original: Callable[..., Any]) -> Callable[..., Any]:
    def draw(self: Any, renderer: Any, *args: Any, **kwargs: Any) -> Any:
        drawing = current()
        text = self.get_text() if drawing is not None else ""
        if drawing is None or not self.get_visible() or not text.strip():
            return original(self, renderer, *args, **kwargs)
        masked = text if _is_position(self, text, drawing) else drawing.text(text)
        if masked == text or not drawing.is_masked:
            return original(self, renderer, *args, **kwargs)
        self.stale = False
        return original(_twin(self, masked, renderer), renderer, *args, **kwargs)

    return draw


def _twin(text: Any, masked: str, renderer: Any) -> Any:
    """A copy of the artist ``text`` that says ``masked`` in its place."""
    twin = copy.copy(text)  # without what would tell the figure that something has changed
    twin._text = masked
    width, height = _size(text, renderer)
    new_width, new_height = _size(twin, renderer)
    factor = min(1.0, width / max(new_width, 1), height / max(new_height, 1))
    if factor < 1:
        twin._fontproperties = text._fontproperties.copy()
        twin.set_fontsize(text.get_fontsize() * max(_SMALLEST, factor))
    return twin


def _size(text: Any, renderer: Any) -> tuple[float, float]:
    from matplotlib.text import Text

    level = copy.copy(text)
    level._rotation = 0
    level._rotation_mode = "default"
    box = Text.get_window_extent(level, renderer)  # an Annotation's own would move it
    return box.width, box.height


def _draw_axis(original: Callable[..., Any]) -> Callable[..., Any]:
    def draw(self: Any, *args: Any, **kwargs: Any) -> Any:
        drawing = current()
        if drawing is None:
            return original(self, *args, **kwargs)
        outer, drawing.axis = drawing.axis, self
        try:
            return original(self, *args, **kwargs)
        finally:
            drawing.axis = outer

    return draw


def _is_position(text: Any, words: str, drawing: Drawing) -> bool:
    """Whether the artist ``text`` says where on an axis something is: that is no value, whatever it is equal to."""
    from matplotlib.category import StrCategoryFormatter
    from matplotlib.ticker import FixedFormatter, FuncFormatter

    axis = drawing.axis
    if axis is None or text is axis.label:
        return False
    formatter = axis.get_major_formatter()
    if isinstance(formatter, FuncFormatter):
        return not _categories(axis) and _WORD.search(words) is None
    return not isinstance(formatter, (StrCategoryFormatter, FixedFormatter))


def _draw_figure(original: Callable[..., Any]) -> Callable[..., Any]:
    def draw(self: Any, renderer: Any, *args: Any, **kwargs: Any) -> Any:
        drawing = current()
        if drawing is not None:
            for label, texts in _lists_in(self):
                drawing.know(label, texts)
        return original(self, renderer, *args, **kwargs)

    return draw


def _lists_in(figure: Any) -> Iterator[tuple[str, list[str]]]:
    """Texts of ``figure`` that belong together, with what it calls them."""
    for axes in figure.get_axes():
        for name in ("xaxis", "yaxis", "zaxis"):
            axis: Any = getattr(axes, name, None)
            if axis is not None and (ticks := _categories(axis)):
                yield axis.get_label_text(), ticks
        yield from _of_legend(axes.get_legend())
        notes = [note.get_text() for note in axes.texts]
        if notes:
            yield "", notes
        for table in axes.tables:
            yield from _of_table(table)
    for legend in figure.legends:
        yield from _of_legend(legend)


def _categories(axis: Any) -> list[str]:
    """The texts at the ticks of ``axis`` where they are names and no positions."""
    from matplotlib.category import StrCategoryFormatter
    from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter

    formatter, locator = axis.get_major_formatter(), axis.get_major_locator()
    if isinstance(formatter, StrCategoryFormatter):
        return [str(name) for name in getattr(axis.units, "_mapping", ())]
    if isinstance(formatter, FixedFormatter):
        return [str(text) for text in formatter.seq if text]
    if isinstance(formatter, FuncFormatter) and isinstance(locator, FixedLocator):  # as `set_xticks` does it
        return [text for text in formatter.format_ticks(list(locator())) if text]
    return []


def _of_legend(legend: Any) -> Iterator[tuple[str, list[str]]]:
    if legend is not None:
        yield legend.get_title().get_text(), [text.get_text() for text in legend.get_texts()]


def _of_table(table: Any) -> Iterator[tuple[str, list[str]]]:
    """Column by column, with the first row's text as the label if there is a row of labels."""
    columns: dict[int, list[tuple[int, str]]] = {}
    for (row, column), cell in table.get_celld().items():
        columns.setdefault(column, []).append((row, cell.get_text().get_text()))
    for cells in columns.values():
        first, *rest = (text for _, text in sorted(cells))
        yield first, rest
        yield "", [first, *rest]


def _savefig(original: Callable[..., Any], watcher: PlotWatcher) -> Callable[..., Any]:
    def savefig(self: Any, fname: Any, *args: Any, **kwargs: Any) -> Any:
        if current() is not None:
            return original(self, fname, *args, **kwargs)
        target = _target(fname)
        if target is not None:
            watcher.writing(target, lambda: _has_findings(self, watcher))
        start = fname.tell() if isinstance(fname, io.BytesIO) else 0
        with observing(watcher.masker()) as drawing:
            result = original(self, fname, *args, **kwargs)
        if target is not None:
            watcher.written(target)
        if drawing.has_findings:
            written = _written(fname, target, start)
            if written and (form := _format(self, target, kwargs)) in _SHOWN:
                copied = io.BytesIO()
                with drawing_for(watcher.masker()):
                    original(self, copied, *args, **{**kwargs, "format": form})
                watcher.became_picture(written, copied.getvalue())
        return result

    return savefig


def _has_findings(figure: Any, watcher: PlotWatcher) -> bool:
    with observing(watcher.masker()) as drawing:
        figure.draw_without_rendering()
    return drawing.has_findings


def _target(fname: Any) -> str | None:
    """The path that a figure is written to; None for a buffer."""
    named = fname if isinstance(fname, (str, os.PathLike)) else getattr(fname, "name", None)
    return os.fspath(named) if isinstance(named, (str, os.PathLike)) else None


def _written(fname: Any, target: str | None, start: int) -> bytes:
    if isinstance(fname, io.BytesIO):
        return fname.getvalue()[start:]
    if hasattr(fname, "flush"):
        fname.flush()
    path = Path(target) if target is not None else None
    return path.read_bytes() if path is not None and path.is_file() else b""


def _format(figure: Any, target: str | None, kwargs: dict[str, Any]) -> str:
    ending = os.path.splitext(target)[1][1:] if target is not None else ""  # noqa: PTH122 - as matplotlib does it
    return str(kwargs.get("format") or ending or figure.canvas.get_default_filetype()).lower()
