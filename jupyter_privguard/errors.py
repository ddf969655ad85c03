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

import errno

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
    "cause_of",
    "reason_of",
    "what_now",
]

_NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
"""What the system says where a disk, or what one may use of it, is full."""
_NO_FILES = frozenset({errno.EMFILE, errno.ENFILE})
"""What it says where no more files may be open."""


def what_now(error: OSError, otherwise: str) -> str:
    """What helps where a file could not be used: room, if the disk is full, else what the caller says.

    A process that has used up its files must close some; in a guarded notebook a cell that does so must run first.
    """
    if error.errno in _NO_ROOM:
        return "free some space on that disk and try again"
    if error.errno in _NO_FILES:
        return "close some of this process's files, in a notebook after `%unload_ext jupyter_privguard`, and try again"
    return otherwise


def reason_of(error: OSError) -> str:
    """What the system says, in words that tell what lies there."""
    if error.errno == errno.ELOOP:
        return "it is a link"
    return error.strerror or "the system does not say why"


def cause_of(error: BaseException) -> str:
    """Why something failed that nobody has foreseen, in words where there are some, else by the kind of ``error``.

    Never its own text: that may quote a value.
    """
    if isinstance(error, OSError) and error.strerror:
        reason = reason_of(error)
        return f"{error.filename}: {reason}" if isinstance(error.filename, str) else reason
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    if isinstance(error, ImportError) and error.name:
        return f"the module {error.name} cannot be loaded"
    return type(error).__name__


class PrivguardError(Exception):
    """Anything that this package refuses or cannot do."""

    exit_code = 3

    def _render_traceback_(self) -> list[str]:
        """How IPython shows it: its one sentence, for where in this package it was raised helps nobody."""
        return [str(self)]


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
