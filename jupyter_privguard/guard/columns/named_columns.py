"""What the columns of a table hold, by themselves and by the policy's ``datasets``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from ...frames import FrameView
from ...model import ColumnVerdict
from ...policy.masks import hides_as_much
from ...policy.overrides import Word, override_for, words_on
from ...policy.rules import Policy
from .verdicts import entity_of

__all__ = ["column_names", "judged", "named_by_policy"]

_HIDDEN_MOST = "CREDENTIAL"
"""Redacted at every tier: who says so shows nothing more of any column."""


def column_names(view: FrameView) -> list[str]:
    """The labels of a table as text, as its verdicts have them."""
    from ...classification.headers import label_text

    return [label_text(label) for label in view.labels]


def named_by_policy(
    view: FrameView, policy: Policy, *, dataset: str | None, source: str | None
) -> dict[int, tuple[Word, ...]]:
    """By position what the layers of the policy say that columns of a data set hold."""
    said = (words_on(policy, label, dataset=dataset, source=source) for label in column_names(view))
    return {position: words for position, words in enumerate(said) if words}


def judged(
    view: FrameView, policy: Policy, *, dataset: str | None, source: str | None, header_only: bool, full: bool
) -> tuple[Sequence[ColumnVerdict], dict[int, ColumnVerdict]]:
    """The verdict of every column: as the policy's first layer says or as it is found, and what others hide more.

    And by position what is found in those columns of which some tier sees more because the policy says so.
    """
    # Not needed before the first table; `%load_ext` need not wait for header words and patterns.
    from ...classification.classifier import classify

    judge = partial(classify, view, header_only=header_only, full=full, patterns=policy.all_patterns)
    named = named_by_policy(view, policy, dataset=dataset, source=source)
    given = {at: words[0].entity for at, words in named.items() if words[0].may_lower}
    found = judge(overrides=given)
    verdicts = _raised(found, named, given, judge, policy)
    if all(entity == _HIDDEN_MOST for entity in given.values()):
        return verdicts, {}
    alone = judge()
    lowered = (at for at in given if not hides_as_much(entity_of(alone[at]), entity_of(verdicts[at]), policy))
    return verdicts, {at: alone[at] for at in lowered}


def _raised(
    found: Sequence[ColumnVerdict],
    named: Mapping[int, tuple[Word, ...]],
    given: Mapping[int, str],
    judge: Callable[..., Sequence[ColumnVerdict]],
    policy: Policy,
) -> Sequence[ColumnVerdict]:
    """``found``, where the first layer's word holds, with what the others hide more."""
    said = {at: override_for(words, found=entity_of(found[at]), policy=policy) for at, words in named.items()}
    raised = {at: entity for at, entity in said.items() if entity != entity_of(found[at])}
    if not raised:
        return found
    again = judge(overrides={**given, **raised})
    # What stands beside those columns may count as more by it, and never as less.
    return [
        new if at in raised or hides_as_much(entity_of(old), entity_of(new), policy) else old
        for at, (old, new) in enumerate(zip(found, again, strict=True))
    ]
