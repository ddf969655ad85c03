"""Errors as the panel reads them: ``{code, message, hint}``, one sentence each, never a value."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from http.client import responses

from ..errors import (
    InputError,
    KeyStoreError,
    LogError,
    LogUnavailable,
    PolicyError,
    PrivguardError,
    Refused,
    StateError,
)

__all__ = ["Problem", "problem_of", "problem_of_status"]

# The first class that fits decides, so a class stands before the one that it derives from.
_PROBLEMS: tuple[tuple[type[PrivguardError], int, str, str], ...] = (
    (
        LogUnavailable,
        503,
        "log_unreadable",
        "`privguard doctor` in a terminal says what is wrong with the log's folder.",
    ),
    (LogError, 409, "log_damaged", "`privguard audit verify` in a terminal names the first bad record."),
    (InputError, 400, "unusable_input", "`privguard experiment list` in a terminal names the experiments of the log."),
    (Refused, 403, "refused", "The policy decides who may export; ask the person who wrote it."),
    (PolicyError, 409, "policy_unusable", "`privguard policy check` in a terminal names the line."),
    (KeyStoreError, 409, "keys_unusable", "`privguard doctor` in a terminal says what is wrong with the keys."),
    (StateError, 409, "home_unusable", "`privguard doctor` in a terminal says what is wrong with the folder."),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, for people (``message``, ``hint``) and for programs (``code``)."""

    status: int
    code: str
    message: str
    hint: str

    def body(self) -> dict[str, str]:
        """The JSON answer, without the HTTP status."""
        return {key: value for key, value in asdict(self).items() if key != "status"}


def problem_of(error: PrivguardError) -> Problem:
    """The problem that stands for ``error``; its sentence is kept, as it never holds a value."""
    message = str(error)
    if not message.startswith("privguard:"):
        message = f"privguard: {message}"
    for kind, status, code, hint in _PROBLEMS:
        if isinstance(error, kind):
            return Problem(status, code, message, hint)
    return Problem(409, "failed", message, "`privguard doctor` in a terminal looks for the cause.")


def problem_of_status(status: int) -> Problem:
    """The problem for a refusal by Jupyter's server itself, such as a missing token."""
    text = responses.get(status, "Error")
    code = text.lower().replace(" ", "_").replace("-", "_")
    if status >= 500:
        return Problem(status, "failed", "privguard: the server failed on this request.", "The server's log has more.")
    if status in (401, 403):
        hint = "Log in to this Jupyter server again; its authorizer may also refuse the resource `privguard`."
        return Problem(status, code, "privguard: the server does not let you read this.", hint)
    return Problem(status, code, f"privguard: the request was refused ({text}).", "Reload the page, then try again.")
