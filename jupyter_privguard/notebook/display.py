"""Rich display: a table is exchanged for its masked copy before anything renders it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from ..frames import styled_copy, styled_frame
from ..guard.session import Session
from .html import with_legend

__all__ = ["wrap_format"]

Bundle = tuple[dict[str, Any], dict[str, Any]]


def wrap_format(original: Callable[..., Bundle], session: Session, current: Callable[[], Any]) -> Callable[..., Bundle]:
    """``DisplayFormatter.format`` with tables masked; ``current`` finds the running cell.

    Other objects are rendered as they are: the text of every bundle is cleaned where it leaves.
    """

    def format_(obj: Any, include: Any = None, exclude: Any = None) -> Bundle:
        try:
            run = current()
            styled = styled_frame(obj)
            shown = session.show(obj if styled is None else styled, run, whole=styled is not None)
            if shown is None or not shown.changed:
                return original(obj, include, exclude)
            copy = shown.native if styled is None else styled_copy(obj, shown.native)
            with session.rendering():
                data, metadata = original(copy, include, exclude)
        except Exception as error:  # noqa: BLE001 - a surface: what cannot be masked is withheld
            return withheld(error), {}
        data = {mime: shown.fix(text) if isinstance(text, str) else text for mime, text in data.items()}
        if "text/html" in data:
            data["text/html"] = with_legend(data["text/html"], shown.legend)
        return data, metadata

    return format_


def withheld(error: Exception) -> dict[str, str]:
    """A bundle that says that an output is missing, and what to quote when asking why."""
    sentence = (
        f"privguard: this output could not be masked and is withheld "
        f"({type(error).__name__}, error {secrets.token_hex(3)}); %privguard status says more."
    )
    return {"text/plain": sentence}
