"""The exceptions of this package, and what the command line makes of them.

::

    PrivguardError          exit code 3 unless said otherwise
    ├── InputError          a file or argument that cannot be used
    ├── StateError          PRIVGUARD_HOME cannot be used
    ├── KeyStoreError       keys missing, damaged or not ours
    │   └── WrongPassphrase keys that a passphrase does not open
    ├── PolicyError         a policy that is missing, unreadable or invalid
    ├── Refused             the policy says no
    ├── MaskingError        a value could not be masked, so nothing is shown
    ├── SignatureError      exit code 2: a signature that does not verify (in keys.signatures)
    └── LogError            exit code 2: the log is damaged
        └── LogUnavailable  exit code 3: the log cannot be written or read now

``str(error)`` is one sentence: what, where, what now. It never quotes a cell value, a key or a
token map; name the column, the file and the line instead.
"""

from __future__ import annotations

__all__ = [
    "InputError",
    "KeyStoreError",
    "LogError",
    "LogUnavailable",
    "MaskingError",
    "PolicyError",
    "PrivguardError",
    "Refused",
    "StateError",
    "WrongPassphrase",
]


class PrivguardError(Exception):
    """Anything that this package refuses or cannot do."""

    exit_code = 3


class InputError(PrivguardError):
    """A file or argument that cannot be used."""


class StateError(PrivguardError):
    """PRIVGUARD_HOME cannot be used."""


class KeyStoreError(PrivguardError):
    """Keys are missing, damaged or belong to somebody else."""


class WrongPassphrase(KeyStoreError):
    """A passphrase does not open the keys."""


class PolicyError(PrivguardError):
    """A policy is missing, unreadable or invalid; ``problems`` has a line for each finding."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class Refused(PrivguardError):
    """The policy says no; ``rule`` names the rule that decided."""

    def _render_traceback_(self) -> list[str]:
        """How IPython shows it: its one sentence, for where in the guard it was raised helps nobody."""
        return [str(self)]

    def __init__(self, message: str, rule: str = "") -> None:
        super().__init__(message)
        self.rule = rule


class MaskingError(PrivguardError):
    """A value could not be masked; whatever held it must be withheld."""


class LogError(PrivguardError):
    """The log is damaged: a record was changed, removed, added or moved."""

    exit_code = 2


class LogUnavailable(LogError):
    """The log cannot be written or read at the moment; nothing is known to be wrong with it."""

    exit_code = 3
