"""Is everything in place? The checks behind ``privguard doctor`` and ``%privguard doctor``."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import PrivguardError
from . import folder, home, installation, models
from .check import Check
from .folder import plain_copies as _plain_copies
from .home import store as _store

__all__ = ["Check", "diagnose"]

_CHECKS: tuple[tuple[str, Callable[[], Check]], ...] = (
    ("policy", home.policy),
    ("home", home.home),
    ("keys", home.keys),
    ("classes", home.classes),
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
_QUICK = frozenset("policy home keys classes clock disk spool packages copies kernel".split())
"""Checks that take milliseconds: no log is verified, no file read, no program started."""


def diagnose(*, quick: bool = False) -> list[Check]:
    """All checks, or the ``quick`` ones, in the order in which the parts depend on one another. Changes nothing."""
    return [_run(name, check) for name, check in _CHECKS if not quick or name in _QUICK]


def _run(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except PrivguardError as error:
        return Check(name, False, str(error).removeprefix("privguard: "))
    except Exception as error:  # noqa: BLE001 - a check that fails is a finding, not a crash
        return Check(name, False, f"could not be checked ({type(error).__name__})", "Report this.")
