"""Tables and Stylers on their way out: what is rendered in their place. Not thread-safe: the session holds the lock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ..frames import styled_copy, styled_frame, styled_parts, view
from ..keys.keyring import KeyRing
from ..model import Tier
from ..policy.rules import Policy
from .knowledge import Knowledge
from .text import TextMasker

if TYPE_CHECKING:
    from .show import Shown

__all__ = ["TableShower"]


class TableShower:
    """Makes masked copies by what is known of tables."""

    def __init__(self, policy: Policy, keyring: KeyRing, knowledge: Knowledge, text: TextMasker) -> None:
        self._policy = policy
        self._keyring = keyring
        self._knowledge = knowledge
        self._text = text
        self._rendering = threading.local()

    def masked_copy(self, obj: Any, tier: Tier, *, whole: bool = False) -> Shown | None:
        """What ``tier`` may see of the table or Styler ``obj``; None if it is neither. ``whole``: all rows of it."""
        styled = styled_frame(obj)
        if styled is not None:
            return self._masked_style(obj, styled, tier)
        seen = view(obj)
        if seen is None:
            return None
        # Not needed before the first table.
        from .copying import Copying, Judged
        from .show import show_table

        known = self._knowledge
        find = self._text.finder(known.values)
        with known.counting_guesses(obj, self._keyring):
            return show_table(
                seen,
                Judged(
                    known.classification(obj, seen),
                    known.verdicts_of_heads(seen),
                    known.verdicts_of_rows(obj, seen),
                    known.facts(obj).exact,
                ),
                Copying(tier, self._policy, self._keyring, on_screen=True, find_spans=find),
                whole=whole,
            )

    def _masked_style(self, styler: Any, table: Any, tier: Tier) -> Shown | None:
        """A Styler shows all rows of its table, and of those that were concatenated to it."""
        shown = self.masked_copy(table, tier, whole=True)
        if shown is None:
            return None
        parts = [p for p in (self.masked_copy(part, tier) for part in styled_parts(styler)) if p is not None]
        changed = [part for part in (shown, *parts) if part.changed]
        if not changed:
            return replace(shown, native=styler)
        copy = styled_copy(styler, shown.native, [part.native for part in parts])
        return replace(changed[0], native=copy)

    @property
    def is_rendering(self) -> bool:
        """Whether this thread renders a masked copy."""
        return getattr(self._rendering, "on", False)

    @contextmanager
    def rendering(self) -> Iterator[None]:
        """While this thread renders a masked copy."""
        self._rendering.on = True
        try:
            yield
        finally:
            self._rendering.on = False

    def renderer(self, obj: Any, text: str, render: Callable[[Any], str], *, whole: bool) -> Callable[[Tier], str]:
        """Makes ``text``, which ``render`` made of ``obj``, as a tier may see it."""
        return partial(self._render, obj, text, render, whole)

    def _render(self, obj: Any, text: str, render: Callable[[Any], str], whole: bool, tier: Tier) -> str:
        try:
            with self.rendering():
                shown = self.masked_copy(obj, tier, whole=whole)
                return shown.fix(render(shown.native)) if shown is not None and shown.changed else text
        except Exception as error:  # noqa: BLE001 - a surface: what cannot be masked is withheld
            return f"privguard: a table could not be masked and is withheld ({type(error).__name__})"
