"""Tables and Stylers on their way out: what is rendered in their place. Not thread-safe: the session holds the lock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ...frames import FrameView, styled_copy, styled_frame, styled_parts, view
from ...keys.keyring import KeyRing
from ...policy.rules import Policy
from ..columns.assess import Classification
from ..knowledge import Knowledge
from ..policies.approved import opened
from ..sight import Sight
from ..texts.approved_texts import ApprovedTexts
from ..texts.masker import TextMasker
from .same_copies import SameCopies

if TYPE_CHECKING:
    from .show import Legends, Shown

__all__ = ["TableShower"]


class TableShower:
    """Makes masked copies by what is known of tables."""

    def __init__(self, policy: Policy, keyring: KeyRing, knowledge: Knowledge, text: TextMasker) -> None:
        self._policy = policy
        self._keyring = keyring
        self._knowledge = knowledge
        self._text = text
        self.texts = ApprovedTexts(policy, keyring, knowledge.values)
        """Texts that show approved columns."""
        self._same = SameCopies()
        self._legends: Legends | None = None
        self._rendering = threading.local()

    def use(self, policy: Policy) -> None:
        """``policy`` holds from now on."""
        self._policy = policy
        self._same.clear()
        self.texts.use(policy)

    def classification(self, obj: Any, seen: FrameView, sight: Sight) -> Classification:
        """The verdicts on ``obj`` as ``sight`` shows it at its tier: what approvals open included."""
        return opened(sight, self._knowledge.classification(obj, seen), seen, obj, self._knowledge)[0]

    def masked_copy(self, obj: Any, sight: Sight, *, whole: bool = False) -> Shown | None:
        """What ``sight`` may see of the table or Styler ``obj``; None if it is neither. ``whole``: all rows of it."""
        styled = styled_frame(obj)
        if styled is not None:
            return self._masked_style(obj, styled, sight)
        seen = view(obj)
        if seen is None:
            return None
        # Not needed before the first table.
        from .copying import Copying, Judged
        from .show import Legends, show_table

        if self._legends is None:
            self._legends = Legends()
        known = self._knowledge
        find = self._text.finder(known.values)
        with known.counting_guesses(obj, self._keyring):
            found, positions = opened(sight, known.classification(obj, seen), seen, obj, known)
            shown = show_table(
                seen,
                Judged(found, known.verdicts_of_heads(seen), known.verdicts_of_rows(obj, seen), known.facts(obj).exact),
                Copying(
                    sight.tier,
                    self._policy,
                    self._keyring,
                    on_screen=True,
                    find_spans=find,
                    same=self._same,
                    revision=known.values.revision,
                ),
                whole=whole,
                opened=positions,
                legends=self._legends,
            )
        return self._passing(shown, sight, shown.opened) if shown.opened else shown

    def _passing(self, shown: Shown, sight: Sight, values: Sequence[str]) -> Shown:
        """``shown``, whose text passes the filter of all text though approved ``values`` stand in it."""
        fix = shown.fix
        return replace(shown, fix=lambda text: self.texts.made(fix(text), sight, values))

    def _masked_style(self, styler: Any, table: Any, sight: Sight) -> Shown | None:
        """A Styler shows all rows of its table, and of those that were concatenated to it."""
        shown = self.masked_copy(table, sight, whole=True)
        if shown is None:
            return None
        parts = [p for p in (self.masked_copy(part, sight) for part in styled_parts(styler)) if p is not None]
        changed = [part for part in (shown, *parts) if part.changed]
        if not changed:
            return replace(shown, native=styler)
        copy = styled_copy(styler, shown.native, [part.native for part in parts])
        values = [value for part in changed for value in part.opened]
        first = replace(changed[0], native=copy)
        return self._passing(first, sight, values) if values else first

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

    def renderer(self, obj: Any, text: str, render: Callable[[Any], str], *, whole: bool) -> Callable[[Sight], str]:
        """Makes ``text``, which ``render`` made of ``obj``, as a sight may show it."""
        return partial(self._render, obj, text, render, whole)

    def _render(self, obj: Any, text: str, render: Callable[[Any], str], whole: bool, sight: Sight) -> str:
        with self.rendering():
            shown = self.masked_copy(obj, sight, whole=whole)
            return shown.fix(render(shown.native)) if shown is not None and shown.changed else text
