"""The probe: made-up people, a guarded kernel, each channel once, and what came out of it."""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from platform import python_version

from .. import runtime
from ..frames import read_table
from ..model import Tier
from ..policy.rules import Policy
from ..settings import Home
from .channel import Channel, Goal
from .channels import ALL
from .kernel import running
from .people import COLUMNS, FILE, make_people, write_people
from .probing import Outcome, Probing, SelfTestRefused
from .records import GROUP, TERMINAL, WRITING, log_row, terminal_outcome, written_row
from .report import Report, Result, Row
from .search import Search

__all__ = ["SETTING", "beside", "run_selftest"]

SETTING = f"""import pandas as pd
people = pd.read_csv({FILE!r})
name, email, income = people.full_name[3], people.email[3], people.income[3]"""
_GUARD = "%load_ext jupyter_privguard"
_NUMBERS, _DATES = ("income",), ("dob",)
_LARGEST_SEED = 2**32


def run_selftest(
    *,
    baseline: bool,
    say: Callable[[float], object],
    seed: int | None = None,
    channels: Sequence[Channel] = ALL,
) -> Report:
    """Try all ``channels`` in a guarded kernel; with ``baseline`` in an unguarded one too.

    ``say`` hears the share that is done, in [0, 1]. The kernels are of this Python, under the policy that is in force
    here, with folders of their own for keys, log, history and files, which are gone afterwards. Raises PolicyError for
    a policy that cannot be used, NoKernel where none can be started, SelfTestRefused where the first cells do not run.
    """
    began = time.monotonic()
    policy = runtime.policy()
    seed = secrets.randbelow(_LARGEST_SEED) if seed is None else seed
    people = make_people(seed)
    hiding = sum(channel.goal is Goal.HIDE for channel in channels)
    steps = _Steps(len(channels) + (hiding if baseline else 0), say)
    with tempfile.TemporaryDirectory(prefix="privguard-selftest-") as root:
        guarded, bare = _place(Path(root, "guarded"), people), _place(Path(root, "unguarded"), people)
        shown = _shown_in_clear(guarded / FILE, policy)
        search = _search(people, shown)
        rows = _guarded(guarded, channels, search, steps)
        if baseline:
            rows = beside(rows, _unguarded(bare, channels, search, steps))
    return Report(rows, _environment(policy, shown), seed, time.monotonic() - began)


class _Steps:
    """Counts what is done."""

    def __init__(self, total: int, say: Callable[[float], object]) -> None:
        self._total, self._done, self._say = total, 0, say

    def one(self) -> None:
        self._done += 1
        self._say(self._done / self._total)


def _place(folder: Path, people: Mapping[str, Sequence[str]]) -> Path:
    folder.mkdir()
    write_people(folder / FILE, people)
    return folder


def _shown_in_clear(file: Path, policy: Policy) -> list[str]:
    """The personal columns that the policy lets everybody see."""
    found = runtime.assess(read_table(str(file)), policy=policy, dataset=file.stem, source=str(file)).to_json()
    shown = {column["column"] for column in found if column["action"][Tier.PUBLIC.label] == "clear"}
    return [column for column in COLUMNS if column in shown]


def _search(people: Mapping[str, Sequence[str]], shown: Sequence[str]) -> Search:
    hidden = {column: people[column] for column in COLUMNS if column not in shown}
    return Search(hidden, numbers=_NUMBERS, dates=_DATES)


def _state(folder: Path) -> dict[str, str]:
    return {"PRIVGUARD_HOME": str(folder / "home"), "IPYTHONDIR": str(folder / "ipython")}


def _is_missing(channel: Channel) -> bool:
    return any(find_spec(module) is None for module in channel.needs)


def _guarded(folder: Path, channels: Sequence[Channel], search: Search, steps: _Steps) -> list[Row]:
    home = Home(folder / "home")
    with running(folder, _state(folder)) as kernel:
        probing = Probing(kernel, search, [_GUARD, SETTING])
        for channel in channels:
            if channel.goal is Goal.KEEP and not _is_missing(channel):
                probing.remember(channel)
        probing.prepare()
        rows = [_row(channel.name, channel.group, _outcome(probing, channel, steps)) for channel in channels]
        written = probing.probe(WRITING)
    rows.append(written_row(home, written))
    rows.append(log_row(home, search))
    rows.append(_row(TERMINAL, GROUP, terminal_outcome(kernel.terminal, search)))
    return rows


def _unguarded(folder: Path, channels: Sequence[Channel], search: Search, steps: _Steps) -> dict[str, Result]:
    with running(folder, _state(folder)) as kernel:
        probing = Probing(kernel, search, [SETTING])
        probing.prepare()
        found = {}
        for channel in channels:
            if channel.goal is Goal.HIDE:
                found[channel.name] = _outcome(probing, channel, steps).result
    return found | {TERMINAL: terminal_outcome(kernel.terminal, search).result}


def _outcome(probing: Probing, channel: Channel, steps: _Steps) -> Outcome:
    outcome = Outcome(Result.NOT_INSTALLED) if _is_missing(channel) else probing.probe(channel)
    steps.one()
    return outcome


def _row(channel: str, group: str, outcome: Outcome) -> Row:
    return Row(channel, group, outcome.result, note=outcome.note)


def beside(rows: Sequence[Row], unguarded: Mapping[str, Result]) -> list[Row]:
    """``rows`` with what became of each channel in an unguarded kernel, by name.

    Where nothing leaks without the guard, masking has not been seen. Raises SelfTestRefused where nothing leaks at all.
    """
    if Result.LEAKED not in unguarded.values():
        raise SelfTestRefused(
            "privguard: without the guard nothing leaks either, so the self-test can tell nothing; "
            "a guard that is loaded for all accounts of this machine would do that."
        )
    both = [replace(row, unguarded=unguarded.get(row.channel)) for row in rows]
    return [
        replace(row, result=Result.NOT_SEEN, note="nothing leaks here without the guard either")
        if row.result is Result.MASKED and row.unguarded not in (None, Result.LEAKED)
        else row
        for row in both
    ]


def _environment(policy: Policy, shown: Sequence[str]) -> dict[str, str]:
    versions = {name: version(name) for name in ("ipykernel", "ipython", "pandas")}
    lowered = {"shown in clear by the policy": ", ".join(shown)} if shown else {}
    return {"Python": python_version(), **versions, "policy": policy.source, **lowered}
