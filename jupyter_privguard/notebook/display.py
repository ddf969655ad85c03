"""Rich display: a table is exchanged for its masked copy before anything renders it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.utils.dir2 import get_real_method

from ..errors import Refused
from ..guard.withheld import PASSING

if TYPE_CHECKING:
    from ..guard.pictures.watcher import Pictures
    from ..guard.session import Session
    from ..guard.withheld import Withholding

__all__ = ["wrap_format", "wrap_info"]

Bundle = tuple[dict[str, Any], dict[str, Any]]
Info = dict[str, Any]


def wrap_format(
    original: Callable[..., Bundle],
    session: Session,
    current: Callable[[], Any],
    pictures: Callable[[], Pictures],
    withhold: Withholding,
) -> Callable[..., Bundle]:
    """``DisplayFormatter.format`` with tables masked; ``current`` finds the running cell.

    Other objects are rendered as they are: the text of every bundle is cleaned where it leaves. What they draw
    meanwhile has the texts that ``pictures`` lets through. Where an object's own code fails, IPython shows the
    error, and a sentence stands in the object's place.
    """

    def rendered(obj: Any, run: Any, include: Any, exclude: Any) -> Bundle:
        before = _last_error()
        data, metadata = original(obj, include, exclude)
        if "text/plain" in data or not _is_wanted(include, exclude) or (not data and _displays_itself(obj)):
            return data, metadata
        error = _last_error()
        return {**data, "text/plain": withhold.failed_display(error if error is not before else None, run)}, metadata

    def shown_safely(obj: Any, run: Any, include: Any, exclude: Any) -> Bundle:
        shown = session.show(obj, run)
        if shown is None:
            if sentence := pictures().withheld(obj):
                return {"text/plain": sentence}, {}
            with pictures().drawing():
                return rendered(obj, run, include, exclude)
        with session.rendering():
            data, metadata = rendered(shown.native, run, include, exclude)
        if not shown.changed:
            return data, metadata
        data = {mime: shown.fix(text) if isinstance(text, str) else text for mime, text in data.items()}
        if "text/html" in data:
            from .html import with_legend  # with the first masked table

            data["text/html"] = with_legend(data["text/html"], shown.legend)
        session.rendered(text for text in data.values() if isinstance(text, str))
        return data, metadata

    def format_(obj: Any, include: Any = None, exclude: Any = None) -> Bundle:
        run = None
        try:
            run = current()
            return shown_safely(obj, run, include, exclude)
        except PASSING:
            raise
        except Refused as refused:
            return {"text/plain": str(refused)}, {}
        except BaseException as error:  # noqa: BLE001 - a surface: what cannot be masked is withheld
            return {"text/plain": withhold(error, "display", run)}, {}

    return format_


def _last_error() -> BaseException | None:
    """The error that was shown last: IPython shows those of an object's own code and goes on without its result."""
    return getattr(sys, "last_value", None)


def _is_wanted(include: Any, exclude: Any) -> bool:
    return (not include or "text/plain" in include) and (not exclude or "text/plain" not in exclude)


def _displays_itself(obj: Any) -> bool:
    return get_real_method(obj, "_ipython_display_") is not None


def wrap_info(
    original: Callable[..., Info], session: Session, current: Callable[[], Any], withhold: Withholding
) -> Callable[..., Info]:
    """``Inspector.info`` (`df?`) with the string form of the masked copy where the object is a table."""

    def info(obj: Any, *args: Any, **kwargs: Any) -> Info:
        found = original(obj, *args, **kwargs)
        try:
            shown = session.show(obj, current())
            if shown is not None and shown.changed:
                with session.rendering():
                    copied = original(shown.native, *args, **kwargs)
                found = {**found, "string_form": shown.fix(str(copied.get("string_form")))}
        except PASSING:
            raise
        except BaseException as error:  # noqa: BLE001 - a surface: what cannot be masked is withheld
            found = {**found, "string_form": withhold(error, "inspection", None)}
        return found

    return info
