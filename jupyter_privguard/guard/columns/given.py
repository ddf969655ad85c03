"""Parts of a table of which the policy says what a column holds: as that is shown, so are they."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ...policy.masks import hides_as_much
from ...policy.rules import Policy
from ..overrides.statements import Column
from .released import Released
from .verdicts import Classification, entity_of

__all__ = ["as_in_policy"]


def as_in_policy(
    found: Classification,
    places: Iterable[tuple[int, str]],
    lowered: Callable[[int, str], Column | None],
    released: Released,
    policy: Policy,
) -> Classification:
    """``found`` on a part, with columns that ``policy`` lowers in its table shown as they are there.

    ``places`` are the positions and labels to look at, ``lowered`` tells which lowered column one is a part of. What
    people said of the part comes later and is heard as it is of its table.
    """
    columns, alone = list(found), dict(found.by_policy)
    for at, label in places:
        column = lowered(at, label) if at not in found.replaced else None
        verdict = released.by_policy(column) if column is not None else None
        if verdict is not None and not hides_as_much(entity_of(found[at]), entity_of(verdict), policy):
            alone[at], columns[at] = found[at], replace(verdict, column=found[at].column)
    return replace(found, columns=tuple(columns), by_policy=alone)
