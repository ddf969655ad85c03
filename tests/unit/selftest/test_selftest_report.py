"""The table: every channel, what became of it, and no finding that could be overlooked."""

from __future__ import annotations

import json
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any

import pytest

from jupyter_privguard.selftest import apart
from jupyter_privguard.selftest.apart import SelfTestEnded, run_apart
from jupyter_privguard.selftest.channel import Goal
from jupyter_privguard.selftest.channels import ALL
from jupyter_privguard.selftest.people import COLUMNS, make_people
from jupyter_privguard.selftest.probing import SelfTestRefused
from jupyter_privguard.selftest.report import NOT_TRIED, Report, Result, Row
from jupyter_privguard.selftest.run import beside

ROWS = [
    Row("print", "text", Result.MASKED, Result.LEAKED),
    Row("logging", "text", Result.LEAKED, Result.LEAKED, "email, full_name"),
    Row("polars", "other libraries", Result.NOT_INSTALLED, Result.NOT_INSTALLED),
    Row("<b>", "harmless output", Result.UNCHANGED),
]


def report(rows: list[Row] = ROWS) -> Report:
    return Report(rows, {"Python": "3.11.7", "policy": "built-in"}, seed=7, seconds=12.3)


def test_the_text_has_a_line_a_channel_below_its_group() -> None:
    lines = str(report()).splitlines()

    assert lines[0].split() == ["channel", "guarded", "unguarded", "note"]
    assert lines[2:6] == [
        "TEXT",
        "print    masked         leaked",
        "logging  leaked         leaked         email, full_name",
        "",
    ]
    assert lines[-3] == (
        "privguard: 4 channels: 1 masked, 1 leaked, 1 unchanged, 1 not installed; "
        "without the guard: 2 leaked, 1 not installed."
    )
    assert "seed 7" in lines[-2] and "policy built-in" in lines[-2]
    assert lines[-1] == NOT_TRIED and "SECURITY.md" in NOT_TRIED


def test_without_a_baseline_there_is_no_column_for_it() -> None:
    alone = report([Row("print", "text", Result.MASKED)])

    assert "unguarded" not in str(alone) and "without the guard" not in str(alone)
    assert "unguarded" not in alone._repr_html_()


def test_the_html_has_the_same_rows_is_escaped_and_marks_findings() -> None:
    cells: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            cells.append(data)

    page = report()._repr_html_()
    Reader().feed(page)

    assert [row.channel in cells for row in ROWS] == [True] * 4
    assert page.count("font-weight:bold") == 4, "the four cells of the one finding"
    assert NOT_TRIED in cells


@pytest.mark.parametrize("result", Result)
def test_only_what_did_not_go_well_is_a_finding(result: Result) -> None:
    is_bad = result in (Result.LEAKED, Result.CHANGED, Result.NOT_RECORDED, Result.FAILED)

    assert report([Row("x", "y", result)]).is_good is not is_bad


def test_json_holds_all_of_it() -> None:
    written = json.loads(json.dumps(report().to_json()))

    assert Report.from_json(written) == report()
    assert written["good"] is False
    assert written["rows"][1]["result"] == "leaked"


def test_a_channel_on_which_nothing_leaks_without_the_guard_has_not_been_seen() -> None:
    rows = [Row(name, "g", result) for name, result in [("a", Result.MASKED), ("b", Result.MASKED)]]
    rows += [Row("c", "g", Result.LEAKED), Row("d", "g", Result.UNCHANGED), Row("e", "g", Result.NOT_INSTALLED)]
    unguarded = {"a": Result.LEAKED, "b": Result.MASKED, "c": Result.MASKED, "e": Result.NOT_INSTALLED}

    results = {row.channel: row.result for row in beside(rows, unguarded)}

    assert results == {
        "a": Result.MASKED,
        "b": Result.NOT_SEEN,
        "c": Result.LEAKED,
        "d": Result.UNCHANGED,
        "e": Result.NOT_INSTALLED,
    }


def test_an_unguarded_kernel_that_leaks_nothing_proves_nothing() -> None:
    with pytest.raises(SelfTestRefused, match=r"^privguard: without the guard nothing leaks either"):
        beside([Row("a", "g", Result.MASKED)], {"a": Result.MASKED})


def test_every_channel_has_a_name_of_its_own_and_no_value_in_its_code() -> None:
    names = [channel.name for channel in ALL]
    code = "\n".join(cell for channel in ALL for cell in (*channel.cells, *channel.expressions.values()))

    assert len(set(names)) == len(names) > 100
    assert not any(value in code for column in COLUMNS for value in make_people(1)[column])
    assert {channel.goal for channel in ALL} == {*Goal}


def _as_other_process(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(apart, "_command", lambda baseline: [sys.executable, "-c", code])


def test_the_other_process_tells_its_steps_and_its_report(monkeypatch: pytest.MonkeyPatch) -> None:
    told = ['{"done": 0.5}', "a library says hello", "[1]", json.dumps({"report": report().to_json()})]
    _as_other_process(monkeypatch, f"print({chr(10).join(told)!r})")
    shares: list[float] = []

    assert run_apart(baseline=False, say=shares.append) == report()
    assert shares == [0.5]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ('print(\'{"problem": "privguard: no kernel."}\')', "privguard: no kernel."),
        ("raise SystemExit(7)", "privguard: the self-test ended without a result; run `privguard selftest` in a"),
    ],
)
def test_problems_of_the_other_process_are_one_sentence(
    monkeypatch: pytest.MonkeyPatch, code: str, sentence: str
) -> None:
    _as_other_process(monkeypatch, code)

    with pytest.raises(SelfTestEnded) as ended:
        run_apart(baseline=True, say=lambda share: None)

    assert str(ended.value).startswith(sentence)


def test_an_interrupt_ends_the_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    original = subprocess.Popen

    def popen(*args: Any, **kwargs: Any) -> Any:
        started.append(original(*args, **kwargs))
        return started[-1]

    def interrupt(share: float) -> None:
        raise KeyboardInterrupt

    _as_other_process(monkeypatch, "print('{\"done\": 0.1}', flush=True)\nimport time; time.sleep(60)")
    monkeypatch.setattr(apart.subprocess, "Popen", popen)

    with pytest.raises(KeyboardInterrupt):
        run_apart(baseline=False, say=interrupt)

    assert started[0].poll() is not None


def test_a_problem_is_told_to_the_process_that_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path
) -> None:
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "none.yaml"))
    monkeypatch.setattr(apart.signal, "signal", lambda *args: None)

    apart.main([])

    assert json.loads(capsys.readouterr().out)["problem"].startswith("privguard:")
