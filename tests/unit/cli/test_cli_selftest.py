"""``privguard selftest``: its exit code says whether anything leaks, and its table and JSON say where."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyter_privguard.selftest import run
from jupyter_privguard.selftest.kernel import NoKernel
from jupyter_privguard.selftest.probing import SelfTestRefused
from jupyter_privguard.selftest.report import Report, Result, Row


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the probe finds, and what it was asked."""
    told: dict[str, Any] = {"result": Result.MASKED}

    def fake(**asked: Any) -> Report:
        told["asked"] = asked
        if isinstance(told["result"], Exception):
            raise told["result"]
        asked["say"](1.0)
        row = Row("print", "text", told["result"], Result.LEAKED if asked["baseline"] else None)
        return Report([row], {"Python": "3"}, seed=asked["seed"] or 1, seconds=1.0)

    monkeypatch.setattr(run, "run_selftest", fake)
    return told


@pytest.mark.parametrize(
    ("result", "code"),
    [(Result.MASKED, 0), (Result.NOT_SEEN, 0), (Result.NOT_INSTALLED, 0), (Result.LEAKED, 1), (Result.FAILED, 1)],
)
def test_the_exit_code_says_whether_anything_was_found(privguard, home, probe, result: Result, code: int) -> None:
    probe["result"] = result

    left, out, err = privguard("selftest")

    assert (left, err) == (code, "")
    assert f"print    {result}" in out and "SECURITY.md" in out
    assert probe["asked"]["baseline"] is False


@pytest.mark.parametrize("flags", [["--json"], ["--format", "json"]])
def test_json_is_the_whole_report(privguard, home, probe, flags: list[str]) -> None:
    _, out, _ = privguard("selftest", "--baseline", "--seed", 9, *flags)

    found = json.loads(out)
    assert found["rows"] == [
        {"channel": "print", "group": "text", "result": "masked", "unguarded": "leaked", "note": ""},
    ]
    assert (found["seed"], found["good"]) == (9, True)


@pytest.mark.parametrize("problem", [NoKernel("privguard: no kernel."), SelfTestRefused("privguard: refused.")])
def test_what_keeps_it_from_telling_anything_is_one_sentence(privguard, home, probe, problem: Exception) -> None:
    probe["result"] = problem

    assert privguard("selftest") == (3, "", f"{problem}\n")


def test_a_policy_that_cannot_be_used_is_said_before_any_kernel_starts(privguard, home, monkeypatch, tmp_path) -> None:
    (tmp_path / "policy.yaml").write_text("version: 99\n")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))
    monkeypatch.setattr(run, "running", lambda *args: pytest.fail("a kernel was started"))

    code, out, err = privguard("selftest")

    assert (code, out) == (3, "")
    assert err.startswith("privguard: ")
    assert not home.exists()


@pytest.mark.parametrize("words", [["--seed", "-1"], ["--seed", "x"], ["more"], ["--format", "csv"]])
def test_mistakes_of_use_are_one_sentence(privguard, home, probe, words: list[str]) -> None:
    code, out, err = privguard("selftest", *words)

    assert (code, out) == (3, "")
    assert err.startswith("privguard: ") and err.count("\n") == 1
