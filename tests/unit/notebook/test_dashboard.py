"""``%privguard`` on its own: what it tells, and that names with markup in them stay names."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from jupyter_privguard.diagnose import _CHECKS, diagnose, folder
from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.notebook import dashboard as module
from jupyter_privguard.notebook.dashboard import Dashboard, _logged, _next_steps, _Table
from jupyter_privguard.policy.approvals import State

HOSTILE = "<script>alert(1)</script>"


def page(*tables: _Table, more: int = 0) -> Dashboard:
    return Dashboard("privguard: on", (("log", "7 events"), ("set-up", HOSTILE)), tables, more, (("%x", "does y"),))


def test_text_and_html_tell_the_same() -> None:
    made = page(_Table("df", 12, 4, {"EMAIL_ADDRESS": 2, "INCOME": 1}), more=3)

    for told in ("privguard: on", "7 events", "df", "EMAIL_ADDRESS 2, INCOME", "and 3 more", "%x", "does y"):
        assert told in str(made)
        assert told in made._repr_html_()


def test_names_are_no_markup() -> None:
    html = page(_Table(HOSTILE, 1, 1, {}))._repr_html_()

    assert HOSTILE not in html
    assert html.count("&lt;script&gt;") == 2


def test_without_tables_there_is_no_table_of_them() -> None:
    assert "sensitive" not in str(page()) and "sensitive" not in page()._repr_html_()


def test_a_terminal_shows_it_line_by_line() -> None:
    from IPython.lib.pretty import pretty

    assert pretty(page()) == str(page())


@pytest.mark.parametrize(
    ("experiment", "amiss", "answer_with", "tables", "commands"),
    [
        (None, [], [], [], ["df = pd.read_csv(FILE); df", "%%secure --experiment NAME --purpose TEXT"]),
        ("e", [], [], [], ["df = pd.read_csv(FILE); df", "%privguard report"]),
        ("e", ["disk"], ["!privguard approval list"], [], ["%privguard doctor", "!privguard approval list"]),
        (
            None,
            [],
            [],
            [_Table("people", 1, 1, {})],
            ["%privguard classify people", "%privguard set people.COLUMN ENTITY"],
        ),
    ],
)
def test_the_next_commands_fit_where_one_stands(experiment, amiss, answer_with, tables, commands) -> None:
    steps = [command for command, _ in _next_steps(SimpleNamespace(experiment=experiment), tables, amiss, answer_with)]

    assert steps[: len(commands)] == commands
    assert steps[-1] == "%privguard help"


def test_what_was_masked_is_that_of_this_session(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [
        {"session": "mine", "masked": {"INCOME": 3, "EMAIL_ADDRESS": 1}},
        {"session": "other", "masked": {"INCOME": 90}},
        {"session": "mine", "masked": {"INCOME": 2}, "action": "cell.run", "time": "2026-01-02T03:04:07.000Z"},
    ]
    reader = SimpleNamespace(size=3, events=lambda *, after: iter(events[after:]))
    monkeypatch.setattr(module.runtime, "log_reader", lambda: reader)

    found = _logged(SimpleNamespace(id="mine"))

    assert found.masked == {"INCOME": 5, "EMAIL_ADDRESS": 1}
    assert found.state == "3 events; the last is cell.run at 2026-01-02 03:04:07 UTC"


def test_a_log_that_cannot_be_read_is_said_and_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise LogUnavailable("privguard: there is no log.")

    monkeypatch.setattr(module.runtime, "log_reader", missing)

    assert _logged(SimpleNamespace(id="mine")) == ("there is no log.", {})


@pytest.fixture
def work(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a home of its own."""
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def test_what_a_quick_look_passes_over_is_said(work: Path) -> None:
    said = module._set_up(module._amiss())

    assert said.startswith("nothing amiss at a quick look, which leaves ")
    passed_over = {name for name, _ in _CHECKS} - {check.name for check in diagnose(quick=True)}
    assert passed_over and all(name in said for name in passed_over)
    assert "all files but the first 10" in said


@pytest.mark.parametrize("what", ["a table in plain", "a file half written"])
def test_it_is_not_well_where_the_doctor_finds_something_in_this_folder(work: Path, what: str) -> None:
    if what == "a table in plain":
        rows = "".join(f"asha.kulkarni{number}@corp.example,{number}\n" for number in range(40))
        (work / "customers.csv").write_text(f"email,visits\n{rows}")
    else:
        (work / ".out.csv.abc.privguard-part").write_text("")
    found = [check.name for check in (folder.plain_copies(), folder.parts()) if not check.good]

    assert len(found) == 1
    assert module._set_up(module._amiss()).startswith(f"1 amiss ({found[0]}) at a quick look")


def test_requests_to_approve_a_model_wait_too(monkeypatch: pytest.MonkeyPatch) -> None:
    pending = SimpleNamespace(state=State.PENDING)
    tiers = [SimpleNamespace(standing=pending, may_answer=False)]
    models = [SimpleNamespace(standing=pending, may_answer=True), SimpleNamespace(standing=pending, may_answer=False)]
    monkeypatch.setattr(module.runtime, "known_requests", lambda: tiers)
    monkeypatch.setattr(module.runtime, "open_requests", lambda: models)

    assert module._waiting() == ("1 for your answer, 2 for somebody else's answer", ["!privguard model list"])
