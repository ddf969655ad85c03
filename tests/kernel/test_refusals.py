"""If the guard cannot start, cells are refused, not left bare; what helps still works."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_privguard.settings import STARTUP

BAD_POLICIES = {
    "missing": None,
    "broken": "a: [1, 2\nb: }{",
    "unknown key": "version: 1\npurpose: {}\n",
    "empty": "",
}


@pytest.mark.parametrize("name", BAD_POLICIES)
def test_an_unusable_policy_refuses_cells_and_leaves_the_way_out(start, tmp_path: Path, name: str) -> None:
    policy = tmp_path / "policy.yaml"
    if BAD_POLICIES[name] is not None:
        policy.write_text(BAD_POLICIES[name])
    kernel = start(PRIVGUARD_POLICY=str(policy))

    loaded = kernel.run("%load_ext jupyter_privguard")
    assert "privguard:" in loaded.streams
    for code in (
        "print('R' + 'AN')",
        "%%secure --purpose p\nprint('R' + 'AN')",
        "!echo R''AN",
        "%time print('R' + 'AN')",
    ):
        refused = kernel.run(code)
        assert not refused.ok and "RAN" not in refused.screen and "privguard:" in refused.screen
    assert not kernel.run("open('ran', 'w')", silent=True).ok and not (tmp_path / "ran").exists()
    assert kernel.run("%privguard status").ok
    assert kernel.run("%privguard help").ok
    assert kernel.run("%unload_ext jupyter_privguard").ok
    assert "RAN" in kernel.run("print('R' + 'AN')").streams


def test_a_way_out_is_not_a_way_around(start, tmp_path: Path) -> None:
    kernel = start(PRIVGUARD_POLICY=str(tmp_path / "none.yaml"))
    kernel.run("%load_ext jupyter_privguard")

    for code in (
        "%privguard status\nprint('R' + 'AN')",
        "get_ipython().run_line_magic('privguard', 'status') or print('R' + 'AN')",
        "%unload_ext other",
        "%privguard purpose x",
    ):
        cell = kernel.run(code)
        assert not cell.ok and "RAN" not in cell.screen


def test_missing_keys_never_begin_a_new_identity_over_an_old_log(start, home) -> None:
    kernel = start()
    kernel.run("%load_ext jupyter_privguard")
    kernel.close()
    for path in (home.folder / "keys").iterdir():
        path.unlink() if path.is_file() else None
    for path in sorted((home.folder / "keys").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()

    second = start()
    second.run("%load_ext jupyter_privguard")
    cell = second.run("print('R' + 'AN')")

    assert not cell.ok and "keys" in cell.screen and "RAN" not in cell.screen


def test_a_home_that_is_a_file_refuses_cells(start, home) -> None:
    home.folder.write_text("")
    kernel = start()
    kernel.run("%load_ext jupyter_privguard")
    cell = kernel.run("print('R' + 'AN')")

    assert not cell.ok and "not a folder" in cell.screen and "RAN" not in cell.screen


def test_a_log_that_fails_in_between_stops_the_next_cell(start, home) -> None:
    kernel = start()
    kernel.run("%load_ext jupyter_privguard")
    assert kernel.run("print(1)").ok
    database = home.folder / "log" / "privguard.db"
    kernel.run(
        f"import sqlite3\nfile = sqlite3.connect({str(database)!r}, isolation_level=None)\n"
        "for kind in ('trigger', 'table'):\n"
        "    names = file.execute('select name from sqlite_master where type=?', (kind,)).fetchall()\n"
        "    [file.execute(f'drop {kind} {name}') for (name,) in names]\n"
        "file.close()"
    )
    cell = kernel.run("print('R' + 'AN')")

    assert not cell.ok and "RAN" not in cell.screen and "privguard:" in cell.screen


def test_a_masker_that_fails_withholds(start) -> None:
    kernel = start()
    kernel.run("%load_ext jupyter_privguard")
    kernel.run(
        "import pandas as pd\n"
        "class Odd:\n"
        "    def __str__(self): raise ValueError('asha.kulkarni77@corp.example')\n"
        "    __repr__ = __str__\n"
        "df = pd.DataFrame({'email': ['asha.kulkarni77@corp.example', Odd(), 'b.c@d.example']})"
    )

    assert "kulkarni77" not in kernel.run("df").screen
    assert "kulkarni77" not in kernel.run("print(df)").screen
    assert kernel.run("print(7 * 6)").streams == "42\n", "the kernel is alive"


def test_an_enabled_guard_is_on_before_the_first_cell(start, home, tmp_path: Path) -> None:
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-privguard.py").write_text(STARTUP)

    kernel = start()

    assert "kulkarni77" not in kernel.run("'asha.kulkarni77@corp.example'").screen
    assert len(home.events("cell.run")) == 1


def test_hooks_that_were_taken_out_are_put_back_and_recorded(start, home) -> None:
    kernel = start()
    kernel.run("%load_ext jupyter_privguard")
    kernel.run("get_ipython().ast_transformers.clear()")

    refused = kernel.run("%%secure --tier compliance\nprint('R' + 'AN')")

    assert not refused.ok and "RAN" not in refused.screen
    assert [e["what"] for e in home.events("guard.changed")] == [["gate"]]


def test_a_header_below_a_comment_refuses_the_whole_cell_and_says_where_it_belongs(guarded) -> None:
    cell = guarded.run("print('R' + 'AN')\n%%secure --tier internal\nprint(1)")

    assert not cell.ok and "RAN" not in cell.screen
    assert cell.of("error")[0]["traceback"] == [
        "privguard: %%secure must be the first line of its cell; it did not run."
    ]


@pytest.mark.parametrize(
    "call",
    [
        "pg.mask(5)",
        "pg.classify(None)",
        "pg.mask(df, tier='secret')",
        "pg.read_sealed('not-there.sealed')",
        "pg.audit.query(colum='x')",
        "(lambda: pg.audit.query(during='last monht'))()",
    ],
)
def test_a_mistake_in_a_call_is_one_sentence_without_a_traceback(reguarded, call: str) -> None:
    reguarded.run("import pandas as pd\nimport jupyter_privguard as pg\ndf = pd.DataFrame({'plan': ['a']})")

    cell = reguarded.run(call)

    assert not cell.ok
    (sentence,) = cell.of("error")[0]["traceback"]
    assert sentence.startswith("privguard: ") and "\n" not in sentence
