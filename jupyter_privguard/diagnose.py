"""Is everything in place? The checks behind ``privguard doctor`` and ``%privguard doctor``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import runtime
from .errors import PrivguardError
from .settings import startup_file

__all__ = ["Check", "diagnose"]

_NAMED = 5
"""Files that a check names."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. Where ``good`` is false, ``state`` or ``cure`` says what to do."""

    name: str
    good: bool
    state: str
    cure: str = ""

    def __str__(self) -> str:
        line = f"{'ok ' if self.good else 'BAD'}  {self.name:<8} {self.state}"
        return line if self.good or not self.cure else f"{line}\n     {'':<8} {self.cure}"


def diagnose() -> list[Check]:
    """All checks, in the order in which the parts depend on one another. Changes nothing."""
    return [_run(name, check) for name, check in _CHECKS]


def _run(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except PrivguardError as error:
        return Check(name, False, str(error).removeprefix("privguard: "))
    except Exception as error:  # noqa: BLE001 - a check that fails is a finding, not a crash
        return Check(name, False, f"could not be checked ({type(error).__name__})", "Report this.")


def _policy() -> Check:
    policy = runtime.policy()
    return Check("policy", True, f"{policy.source}, sha256 {policy.sha256[:12]}")


def _home() -> Check:
    home = runtime.home()
    home.check()
    return Check("home", True, f"{home.root} can be written")


def _keys() -> Check:
    home = runtime.home()
    if not home.root.exists():
        return Check("keys", True, f"none yet; the first guarded cell makes them in {home.keys}")
    ring = runtime.existing_keyring(home, tighten=False)
    return Check("keys", True, f"key {ring.key_id} in {home.keys}")


def _classes() -> Check:
    return Check("classes", True, f"{len(list(runtime.saved_overrides())) or 'none'} given by people and saved")


def _log() -> Check:
    from .audit.verify import verify

    if not runtime.has_log(runtime.home()):
        return Check("log", True, "none yet; it begins with the first guarded cell")
    verified = verify(runtime.log_reader())
    return Check("log", True, f"{verified.size} events, all verified")


def _store() -> Check:
    found = runtime.team_store(runtime.policy())
    if found is None:
        return Check("store", True, "no team store in the policy; the log is kept in this home alone")
    waiting = "there is no log yet" if found.waiting is None else _records_wait(found.waiting)
    if found.problem:
        known = f"up to {waiting}" if found.waiting else waiting
        return Check(
            "store",
            False,
            f"the team store cannot be reached ({found.problem.rstrip('.')}); {known}",
            "Cells go on, and what waits is sent when it is back; `privguard audit store send` does so at once.",
        )
    return Check("store", True, f"the team store can be reached; {waiting}")


def _records_wait(count: int) -> str:
    if count == 0:
        return "it has all of the log"
    return "1 record waits to be sent" if count == 1 else f"{count} records wait to be sent"


def _plain_copies() -> Check:
    from .guard.tables.plain_copies import plain_copies

    policy = runtime.policy()
    found = plain_copies(Path.cwd(), policy)
    if not found:
        return Check("files", True, "no table with direct identifiers in plain in this folder, as far as looked at")
    named = "; ".join(f"{copy.name} ({', '.join(copy.entities)})" for copy in found[:_NAMED])
    more = "; and in more files" if len(found) > _NAMED else ""
    return Check(
        "files",
        False,
        f"direct identifiers stand in plain in {named}{more}",
        "`privguard seal FILE --remove` keeps them safe; `privguard mask FILE -o OUT` makes a copy to work with.",
    )


def _parts() -> Check:
    from ._files import left_parts
    from .classification.classifier import shown_label

    left = left_parts(Path.cwd())
    if not left:
        return Check("parts", True, "no file in this folder was left half written")
    patterns = runtime.policy().all_patterns
    named = "; ".join(shown_label(str(part.relative_to(Path.cwd())), patterns) for part in left[:_NAMED])
    more = f"; and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
    return Check(
        "parts",
        False,
        f"a command that was killed left {named}{more}",
        "Delete them: one of `privguard unseal` holds data in plain. The same command with the same OUT does so too.",
    )


def _startup() -> Check:
    file = startup_file()
    state = (
        f"loads in every kernel ({file})"
        if file.exists()
        else "loads on request; `privguard enable` loads it in every kernel"
    )
    return Check("kernel", True, state)


def _listed(name: str, *command: str) -> Callable[[], Check]:
    """A check of Jupyter's own list of extensions."""

    def check() -> Check:
        done = subprocess.run(  # noqa: S603 - our own interpreter and fixed words
            [sys.executable, "-m", "jupyter", *command, "list"], capture_output=True, text=True, timeout=60, check=False
        )
        lines = (done.stdout + done.stderr).splitlines()
        good = any("privguard" in line and "enabled" in line for line in lines)
        state = "enabled" if good else "not enabled"
        return Check(name, good, state, "" if good else "pip install --force-reinstall jupyter-privguard")

    return check


_CHECKS: tuple[tuple[str, Callable[[], Check]], ...] = (
    ("policy", _policy),
    ("home", _home),
    ("keys", _keys),
    ("classes", _classes),
    ("log", _log),
    ("store", _store),
    ("files", _plain_copies),
    ("parts", _parts),
    ("kernel", _startup),
    ("panel", _listed("panel", "labextension")),
    ("server", _listed("server", "server", "extension")),
)
