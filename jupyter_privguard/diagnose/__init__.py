"""Is everything in place? The checks behind ``privguard doctor`` and ``%privguard doctor``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..errors import PrivguardError, cause_of
from . import folder, home, installation, models
from .check import Check
from .folder import plain_copies as _plain_copies
from .home import store as _store

__all__ = ["Check", "checks", "diagnose", "not_quick"]

_CHECKS: tuple[tuple[str, Callable[[], Check]], ...] = (
    ("policy", home.policy),
    ("home", home.home),
    ("keys", home.keys),
    ("classes", home.classes),
    ("state", home.state),
    ("log", home.log),
    ("clock", home.clock),
    ("disk", home.disk),
    ("store", _store),
    ("models", models.models),
    ("spool", home.spool),
    ("files", _plain_copies),
    ("parts", folder.parts),
    ("packages", installation.packages),
    ("copies", installation.copies),
    ("kernel", installation.kernel),
    ("panel", installation.extension("panel", "labextension")),
    ("server", installation.extension("server", "server", "extension")),
)
_QUICK = frozenset("policy home keys classes state clock disk spool files parts packages copies kernel".split())
"""Checks that take little time: no log is read through, no program started, and few files read."""


def checks() -> Iterator[Check]:
    """All checks, in the order in which the parts depend on one another; each is made when it is asked for."""
    return (_run(name, check) for name, check in _CHECKS)


def diagnose(*, quick: bool = False) -> list[Check]:
    """`checks`, or the ``quick`` ones. Changes nothing."""
    if not quick:
        return list(checks())
    return [
        _run(name, folder.first_plain_copy if name == "files" else check) for name, check in _CHECKS if name in _QUICK
    ]


def not_quick() -> list[str]:
    """What a quick look passes over, in words."""
    return [*(name for name, _ in _CHECKS if name not in _QUICK), f"all files but the first {folder.QUICK_FILES}"]


def _run(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except PrivguardError as error:
        return Check(name, False, str(error).removeprefix("privguard: "))
    except Exception as error:  # noqa: BLE001 - a check that fails is a finding, not a crash
        return Check(name, False, f"could not be checked ({cause_of(error)})", "Mend that, or report it.")
