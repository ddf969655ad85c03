"""What of models somebody should look at: aliases without a signed approval, approvals without a review. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import datetime
from typing import NamedTuple

from .approvals import ModelApproval, Standing
from .asking import Reviewed
from .records import Model, Move, Registry, Version

__all__ = ["Answered", "Flag", "answered", "flags"]


class Flag(NamedTuple):
    """One thing to look at."""

    model: str
    version: str
    alias: str | None
    problem: str
    """In a word or two, the same for all of its kind."""
    says: str
    """In one sentence, without its events."""
    seqs: tuple[int, ...]


class Answered(NamedTuple):
    """What approvals say of a version under an alias."""

    approval: ModelApproval | None
    """The one that stands."""
    problem: str
    """Why none does; empty where one does."""
    why: str
    """The same as the end of a sentence."""
    seqs: tuple[int, ...] = ()


def flags(registry: Registry, now: datetime, disproved: Container[str] = ()) -> list[Flag]:
    """What there is to look at ``now``, by model.

    ``disproved`` are ids of approvals that the log tells of, and that are none by the answers themselves or the policy.
    """
    return [flag for model in registry.models.values() for flag in _of_model(registry, model, now, disproved)]


def answered(version: Version | None, alias: str, sha256: str | None, now: datetime) -> Answered:
    """Whether the files with the digest ``sha256`` are approved as ``version`` for ``alias``."""
    asked = [one for one in (version.approvals if version else ()) if one.alias == alias]
    if not asked:
        return Answered(None, "no approval", "nobody has been asked to approve it")
    seqs = tuple(seq for one in asked for seq in one.seqs)
    if sha256 is None:
        why = "its files could not be read, so that no approval can be held against them"
        return Answered(None, "no digest", why, seqs)
    same = [one for one in asked if one.sha256 == sha256]
    if not same:
        return Answered(None, "other digest", "its files are others than those that were approved", seqs)
    standing = next((one for one in reversed(same) if one.standing(now) is Standing.APPROVED), None)
    if standing is not None:
        return Answered(standing, "", "", standing.seqs)
    newest = same[-1]
    problem, why = _WHY[newest.standing(now)]
    return Answered(None, problem, why, newest.seqs)


_WHY = {
    Standing.OPEN: ("no answer", "nobody else, or not enough people, have approved it yet"),
    Standing.UNSIGNED: ("no valid signature", "its approval has no valid signature of somebody else"),
    Standing.DENIED: ("denied", "its approval was denied or taken back"),
    Standing.ENDED: ("ended", "its approval has ended"),
}


def _of_model(registry: Registry, model: Model, now: datetime, disproved: Container[str]) -> Iterator[Flag]:
    for move in model.aliases.values():
        yield from _of_alias(registry, model, move, now, disproved)
    if model.is_managed:
        for version in model.in_order:
            yield from _of_deployments(model, version, now)


def _of_alias(registry: Registry, model: Model, move: Move, now: datetime, disproved: Container[str]) -> Iterator[Flag]:
    name = str(move.version)
    found = answered(model.versions.get(name), move.alias, move.sha256, now)
    called = f"{move.kind.capitalize()} {move.alias} of {model.name} is on version {name}"
    if found.approval is None:
        seqs = (move.seq, *found.seqs)
        yield Flag(model.name, name, move.alias, found.problem, f"{called}, and {found.why}.", seqs)
        return
    approval, seqs = found.approval, (move.seq, *found.seqs)
    if approval.id in disproved:
        says = f"{called}, whose approval the answers in the folder and the policy do not bear out."
        yield Flag(model.name, name, move.alias, "not borne out", says, seqs)
        return
    if approval.reviewed is not Reviewed.PASSED:
        what = "a review that blocked it" if approval.reviewed is Reviewed.BLOCKED else "no review"
        says = f"{called}, which was approved on {what}."
        yield Flag(model.name, name, move.alias, "no passing review", says, seqs)
    elif registry.is_reviewed(approval) is False:
        says = f"{called}, whose approval names a review that the log does not have or that did not pass."
        yield Flag(model.name, name, move.alias, "other review", says, seqs)


def _of_deployments(model: Model, version: Version, now: datetime) -> Iterator[Flag]:
    served = list(version.deployments.values())
    if not served:
        return
    seqs = tuple(dict.fromkeys(seq for one in served for seq in (one.first[0], one.last[0])))
    where = ", ".join(dict.fromkeys(one.name for one in served))
    if not any(one.standing(now) is Standing.APPROVED for one in version.approvals):
        says = f"Version {version.name} of {model.name} is served as {where}, and no approval of it stands."
        yield Flag(model.name, version.name, None, "served without approval", says, seqs)
    if len({one.sha256 for one in served}) > 1:
        says = f"Version {version.name} of {model.name} was served with more than one digest."
        yield Flag(model.name, version.name, None, "several digests", says, seqs)
