"""The leak probe in real kernels: it finds what leaks without the guard, nothing behind it, and touches nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import pytest

from jupyter_privguard.selftest.channel import STREAM, Channel, Goal
from jupyter_privguard.selftest.channels import ALL
from jupyter_privguard.selftest.decoding import leaves
from jupyter_privguard.selftest.people import COLUMNS, make_people
from jupyter_privguard.selftest.run import run_selftest
from jupyter_privguard.selftest.search import Search

SEED = 20


def command(folder: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    state = {"PRIVGUARD_HOME": str(folder / "home"), "IPYTHONDIR": str(folder / "ipython"), "TMPDIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "jupyter_privguard", "selftest", *args],
        capture_output=True,
        text=True,
        timeout=400,
        cwd=folder,
        # ipykernel leaves the descriptors alone when it believes to run inside pytest.
        env={k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"} | state | env,
    )


def test_every_channel_leaks_without_the_guard_and_none_with_it(tmp_path: Path) -> None:
    done = command(tmp_path, "--baseline", "--json", "--seed", str(SEED))

    assert done.returncode in (0, 1), done.stderr
    found = json.loads(done.stdout)
    rows = {row["channel"]: row for row in found["rows"]}
    installed = [channel for channel in ALL if all(find_spec(module) for module in channel.needs)]
    hiding = [channel.name for channel in installed if channel.goal is Goal.HIDE]
    keeping = [channel.name for channel in installed if channel.goal is Goal.KEEP]
    assert {name: rows[name] for name in hiding if rows[name]["unguarded"] != "leaked"} == {}
    assert {name: rows[name] for name in hiding if rows[name]["result"] != "masked"} == {}
    assert {name: rows[name] for name in keeping if rows[name]["result"] != "unchanged"} == {}
    assert [rows[name]["result"] for name in ("file that a cell wrote", "the log")] == ["recorded", "masked"]
    assert (found["good"], done.returncode) == (True, 0)
    people = make_people(SEED)
    search = Search({name: people[name] for name in COLUMNS}, numbers=["income"], dates=["dob"])
    assert search.columns_in(leaves([done.stdout, done.stderr])) == set()
    assert list(tmp_path.iterdir()) == [], "keys, log, history and files of the probe are gone, the person's untouched"


def _few(*names: str) -> list[Any]:
    chosen = [channel for channel in ALL if channel.name in names]
    assert len(chosen) == len(names)
    return chosen


@pytest.fixture
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))


@pytest.mark.usefixtures("_alone")
def test_what_the_policy_shows_is_no_leak_and_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nrules:\n  - {entity: EMAIL_ADDRESS, public: clear}\nfiles: refuse\n")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))

    report = run_selftest(baseline=False, say=lambda share: None, channels=_few("column", "print of a table"))

    results = {row.channel: row.result.value for row in report.rows}
    assert results["print of a table"] == "masked"
    assert results["file that a cell wrote"] == "refused"
    assert report.environment["shown in clear by the policy"] == "email"


@pytest.mark.usefixtures("_alone")
def test_a_channel_that_ends_the_kernel_fails_alone() -> None:
    deadly = Channel("deadly", "a group", ("print(1)\nimport os\nos._exit(3)",), STREAM)
    channels = [deadly, *_few("print of values")]

    report = run_selftest(baseline=False, say=lambda share: None, channels=channels)

    results = {row.channel: row.result.value for row in report.rows}
    assert (results["deadly"], results["print of values"]) == ("failed", "masked")
    assert not report.is_good


def test_the_magic_says_how_far_it_is_shows_the_table_and_can_be_interrupted(kernel) -> None:
    assert kernel.run("%load_ext jupyter_privguard").ok
    kernel.run(
        "import jupyter_privguard.selftest.apart as apart\n"
        "import sys\nbefore = apart._command\n"
        "few = 'from jupyter_privguard.selftest import apart, run; '"
        "\"run.run_selftest.__kwdefaults__['channels'] = run.ALL[:2]; apart.main()\"\n"
        "apart._command = lambda baseline: [sys.executable, '-c', few]"
    )

    cell = kernel.run("%privguard selftest")

    assert cell.ok, cell.reply
    assert "100 %" in cell.streams
    [data] = [data for data in cell.data if "text/html" in data]
    assert "last expression" in data["text/html"] and "SECURITY.md" in data["text/plain"]

    kernel.run("apart._command = before")
    stopped = kernel.run("%privguard selftest", interrupt_on="  0 %")
    assert stopped.reply["status"] == "error"
    assert stopped.reply["evalue"] == "privguard: the self-test was interrupted; nothing can be told."
    assert kernel.run("print('alive')").streams == "alive\n"
    left = psutil.Process(kernel.manager.provisioner.pid).children(recursive=True)
    assert [child for child in left if "ipykernel_launcher" in " ".join(child.cmdline())] == []


def test_words_that_it_does_not_know_are_one_sentence(kernel) -> None:
    assert kernel.run("%load_ext jupyter_privguard").ok

    assert kernel.run("%privguard selftest --now").reply["evalue"] == (
        "privguard: selftest takes --baseline, or nothing."
    )
