"""Pictures of PIL: which of them show what may not be seen. The pictures themselves are never changed.

A picture is marked when it is opened from a person's file or bytes, and when a text is drawn into it that is not let
through. Pictures that PIL makes of it (copies, parts, other sizes, what it is pasted into) are marked too.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .patching import Patches
from .watch import PlotWatcher

__all__ = ["install", "is_marked"]

_MARK = "_privguard_withheld"


def is_marked(image: Any) -> bool:
    """Whether ``image`` shows what may not be seen."""
    return _MARK in getattr(image, "__dict__", ())


def install(module: Any, watcher: PlotWatcher) -> Callable[[], None]:
    """Hook ``PIL.Image`` or ``PIL.ImageDraw``, the ``module``; the function that takes the hooks out."""
    patches = Patches()
    if hasattr(module, "ImageDraw"):
        for name in ("text", "multiline_text"):
            patches.wrap(module.ImageDraw, name, lambda original: _drawing(original, watcher))
        return patches.undo
    patches.wrap(module, "open", lambda original: _opening(original, watcher))
    for name in ("_new", "transform"):
        patches.wrap(module.Image, name, _making)
    for name in ("alpha_composite", "blend", "composite", "merge"):
        patches.wrap(module, name, _making)
    for name in ("paste", "alpha_composite"):
        patches.wrap(module.Image, name, _pasting)
    patches.wrap(module.Image, "save", lambda original: _saving(original, watcher))
    points = module.Image.__array_interface__  # what numpy asks for

    def array(self: Any) -> Any:
        found = points.fget(self)
        if is_marked(self):
            watcher.became_picture(bytes(found["data"]), b"")
        return found

    module.Image.__array_interface__ = property(array, doc=points.__doc__)

    def undo() -> None:
        module.Image.__array_interface__ = points
        patches.undo()

    return undo


def _mark(image: Any) -> None:
    setattr(image, _MARK, True)


def _opening(original: Callable[..., Any], watcher: PlotWatcher) -> Callable[..., Any]:
    def open_(fp: Any, *args: Any, **kwargs: Any) -> Any:
        image = original(fp, *args, **kwargs)
        source = fp.getvalue() if isinstance(fp, io.BytesIO) else getattr(fp, "name", fp)
        if isinstance(source, (str, bytes, os.PathLike)) and watcher.is_of_person(source):
            _mark(image)
        return image

    return open_


def _making(original: Callable[..., Any]) -> Callable[..., Any]:
    def make(*args: Any, **kwargs: Any) -> Any:
        image = original(*args, **kwargs)
        sources = [part for value in args for part in (value if isinstance(value, (list, tuple)) else [value])]
        if any(map(is_marked, sources)):
            _mark(image)
        return image

    return make


def _pasting(original: Callable[..., Any]) -> Callable[..., Any]:
    def paste(self: Any, im: Any, *args: Any, **kwargs: Any) -> Any:
        if is_marked(im):
            _mark(self)
        return original(self, im, *args, **kwargs)

    return paste


def _drawing(original: Callable[..., Any], watcher: PlotWatcher) -> Callable[..., Any]:
    def text(self: Any, xy: Any, text: Any, *args: Any, **kwargs: Any) -> Any:
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else getattr(text, "text", text)
        image = getattr(self, "_image", None)
        if image is not None and isinstance(words, str) and watcher.masker().text(words) != words:
            _mark(image)
        return original(self, xy, text, *args, **kwargs)

    return text


def _saving(original: Callable[..., Any], watcher: PlotWatcher) -> Callable[..., Any]:
    def save(self: Any, fp: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_marked(self):
            return original(self, fp, *args, **kwargs)
        target = os.fspath(fp) if isinstance(fp, (str, os.PathLike)) else None
        if isinstance(target, str):
            watcher.writing(target, lambda: True)
        start = fp.tell() if isinstance(fp, io.BytesIO) else 0
        result = original(self, fp, *args, **kwargs)
        if isinstance(target, str):
            watcher.written(target)
            watcher.became_picture(Path(target).read_bytes(), b"")
        elif isinstance(fp, io.BytesIO):
            watcher.became_picture(fp.getvalue()[start:], b"")
        return result

    return save
