"""What a shell may complete: files, kinds of data, and names out of this account's own events.

Completion is asked for at every press of a key: it looks at the newest events only, changes nothing, records nothing,
and has nothing to offer where something fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem

__all__ = ["complete_entities", "complete_files", "complete_from_log", "complete_options_of_queries"]

_NEWEST = 2000
"""Events that are looked at."""
_PLAIN = re.compile(r"[\w.@+/-]{1,80}")
"""Names that mean themselves in every shell; others are for whoever types them, quoted."""

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def complete_files(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The shell's own completion of files."""
    return [CompletionItem(incomplete, type="file")]


def complete_entities(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Kinds of data, whatever the case they are typed in."""
    from ..model import ENTITIES

    return _offered(ENTITIES, incomplete)


def complete_from_log(field: str) -> Complete:
    """Names that stand in a ``field`` of this account's newest events: an experiment, a data set, a column."""

    def complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            return _offered(_in_log(field), incomplete)
        except Exception:  # noqa: BLE001 - whoever presses a key is told nothing; commands tell what is wrong
            return []

    return complete


def complete_options_of_queries(name: str) -> Complete | None:
    """For the option ``name`` of a question to the log; None where nothing is offered."""
    from ..audit.query import HOW, OUTCOMES
    from ..model import Tier

    known = {"how": HOW, "outcome": OUTCOMES, "tier": [tier.label for tier in Tier]}

    def complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _offered(known[name], incomplete)

    if name in known:
        return complete
    if name == "entity":
        return complete_entities
    return complete_from_log(name) if name in ("experiment", "purpose", "dataset", "column") else None


def _offered(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    begun = incomplete.casefold()
    return [CompletionItem(name) for name in sorted(set(names)) if name.casefold().startswith(begun)]


def _in_log(field: str) -> list[str]:
    from .. import runtime

    own = runtime.principal(runtime.policy()).id
    reader = runtime.log_reader()
    events = reader.events(after=max(0, reader.size - _NEWEST))
    mine = [event for event in events if (event.get("principal") or {}).get("id") == own]
    return [name for name in _named(mine, field) if _PLAIN.fullmatch(name) and not name.startswith("-")]


def _named(events: list[dict[str, Any]], field: str) -> Iterable[str]:
    if field in ("experiment", "purpose"):
        return (event[field] for event in events if isinstance(event.get(field), str))
    from ..audit.query import Query, accesses

    found = accesses(events, Query())
    return (name for one in found for name in (one.columns if field == "column" else (one.dataset,)))
