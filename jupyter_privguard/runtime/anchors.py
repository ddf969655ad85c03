"""Whether the log agrees with the checkpoints that its anchors keep."""

from __future__ import annotations

from pathlib import Path

from ..audit.anchor import check_anchored, kept_in
from ..errors import LogError, PolicyError
from ..policy.rules import Policy
from .events import log_reader
from .place import policy

__all__ = ["anchored", "held_against"]


def anchored() -> str:
    """One sentence on how the log, which has been proven, is anchored; errors as `held_against`."""
    try:
        in_force = policy()
    except PolicyError:
        return "privguard: not anchored: the policy cannot be used, so nobody knows where checkpoints are kept."
    places = held_against(in_force)
    if not places:
        return (
            "privguard: not anchored: keep `privguard audit checkpoint` elsewhere, or name an `anchor` in the policy."
        )
    return f"privguard: anchored in {', '.join(places)}."


def held_against(in_force: Policy) -> tuple[str, ...]:
    """Where the policy's anchors are, and up to which record; the log, which has been proven, agrees with them all.

    LogError where it disagrees with one, LogUnavailable where one cannot be read.
    """
    if not in_force.anchors:
        return ()
    reader = log_reader()
    if reader.vkey is None:
        raise LogError("privguard: the log cannot be held against its anchors without its verifier key.")
    found = []
    for path in in_force.anchors:
        kept = kept_in(Path(path), reader.vkey)
        if not kept:
            raise LogError(f"privguard: the anchor {path} keeps nothing of this log; it was emptied or exchanged.")
        check_anchored(reader, kept)
        found.append(f"{path} (up to record {max(checkpoint.size for checkpoint in kept)})")
    return tuple(found)
