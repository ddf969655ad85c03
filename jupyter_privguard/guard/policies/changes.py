"""The policy of one session is looked at again: what is stricter holds at once, and every change is recorded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from .in_force import InForce
from .record import policy_fields

if TYPE_CHECKING:
    from ...policy.rules import Policy
    from ..session import Session
    from .in_force import PolicyWatch, Renewed

__all__ = ["PolicyChanges"]

_STRICTER = (
    "privguard: the policy was changed; until this kernel is restarted the new one holds beside the one before, "
    "and the stricter counts."
)
_KNOWN = "privguard: the policy was changed to one that counts here already, so nothing else changes."


class _Part(Protocol):
    def use(self, policy: Policy) -> None:
        """``policy`` holds from now on."""


class PolicyChanges:
    """Keeps the policy of ``session``, which began with ``policy``. Not thread-safe: the session holds the lock."""

    def __init__(self, session: Session, policy: Policy, watch: PolicyWatch) -> None:
        self._session = session
        self._in_force = InForce(policy, watch)
        self._unlogged: list[Renewed] = []

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self._in_force.policy

    @property
    def problem(self) -> str:
        """Why the policy's files cannot be used now; empty if they can."""
        return self._in_force.problem

    def renew(self, parts: Callable[[], _Part]) -> None:
        """What the files say by now has a say too, in the session's ``parts``; a change is one event and one sentence.

        LogUnavailable if that cannot be made durable; it is in force all the same.
        """
        if (renewed := self._in_force.renew()) is not None:
            self._unlogged.append(renewed)
            if renewed.is_stricter:
                parts().use(self.policy)
                self._session.forget_texts()
        while self._unlogged:
            self._record(self._unlogged[0])
            del self._unlogged[0]

    def _record(self, renewed: Renewed) -> None:
        session, is_usable = self._session, renewed.after is not None
        session.record(
            "policy.change",
            "ok" if is_usable else "error",
            before=renewed.before,
            after=renewed.after,
            **policy_fields(self.policy, session.safe),
        )
        if is_usable:
            print(_STRICTER if renewed.is_stricter else _KNOWN, file=sys.stderr)
