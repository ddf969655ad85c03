"""The policy that holds in a session: the one it began with, and every other one that its files said since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ...errors import PolicyError

if TYPE_CHECKING:
    from ...policy.rules import Policy

__all__ = ["InForce", "PolicyWatch", "Renewed", "Unwatched"]


class PolicyWatch(Protocol):
    """Knows where the policy comes from."""

    def changed(self) -> Policy | None:
        """What the policy's files say now, if they were touched since the last look; else None.

        PolicyError as long as they cannot be used.
        """

    def in_use(self, policy: Policy) -> None:
        """``policy`` holds from now on."""


class Unwatched:
    """Of a policy that comes from no file."""

    def changed(self) -> Policy | None:
        """Never."""
        return None

    def in_use(self, policy: Policy) -> None:
        """Nothing else depends on it."""


class Renewed(NamedTuple):
    """What became of the policy's files, as the log says it."""

    before: str
    """SHA-256 of what they said before."""
    after: str | None
    """And now; None while they cannot be used."""
    is_stricter: bool
    """Whether a policy has a say that had none before."""


class InForce:
    """Holds ``policy``, which only ever becomes stricter: a new one has a say beside those before it."""

    def __init__(self, policy: Policy, watch: PolicyWatch) -> None:
        self.policy = policy
        self.problem = ""
        """Why the policy's files cannot be used now: then no cell runs."""
        self._watch = watch
        self._met = {policy.sha256}
        self._said = policy.sha256

    def renew(self) -> Renewed | None:
        """Look at the files; what became of them, or None where nothing did."""
        try:
            found = self._watch.changed()
        except PolicyError as error:
            before, self.problem = self.problem, str(error)
            return Renewed(self._said, None, is_stricter=False) if self.problem != before else None
        if found is None or (found.sha256 == self._said and not self.problem):
            return None
        renewed = Renewed(self._said, found.sha256, is_stricter=found.sha256 not in self._met)
        if renewed.is_stricter:
            self.policy = _beside(self.policy, found)
            self._watch.in_use(self.policy)
        self._met.add(found.sha256)
        self._said, self.problem = found.sha256, ""
        return renewed


def _beside(policy: Policy, found: Policy) -> Policy:
    """``policy`` in which ``found`` has a say too. Where they name different places, this is neither."""
    is_here = policy.place == found.place
    tightened = policy.tightened(found)
    return tightened if is_here else _nowhere(tightened)


def _nowhere(policy: Policy) -> Policy:
    return replace(policy, environment=None, also=tuple(replace(layer, environment=None) for layer in policy.also))
