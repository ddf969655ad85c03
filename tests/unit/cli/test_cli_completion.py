"""Shell completion: a real bash with a person at its keys, and what is offered to any shell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from jupyter_privguard import runtime

TOOLS = Path(sys.executable).parent


@pytest.fixture
def log(home: Path) -> Path:
    """A log with cells of two experiments; the name of a third would be run by a shell."""
    runtime.keyring(runtime.home())
    for experiment in ("churn-model", "churn-report", "x; touch here", "$(touch here)", "-rf", "*"):
        runtime.record("experiment.close", runtime.policy(), experiment=experiment)
    return home


def offered(*words: str, cwd: Path | None = None) -> list[str]:
    """What bash is told for the last of ``words``."""
    env = {"COMP_WORDS": " ".join(["privguard", *words]), "COMP_CWORD": str(len(words))}
    done = subprocess.run(
        [TOOLS / "privguard"],
        env={**os.environ, **env, "_PRIVGUARD_COMPLETE": "bash_complete"},
        cwd=cwd, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


def test_a_real_bash_completes_commands_options_files_and_experiments(log: Path, tmp_path: Path) -> None:
    (tmp_path / "customers-of-june.csv").write_text("email\n")
    (tmp_path / "rc").write_text(
        'PS1="ready> "\nbind "set enable-bracketed-paste off"\nbind "set bell-style none"\n'
        'eval "$(privguard completion bash)"\n'
    )
    path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
    bash = pexpect.spawn(
        "bash",
        ["--noprofile", "--rcfile", str(tmp_path / "rc"), "-i"],
        env={**os.environ, "PATH": path, "TERM": "dumb", "PRIVGUARD_HOME": str(log)},
        cwd=str(tmp_path), dimensions=(40, 200), encoding="utf-8", timeout=20,
    )  # fmt: skip
    try:
        bash.expect_exact("ready> ")
        for typed, completed in [
            ("privguard compl", "etion "),
            ("privguard audit que", "ry "),
            ("privguard mask --outp", "ut "),
            ("privguard mask custo", "mers-of-june.csv "),
            ("privguard report churn-m", "odel "),
            ("privguard audit query --entity EMAIL", "_ADDRESS "),
        ]:
            bash.send(f"{typed}\t")
            bash.expect_exact(typed + completed)
            bash.sendcontrol("u")
    finally:
        bash.close(force=True)


def test_experiments_of_ones_own_are_offered_and_none_that_a_shell_would_run(log: Path) -> None:
    assert offered("report", "") == ["plain,verify", "plain,churn-model", "plain,churn-report"]
    for command in (["experiment", "show"], ["experiment", "close"], ["audit", "query", "--experiment"]):
        assert offered(*command, "") == ["plain,churn-model", "plain,churn-report"], command
    assert not (log / "here").exists()


def test_completing_writes_nothing(log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = runtime.log_reader().size
    offered("report", "ch")
    assert runtime.log_reader().size == size

    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "nothing"))
    assert offered("report", "ch") == []
    assert not (tmp_path / "nothing").exists()


def test_names_out_of_events_of_others_are_not_offered(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyter_privguard.cli import completing

    class Somebody:
        id = "somebody-else"

    monkeypatch.setattr(runtime, "principal", lambda policy: Somebody())
    assert completing._in_log("experiment") == []


def test_choices_and_files() -> None:
    assert offered("audit", "query", "--tier", "i") == ["plain,internal"]
    assert "plain,exported" in offered("audit", "query", "--how", "")
    assert offered("completion", "") == ["plain,bash", "plain,zsh", "plain,fish"]
    assert offered("seal", "x") == ["file,x"]
    assert all(re.match(r"plain,--", line) for line in offered("mask", "--"))


@pytest.mark.parametrize(
    ("shell", "sign"), [("bash", "complete -o nosort"), ("zsh", "#compdef privguard"), ("fish", "complete --no-files")]
)
def test_each_shell_gets_its_own_script(privguard, shell: str, sign: str) -> None:
    code, out, _ = privguard("completion", shell)

    assert code == 0
    assert sign in out and f"_PRIVGUARD_COMPLETE={shell}_complete" in out


def test_the_help_shows_a_line_for_each_shell(privguard) -> None:
    _, out, _ = privguard("completion", "--help")

    lines = [line.strip() for line in out.splitlines()]
    assert any(line.startswith("fish ") and line.endswith("| source") for line in lines)
    assert "\\b" not in out
