"""Texts of tables in which approved columns stand in clear, on their way through the filter of all text.

The filter would mask the approved values, which it knows. So a rendering is filtered when it is made, but for
those values, and its lines pass later as they are: in the same cell, while the same approvals stand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from ...keys.keyring import KeyRing
from ...policy.rules import Policy
from ..sight import Sight
from .known import Hit, KnownValues
from .masker import TextMasker

__all__ = ["ApprovedTexts"]

_MOST = 100_000
"""Lines that are remembered; more of them are masked as other text is."""


class ApprovedTexts:
    """Makes and remembers such texts. Not thread-safe: the session holds the lock."""

    def __init__(self, policy: Policy, keyring: KeyRing, known: KnownValues) -> None:
        self._policy = policy
        self._keyring = keyring
        self._known = known
        self._plain = TextMasker(policy, keyring)
        self._sight: Sight | None = None
        self._lines: set[str] = set()

    def use(self, policy: Policy) -> None:
        """``policy`` holds from now on."""
        self._plain.use(policy)
        self._policy = policy
        self.forget()

    def forget(self) -> None:
        """Another cell begins."""
        self._sight, self._lines = None, set()

    def made(self, text: str, sight: Sight, values: Sequence[str]) -> str:
        """``text``, a table's rendering, with all masked that ``sight`` may not see but for the approved ``values``."""
        from html import escape  # brings in a table of two thousand names

        spared = "\n".join((*values, *(escape(value) for value in values)))
        text = _SparingMasker(self._policy, self._keyring, spared).mask(text, sight.tier, self._known).text
        if sight != self._sight:
            self._sight, self._lines = sight, set()
        for line in text.splitlines():
            if len(self._lines) < _MOST and self._plain.mask(line, sight.tier, self._known).masked:
                self._lines.add(line.strip())
        return text

    def around(self, text: str, sight: Sight, mask: Callable[[str], str]) -> str:
        """``text`` with everything but remembered lines masked."""
        if not self._lines or sight != self._sight:
            return mask(text)
        lines = text.splitlines(keepends=True)
        parts = groupby(lines, key=lambda line: line.strip() in self._lines)
        return "".join("".join(part) if passes else mask("".join(part)) for passes, part in parts)


class _SparingMasker(TextMasker):
    """Masks text but for what stands in ``spared``."""

    def __init__(self, policy: Policy, keyring: KeyRing, spared: str) -> None:
        super().__init__(policy, keyring)
        self._spared = spared

    def finder(self, known: KnownValues) -> Callable[[str], list[Hit]]:
        find = super().finder(known)
        return lambda text: [hit for hit in find(text) if text[hit.start : hit.end] not in self._spared]
