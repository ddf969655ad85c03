"""``%privguard change``: tier, purpose or experiment of the notebook with the reason for it, which the log keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.error import UsageError

if TYPE_CHECKING:
    from .extension import Extension

__all__ = ["change"]

_WHAT = ("tier", "purpose", "experiment")
_LONGEST = 500
_HOW = (
    "privguard: change takes tier, purpose or experiment, a value or --off, and why: "
    '%privguard change tier internal --reason "…"'
)


def change(extension: Extension, words: list[str]) -> None:
    """Set tier, purpose or experiment and say why: WHAT VALUE|--off --reason R."""
    from .magics import COMMANDS

    session = extension.session
    if session is None:
        raise UsageError(extension.refusal)
    # In this order and no other: a purpose may have any words, also those of an option.
    if len(words) < 4 or words[0] not in _WHAT or words[-2] != "--reason":
        raise UsageError(_HOW)
    reason = words[-1].strip()
    if not reason or len(reason) > _LONGEST or not reason.isprintable():
        raise UsageError(f"privguard: a reason is one line of at most {_LONGEST} characters, and not blank.")
    before = (session.tier, session.purpose, session.experiment)
    COMMANDS[words[0]](extension, words[1:-2])
    try:
        session.record(
            "guard.changed",
            "ok",
            tier=session.tier.label,
            purpose=session.safe(session.purpose),
            experiment=session.safe(session.experiment),
            reason=session.safe(reason),
        )
    except BaseException:  # what is not recorded is not changed; an interrupt too
        session.tier, session.purpose, session.experiment = before
        raise
