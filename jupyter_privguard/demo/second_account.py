"""A second person for a notebook about approvals, whose commands really run under another account of this machine.

Only root can act for another account, as in a container. Everywhere else it is said which command somebody else has
to run, and nobody answers.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import weakref
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import runtime
from ..settings import account_name

__all__ = ["SecondAccount"]

_NAME = "nobody"
_NAME_ELSEWHERE = "privacy-officer"
"""What a policy calls somebody whom this machine need not know."""
_TIMEOUT_S = 120
_LONGEST_WAIT_S = 60.0
_LONGEST_NAP_S = 1.0


class SecondAccount:
    """The account ``nobody``, and a place that it shares with this one while this process runs."""

    def __init__(self) -> None:
        self._place = Path(tempfile.mkdtemp(prefix="privguard-"))
        self._removed = weakref.finalize(self, shutil.rmtree, self._place, ignore_errors=True)
        self._place.chmod(0o755)
        self._policy = self._place / "policy.yaml"
        self._acting = _acting(self._place) if os.name != "nt" and os.geteuid() == 0 else None
        self.name = _NAME if self._acting is not None else _NAME_ELSEWHERE

    def write_policy(self, text: str) -> Path:
        """Write ``text`` to a file that both accounts can read, and name it in PRIVGUARD_POLICY; its path.

        ``ANALYST`` in it becomes the name of this account, ``OFFICER`` that of the other, ``FOLDER`` the folder that
        both can write to. Where the other cannot act there is none, and a line that speaks of it is left out.
        """
        lines = [line for line in text.splitlines(keepends=True) if self._acting is not None or "FOLDER" not in line]
        filled = "".join(lines).replace("ANALYST", account_name()).replace("OFFICER", self.name)
        self._policy.write_text(filled.replace("FOLDER", str(self._place / "approvals")), encoding="utf-8")
        self._policy.chmod(0o644)
        os.environ["PRIVGUARD_POLICY"] = str(self._policy)
        return self._policy

    def approve(self, term: str) -> str:
        """Have it look at what is asked, and approve this account's last request for ``term``, as ``8h``.

        The commands and what they said; where it cannot act, which command somebody else has to run. LookupError
        where nothing was asked.
        """
        own = [known.asked.id for known in runtime.known_requests() if known.is_own]
        if not own:
            raise LookupError("privguard: nothing was asked for yet; run the cell with the request first.")
        grant = ("approval", "grant", own[-1], "--for", term)
        if self._acting is None:
            return (
                "privguard: your account cannot act for another one, so nobody answers here; where accounts share a "
                f"folder of approvals, another one has to run `privguard {' '.join(grant)}`."
            )
        acting = self._acting
        return "\n".join(self._said(acting, *words) for words in (("approval", "list"), grant))

    def wait_for_end(self) -> str:
        """Wait until the approval of the last request is over, a minute at most; what there was to wait for."""
        ends = [one.standing.expires for one in runtime.known_requests() if one.is_own and one.standing.answered_by]
        if not ends or ends[-1] is None:
            return "privguard: nobody has approved anything, so nothing has to end."
        deadline = time.monotonic() + _LONGEST_WAIT_S
        while (left := (ends[-1] - datetime.now(UTC)).total_seconds()) > 0 and time.monotonic() < deadline:
            time.sleep(min(left, _LONGEST_NAP_S))
        return f"privguard: the approval is over from {ends[-1]:%H:%M:%S} UTC on."

    def _said(self, acting: _Acting, *args: str) -> str:
        by, given = acting
        done = subprocess.run(  # noqa: S603 - our own command, with words of ours
            [*by, *_PRIVGUARD, *args],
            cwd=self._place,
            env=_environment(self._place) | {"PRIVGUARD_POLICY": str(self._policy)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
            **given,
        )
        return f"{self.name}$ privguard {' '.join(args)}\n{done.stdout}"


_PRIVGUARD = (sys.executable, "-m", "jupyter_privguard")
_Acting = tuple[tuple[str, ...], dict[str, Any]]
"""Words before a command, and arguments of `subprocess.run`, by which it runs under the other account."""


def _acting(place: Path) -> _Acting | None:
    """How root acts for the other account here, which then has a home in ``place`` and a folder to write to."""
    import pwd

    try:
        found = pwd.getpwnam(_NAME)
        (place / "approvals").mkdir()
        (place / "approvals").chmod(0o1777)
        (place / _NAME).mkdir(mode=0o700)
        os.chown(place / _NAME, found.pw_uid, found.pw_gid)
    except (KeyError, OSError):
        return None
    who: dict[str, Any] = {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    by = ("setpriv", f"--reuid={found.pw_uid}", f"--regid={found.pw_gid}", "--clear-groups")
    # Where this Python lies in root's home, it may be read there; nothing else is allowed more.
    reading = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    ways: list[_Acting] = [((), who), ((*by, *reading), {})]
    return next((way for way in ways if _works(way, place)), None)


def _works(way: _Acting, place: Path) -> bool:
    by, given = way
    try:
        done = subprocess.run(  # noqa: S603 - our own command, with words of ours
            [*by, *_PRIVGUARD, "--version"],
            cwd=place,
            env=_environment(place),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_TIMEOUT_S,
            check=False,
            **given,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PRIVGUARD_")}
    return kept | {"HOME": str(place / _NAME), "PRIVGUARD_HOME": str(place / _NAME / "state")}
