"""What tables say by themselves, found once for all that people say of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from ...errors import StateError
from ...frames import FrameView
from ...model import ColumnVerdict, DataClass
from ...policy.rules import Policy
from .assess import acting, assess, column_names, while_it_lives, with_domains
from .datasets import Dataset
from .pins import DomainPins
from .same_tables import SameTables
from .verdicts import Classification

__all__ = ["Assessing"]


class Assessing:
    """Classifies tables under ``policy``; with ``pins`` their tokens keep their domains."""

    def __init__(
        self, policy: Policy, pins: DomainPins | None, lies_on_its_side: Callable[[FrameView, Dataset], bool]
    ) -> None:
        self._policy = policy
        self._lies_on_its_side = lies_on_its_side
        self._pins = pins
        self._same = SameTables()

    def use(self, policy: Policy) -> None:
        """``policy`` holds from now on: what was found under another one is looked at anew."""
        self._policy = policy

    def assessed(self, seen: FrameView, facts: Dataset) -> Classification:
        """What the table says by itself, found once for all that is said of it."""
        # Its name may come later than what is found, or change: for the policy that of its source alone counts.
        state: object = (seen.state(), self._policy.sha256, facts.source)
        before = facts.assessed
        if before is not None and before[0] == (state, facts.name):
            return before[1]
        found = before[1] if before is not None and before[0] == (state, before[1].dataset) else None
        found = self._by_pins(seen, facts, found)
        facts.assessed = ((state, facts.name), found)
        return found

    def with_words(self, found: Classification, facts: Dataset) -> Classification:
        """``found`` on the table of ``facts``, or a part of it, with the domains of columns that somebody spoke of."""
        columns = list(found)
        for at in found.replaced:
            if columns[at].is_sensitive:
                columns[at] = replace(columns[at], domain=self.domain_of(columns[at], facts))
        return replace(found, columns=tuple(columns))

    def domain_of(self, verdict: ColumnVerdict, facts: Dataset) -> str:
        """The domain of the handles of a column of ``facts``, as the policy or its first token says."""
        alone = Classification((verdict,))
        try:
            named = self._in_domains(alone, facts)
        except StateError as error:
            self._give_up(error)
            return self.domain_of(verdict, facts)
        return named.columns[0].domain

    def _give_up(self, error: StateError) -> None:
        """Which domain a token has must not decide whether a table's values are known."""
        self._pins = None
        print(f"{error} Until then tokens have the policy's domains.", file=sys.stderr)

    def _by_pins(self, seen: FrameView, facts: Dataset, found: Classification | None) -> Classification:
        """What the table says by itself, which is ``found`` but for its name."""
        try:
            if found is not None:
                return self._in_domains(found, facts)
            if self._lies_on_its_side(seen, facts):
                return self._on_its_side(seen)
            if (facts.glob_name, facts.source, facts.name) == (None, None, None):
                return self._same.assessed(seen, self._policy, partial(assess, seen, policy=self._policy))
            return assess(
                seen,
                policy=self._policy,
                dataset=facts.glob_name,
                source=facts.source,
                pins=self._pins,
                pinned_as=facts.name,
            )
        except StateError as error:
            self._give_up(error)
            return self._by_pins(seen, facts, found)

    def _on_its_side(self, seen: FrameView) -> Classification:
        """A table whose rows are judged each by itself: nothing is looked for in thousands of columns."""
        few = assess(seen.shown(seen.rows, 1), policy=self._policy)
        evidence = ("the table lies on its side: its rows are judged, and not its columns",)
        none = acting(ColumnVerdict("", "NONE", DataClass.NONE, 1.0, evidence=evidence), self._policy)
        columns = tuple(replace(none, column=name) for name in column_names(seen)[: seen.width])
        return Classification((*columns, *few.columns[1:]), None, while_it_lives(seen), labels=seen.labels)

    def _in_domains(self, found: Classification, facts: Dataset) -> Classification:
        return with_domains(
            found,
            self._policy,
            dataset=facts.glob_name,
            source=facts.source,
            pins=self._pins,
            pinned_as=facts.name,
        )
