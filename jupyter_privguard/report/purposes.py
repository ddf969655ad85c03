"""What cells were run for, and what the policy in force says of these purposes. Pure; no blocks in here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .experiments import Event

__all__ = ["StatedPurpose", "stated_purposes"]


@dataclass(frozen=True, slots=True)
class StatedPurpose:
    """One purpose that cells named, or that none was named."""

    name: str
    """Empty for the cells that named none."""
    seqs: tuple[int, ...]
    """The cells, by number."""
    refused: int
    """Of these the refused ones."""
    datasets: tuple[str, ...]
    """What they used."""
    says: str
    """``listed`` by the policy, ``any`` where that lists none, ``unlisted``, or ``unknown``: no event tells.

    Empty where none was named.
    """
    bases: tuple[str, ...]
    """The lawful bases that policies in force gave it."""
    globs: tuple[str, ...]
    """The data sets that it is for; empty: all."""
    expires: str | None
    """Its last day."""
    policies: tuple[int, ...]
    """The events that tell of these policies."""


def stated_purposes(runs: Iterable[Event], policies: Sequence[Event]) -> list[StatedPurpose]:
    """The purposes of ``runs`` in order of appearance; ``policies`` are the events that tell of a policy."""
    told = {event["policy_sha256"]: event for event in policies if "purposes" in event}
    grouped: dict[str, list[Event]] = {}
    for event in runs:
        grouped.setdefault(event.get("purpose") or "", []).append(event)
    return [_stated(name, own, told) for name, own in grouped.items()]


def _stated(name: str, own: list[Event], told: dict[str, Event]) -> StatedPurpose:
    policies = [told[digest] for digest in dict.fromkeys(event["policy_sha256"] for event in own) if digest in told]
    entries = [entry for policy in policies for entry in policy["purposes"] or () if name and entry.get("name") == name]
    return StatedPurpose(
        name=name,
        seqs=tuple(event["seq"] for event in own),
        refused=sum(event["outcome"] == "refused" for event in own),
        datasets=_distinct(dataset.get("name") for event in own for dataset in event.get("datasets") or ()),
        says=_says(policies, entries) if name else "",
        bases=_distinct(entry.get("basis") for entry in entries),
        globs=_distinct(glob for entry in entries for glob in entry.get("datasets") or ()),
        expires=min((entry["expires"] for entry in entries if entry.get("expires")), default=None),
        policies=tuple(policy["seq"] for policy in policies),
    )


def _says(policies: list[Event], entries: list[Any]) -> str:
    if entries:
        return "listed"
    if not policies:
        return "unknown"
    return "unlisted" if any(policy["purposes"] is not None for policy in policies) else "any"


def _distinct(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for value in values if value))
