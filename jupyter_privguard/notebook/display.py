"""Rich display: a table is exchanged for its masked copy before anything renders it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..guard.pictures.watcher import Pictures
from ..guard.session import Session
from .html import with_legend
from .messages import withheld_sentence

__all__ = ["wrap_format", "wrap_info"]

Bundle = tuple[dict[str, Any], dict[str, Any]]
Info = dict[str, Any]


def wrap_format(
    original: Callable[..., Bundle], session: Session, current: Callable[[], Any], pictures: Pictures
) -> Callable[..., Bundle]:
    """``DisplayFormatter.format`` with tables masked; ``current`` finds the running cell.

    Other objects are rendered as they are: the text of every bundle is cleaned where it leaves. What they draw
    meanwhile has the texts that ``pictures`` lets through.
    """

    def format_(obj: Any, include: Any = None, exclude: Any = None) -> Bundle:
        try:
            run = current()
            shown = session.show(obj, run)
            if shown is None:
                if sentence := pictures.withheld(obj):
                    return {"text/plain": sentence}, {}
                with pictures.drawing():
                    return original(obj, include, exclude)
            with session.rendering():
                data, metadata = original(shown.native, include, exclude)
            if not shown.changed:
                return data, metadata
        except Exception as error:  # noqa: BLE001 - a surface: what cannot be masked is withheld
            return {"text/plain": withheld_sentence(error)}, {}
        data = {mime: shown.fix(text) if isinstance(text, str) else text for mime, text in data.items()}
        if "text/html" in data:
            data["text/html"] = with_legend(data["text/html"], shown.legend)
        return data, metadata

    return format_


def wrap_info(original: Callable[..., Info], session: Session, current: Callable[[], Any]) -> Callable[..., Info]:
    """``Inspector.info`` (`df?`) with the string form of the masked copy where the object is a table."""

    def info(obj: Any, *args: Any, **kwargs: Any) -> Info:
        found = original(obj, *args, **kwargs)
        try:
            shown = session.show(obj, current())
            if shown is not None and shown.changed:
                with session.rendering():
                    copied = original(shown.native, *args, **kwargs)
                found = {**found, "string_form": shown.fix(str(copied.get("string_form")))}
        except Exception as error:  # noqa: BLE001 - a surface: what cannot be masked is withheld
            found = {**found, "string_form": withheld_sentence(error)}
        return found

    return info
