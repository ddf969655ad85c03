"""The policy as the server follows it: looked at again at each use, and never more lenient for being unusable."""

from __future__ import annotations

import threading

from ..errors import PolicyError
from ..model import Pattern
from ..policy.builtin import built_in
from ..policy.rules import Policy
from ..runtime.policy_files import PolicyFiles

__all__ = ["InForce"]


class InForce:
    """Call it for the policy in force; thread-safe."""

    def __init__(self) -> None:
        self._files = PolicyFiles(lambda _: None)
        self._policy: Policy | None = None
        self._found: Policy | None = None
        self._lock = threading.Lock()
        self.patterns: tuple[Pattern, ...] = ()
        """Those of the policy as it was last looked at."""

    def __call__(self) -> Policy:
        """The policy of the files as they are now; the built-in one as long as they cannot be used."""
        with self._lock:
            try:
                changed = self._files.changed()
            except PolicyError:
                self._policy = None
            else:
                self._policy = changed or self._policy
            found = self._policy or built_in()
            if found is not self._found:
                self._found, self.patterns = found, found.all_patterns
            return found
