"""A text on its way out with all that may be in it: tables, lines of files, codes, packed numbers, values.

Not thread-safe: the session holds the lock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from ...frames import FrameView
from ...frames.packed import NumberColumn, rounded
from ...keys.keyring import KeyRing
from ...policy.rules import Policy
from ..cells.cell import CellRun
from ..columns.assess import masks_for
from ..columns.column_masks import mask_at
from ..files.known_files import MaskTable
from ..files.read_files import ReadFiles
from ..knowledge import Knowledge
from ..sight import Sight
from ..tables.shower import TableShower
from ..taken.takings import Takings
from .encoded import decoded_and_cleaned
from .masker import TextMasker
from .table_texts import TableTexts

__all__ = ["Outgoing"]


class Outgoing:
    """Cleans what leaves a session; each form of a value by the part that knows it."""

    def __init__(
        self,
        policy: Policy,
        keyring: KeyRing,
        knowledge: Knowledge,
        files: ReadFiles,
        tables: TableTexts,
        shower: TableShower,
        masker: TextMasker,
        takings: Takings,
    ) -> None:
        self._policy = policy
        self._keyring = keyring
        self._knowledge = knowledge
        self._files = files
        self._tables = tables
        self._shower = shower
        self._masker = masker
        self._takings = takings

    def use(self, policy: Policy) -> None:
        """``policy`` holds from now on."""
        self._policy = policy

    def cleaned(self, text: str, run: CellRun | None, sight: Sight, masked: Counter[str], *, depth: int = 0) -> str:
        """``text`` without what ``sight`` may not see, counted in ``masked``; the same object if nothing is in it.

        ``depth`` is how many codes the text was in.
        """
        text = decoded_and_cleaned(
            text,
            lambda inner: self.cleaned(inner, run, sight, masked, depth=depth + 1),
            lambda data: self.numbers_rounded(data, sight),
            depth=depth,
        )
        exchanged = self._files.exchanged(self._tables.exchanged(text, sight), run, self._field_masks(sight, masked))
        return self._shower.texts.around(exchanged, sight, partial(self._mask, run, sight, masked))

    def _mask(self, run: CellRun | None, sight: Sight, masked: Counter[str], text: str) -> str:
        taken_out = partial(self._takings.hits, run=run, tier=sight.tier, policy=self._policy)
        answer = self._masker.mask(text, sight.tier, self._knowledge.values, taken_out)
        masked.update(answer.masked)
        return answer.text

    def numbers_rounded(self, data: bytes, sight: Sight) -> bytes | None:
        """``data`` with packed numbers of columns that ``sight`` may not see rounded; see `packed.rounded`."""
        columns = [
            NumberColumn(numbers, density)
            for verdict, numbers, density in self._knowledge.numbers.columns()
            if mask_at(verdict, sight.tier, self._policy) is not None
        ]
        return rounded(data, columns) if columns else data

    def _field_masks(self, sight: Sight, counted: Counter[str]) -> MaskTable:
        """What masks the fields of a file's lines, and counts them."""

        def masks_of(frame: Any, seen: FrameView) -> Callable[[int, Any], str | None]:
            masks = masks_for(self._shower.classification(frame, seen, sight), sight.tier, self._policy)
            find = self._masker.finder(self._knowledge.values)

            def masked(at: int, value: Any) -> str | None:
                from ...masking.masker import mask_value  # not needed before the first such line

                if at not in masks:
                    return None
                counted[masks[at].entity] += 1
                return str(mask_value(value, masks[at], self._keyring, on_screen=True, find_spans=find))

            return masked

        return masks_of
