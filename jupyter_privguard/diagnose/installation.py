"""What is installed: the packages, the guard in kernels, the panel and the server's extension."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distributions, requires, version
from typing import TYPE_CHECKING

from ..settings import STARTUP, startup_file
from .check import Check, listed

if TYPE_CHECKING:
    from packaging.requirements import Requirement

__all__ = ["copies", "extension", "kernel", "packages"]

_OWN = "jupyter-privguard"
_REINSTALL = f"`pip install --force-reinstall --no-deps {_OWN}`: the wheel brings it ready-made."


def packages() -> Check:
    """Whether what this version stands on is there, in versions that it knows."""
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(text) for text in requires(_OWN) or ()]
    except PackageNotFoundError:
        return Check("packages", True, "not installed by pip; nothing to compare with")
    here = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    unfit = [(one, found) for one in here if (found := _unfit(one)) is not None]
    if unfit:
        amiss = listed([f"{one.name} {found or 'is missing'}" for one, found in unfit])
        asked = " ".join(f'"{one.name}{one.specifier}"' for one, _ in unfit)
        return Check("packages", False, f"not what this version is made for: {amiss}", f"`pip install {asked}`")
    lacking = sorted({_extra(one) for one in wanted if one not in here and _unfit(one) is not None} - {""})
    without = f"; not here: the extras {', '.join(lacking)}" if lacking else ""
    return Check("packages", True, f"all {len(here)} that it stands on are there{without}")


def _extra(one: Requirement) -> str:
    """The extra that asks for it; an empty text where it is for other machines."""
    found = re.search(r"extra == [\"']([\w-]+)", str(one.marker))
    return found[1] if found else ""


def _unfit(one: Requirement) -> str | None:
    """The installed version where it is not one that is asked for, an empty text where there is none, else None."""
    try:
        found = version(one.name)
    except PackageNotFoundError:
        return ""
    return None if one.specifier.contains(found, prereleases=True) else found


def copies() -> Check:
    """Whether there is one installation only: of two, one guards kernels and the other is updated."""
    places = sorted({str(one.locate_file("")) for one in distributions(name=_OWN)})
    if len(places) > 1:
        return Check(
            "copies",
            False,
            f"this Python finds {len(places)} installations: {listed(places)}",
            f"`pip uninstall {_OWN}` until it finds none, then `pip install {_OWN}`.",
        )
    return Check("copies", True, "one installation")


def kernel() -> Check:
    """Whether kernels load the guard by themselves, if that was asked for."""
    file = startup_file()
    if not file.exists():
        return Check("kernel", True, "loads on request; `privguard enable` loads it in every kernel")
    if file.read_text(encoding="utf-8", errors="replace") != STARTUP:
        return Check(
            "kernel",
            False,
            f"{file} is not what `privguard enable` wrote, so kernels may start without the guard",
            "`privguard enable` writes it anew; restart the kernels that run.",
        )
    return Check("kernel", True, f"loads in every kernel ({file})")


def extension(name: str, *command: str) -> Callable[[], Check]:
    """A check of Jupyter's own list of extensions."""

    def check() -> Check:
        done = subprocess.run(  # noqa: S603 - our own interpreter and fixed words
            [sys.executable, "-m", "jupyter", *command, "list"], capture_output=True, text=True, timeout=60, check=False
        )
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "privguard" in line]
        if any("enabled" in line for line in lines):
            return Check(name, True, "enabled")
        if any("disabled" in line for line in lines):
            word = "jupyter_privguard" if name == "server" else "jupyter-privguard"
            return Check(name, False, "disabled", f"`jupyter {' '.join(command)} enable {word}`, then restart Jupyter.")
        if done.returncode:
            said = f"`jupyter {' '.join(command)} list`"
            return Check(name, False, f"nobody can tell: {said} fails here", "Run it yourself: its last line says why.")
        return Check(name, False, "not enabled: its files are not where Jupyter looks", _cure(name))

    return check


def _cure(name: str) -> str:
    if name == "panel" and shutil.which("node") is None:
        return f"{_REINSTALL} A clone builds it by `make panel`, which needs Node 20 or newer; there is none here."
    return _REINSTALL
