"""``privguard policy`` and its exit codes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from jupyter_privguard.policy.starter import STARTER

Run = Callable[..., tuple[object, str, str]]
SECRET = "alice@corp.example"


@pytest.fixture
def run(privguard: Run) -> Run:
    return partial(privguard, "policy")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    return tmp_path


def test_init_writes_the_starter_that_check_finds_fine(folder: Path, run: Run) -> None:
    code, out, err = run("init")

    assert (code, out) == (0, "") and err.startswith("privguard: wrote privguard-policy.yaml")
    assert (folder / "privguard-policy.yaml").read_text() == STARTER
    assert run("check", "privguard-policy.yaml")[:2] == (0, "")
    assert not (folder / "home").exists()


def test_init_never_overwrites(folder: Path, run: Run) -> None:
    (folder / "mine.yaml").write_text("mine")
    (folder / "link.yaml").symlink_to("nowhere")
    for name in ("mine.yaml", "link.yaml", "no/folder.yaml"):
        code, out, err = run("init", "-o", name)
        assert (code, out) == (3, "") and err.startswith("privguard: ") and err.count("\n") == 1
    assert (folder / "mine.yaml").read_text() == "mine"


def test_check_lists_problems_on_stdout_and_leaves_with_3(folder: Path, run: Run) -> None:
    (folder / "p.yaml").write_text(f"version: 1\nrulez: {SECRET}\nenvironment: {SECRET}\n")

    code, out, err = run("check", "p.yaml")

    assert code == 3 and len(out.splitlines()) == 2 and "did you mean `rules`?" in out
    assert err == "privguard: p.yaml cannot be used as a policy; mend the 2 problems listed above.\n"
    assert SECRET not in out + err


def test_check_leaves_with_1_when_something_is_only_doubtful(folder: Path, run: Run) -> None:
    (folder / "p.yaml").write_text("version: 1\nrules: [{entity: AGE, public: clear}, {entity: AGE, public: token}]\n")

    code, out, err = run("check", "p.yaml")

    assert code == 1 and "the stricter of the two holds: public token" in out and "can be used" in err


@pytest.mark.parametrize("name", ["nope.yaml", "."])
def test_check_of_what_is_no_file_is_one_sentence(name: str, run: Run) -> None:
    code, out, err = run("check", name)

    assert (code, out) == (3, "") and err.startswith("privguard: ") and err.count("\n") == 1


def test_usage_errors_leave_with_3(run: Run) -> None:
    assert run("check")[0] == 3
    assert run("frobnicate")[0] == 3
    assert run("--help")[0] == 0


def test_check_of_a_missing_file_does_not_speak_of_the_policy_in_force(run: Run) -> None:
    code, out, err = run("check", "nope.yaml")

    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "no file nope.yaml" in err and "PRIVGUARD_POLICY" not in err
