"""Each file of the home is lost, spoilt or put back from an older copy: start, doctor and verify tell the truth of it.

What a token, an id or a class would mean something else without is refused until somebody says how to go on.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from jupyter_privguard import diagnose as package
from jupyter_privguard import runtime
from jupyter_privguard.diagnose import home as checks
from jupyter_privguard.errors import PrivguardError
from jupyter_privguard.guard.cells.cell import CellOptions
from jupyter_privguard.guard.overrides.statements import Name, Override
from jupyter_privguard.runtime.bearer_keys import issue_serving_key
from jupyter_privguard.runtime.sessions import overrides_file
from jupyter_privguard.settings import account_name
from tests.command_line import Said, command

PERSON = "Asha Kulkarni"
POLICY = f"""version: 1
principals:
  {account_name()}: {{roles: [officer]}}
roles:
  officer: {{tiers: [public], reveal: true, log: all, classify: true}}
rules:
  - {{entity: CUSTOMER_ID, public: surrogate, internal: encrypt, compliance: clear}}
surrogates: random
"""


def people(first: int = 0) -> pd.DataFrame:
    return pd.DataFrame(
        {"full_name": [PERSON, "Ravi Menon"] * 6, "customer_id": [f"C-{first + n:05d}" for n in range(12)]}
    )


def start(table: pd.DataFrame | None = None, name: str = "df") -> Said:
    """What the guard's start and a cell that shows a table come to."""
    talk = io.StringIO()
    with contextlib.redirect_stderr(talk), contextlib.redirect_stdout(talk):
        try:
            ring, _ = runtime.keyring(runtime.home())
            session = runtime.open_session(runtime.home(), runtime.policy(), ring, kernel=None)
        except PrivguardError as error:
            return Said(error.exit_code, f"{error}\n{talk.getvalue()}")
        try:
            run = session.open_run("k", CellOptions(), name, execution_count=1, cell_id=None)
            if run.refused:
                return Said(3, run.refused)
            shown = session.show(people() if table is None else table, run)
            session.close_run("k", "ok")
        except PrivguardError as error:
            return Said(error.exit_code, f"{error}\n{talk.getvalue()}")
        finally:
            session.close()
    assert shown is not None and PERSON not in str(shown.native)
    return Said(0, f"{shown.native}\n{talk.getvalue()}")


def doctor() -> str:
    """What is amiss, by the checks of what the home holds."""
    found = [package._run(name, check) for name, check in package._CHECKS if name in ("home", "keys", "classes", "log")]
    found.append(package._run("state", checks.state))
    return "\n".join(f"{check.state} {check.cure}" for check in found if not check.good)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two homes: `older`, and `home`, in which since then ids were drawn, domains pinned, classes given, keys taken."""
    place = tmp_path_factory.mktemp("past")
    with pytest.MonkeyPatch.context() as setting:
        setting.chdir(place)
        setting.setenv("PRIVGUARD_HOME", str(place / "home"))
        setting.setenv("PRIVGUARD_POLICY", str(place / "policy.yaml"))
        (place / "policy.yaml").write_text(POLICY)
        assert command("keys", "init").code == 0
        for round_, column in enumerate(("colour", "size")):
            people(round_ * 100).to_csv(f"people{round_}.csv", index=False)
            masked = command("mask", f"people{round_}.csv", "-o", f"masked{round_}.csv")
            assert masked.code == 0, masked
            assert start().code == 0
            issue_serving_key(account_name())
            said = Override(
                dataset=Name("df"),
                column=Name(column),
                entity="CREDENTIAL",
                by="me",
                since="2026-01-01T00:00:00Z",
                saved=True,
            )
            overrides_file(runtime.home(), runtime.existing_keyring(runtime.home())).put(said)
            if round_ == 0:
                shutil.copytree(place / "home", place / "older")
        yield place


@pytest.fixture
def home(past: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(past / "home", tmp_path / "home")
    monkeypatch.chdir(tmp_path)
    for name in ("people0.csv", "people1.csv"):
        shutil.copy(past / name, tmp_path)
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PRIVGUARD_POLICY", str(past / "policy.yaml"))
    return tmp_path / "home"


def gone(path: Path, _: Path) -> None:
    path.unlink()


def older(path: Path, copy: Path) -> None:
    shutil.copy(copy, path)


def empty(path: Path, _: Path) -> None:
    path.write_bytes(b"")


def half(path: Path, _: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def folder(path: Path, _: Path) -> None:
    path.unlink()
    path.mkdir(mode=0o700)


def pipe(path: Path, _: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def link(path: Path, _: Path) -> None:
    path.unlink()
    path.symlink_to("/nowhere/at/all")


LOST: dict[str, tuple[str, str]] = {
    "domains.json": ("domains.json", "start"),
    "overrides.json": ("overrides.json", "start"),
    "surrogates": ("vault/surrogates/vault.db", "start"),
    "serving-keys.json": ("serving-keys.json", "keys"),
}
"""By the name that is accepted the file, and what refuses to go on without its newest copy."""


def who_needs_it(surface: str) -> Said:
    return start() if surface == "start" else command("keys", "list")


def test_nothing_is_amiss_before(home: Path) -> None:
    assert start().code == 0 and command("keys", "list").code == 0
    assert doctor() == ""
    verified = command("audit", "verify")
    assert verified.code == 0 and str(home) not in verified.text


@pytest.mark.parametrize("harm", [gone, older])
@pytest.mark.parametrize("name", LOST)
def test_a_file_that_is_missing_or_older_is_told_and_nothing_goes_on_without_it(
    home: Path, past: Path, name: str, harm: Callable[[Path, Path], None]
) -> None:
    where, surface = LOST[name]
    path = home / where
    newest = path.read_bytes()
    harm(path, past / "older" / where)
    what = "missing" if harm is gone else "an older copy"

    refused = who_needs_it(surface)

    for said in (refused.text, doctor(), command("audit", "verify").text):
        assert str(path) in said and what in said and f"privguard doctor --accept {name}" in said
    assert refused.code == 3 and command("audit", "verify").code == 0
    path.write_bytes(newest)
    assert who_needs_it(surface).code == 0 and doctor() == ""


@pytest.mark.parametrize("harm", [gone, older])
@pytest.mark.parametrize("name", LOST)
def test_who_accepts_the_loss_goes_on_and_the_log_says_so(
    home: Path, past: Path, name: str, harm: Callable[[Path, Path], None]
) -> None:
    where, surface = LOST[name]
    harm(home / where, past / "older" / where)

    accepted = command("doctor", "--accept", name)

    assert accepted.code == 0 and f"privguard: what is there of {name} counts as its newest" in accepted.text
    assert who_needs_it(surface).code == 0 and doctor() == ""
    events = runtime.log_reader().events()
    assert [event["about"] for event in events if event["action"] == "alert"] == [f"the loss of {name} was accepted"]
    if harm is gone:  # what is made from now on is known again
        assert command("mask", "people1.csv", "-o", "again.csv").code == 0


@pytest.mark.parametrize("name", ["domains.json", "surrogates"])
def test_a_new_key_makes_all_tokens_new_and_nothing_is_missing(home: Path, name: str) -> None:
    (home / LOST[name][0]).unlink()

    assert command("keys", "rotate").code == 0

    assert start().code == 0 and doctor() == ""


@pytest.mark.parametrize("file", ["domains.json", "vault/surrogates/vault.db"])
def test_no_command_gives_a_value_another_token_meanwhile(home: Path, past: Path, file: str) -> None:
    shutil.copy(past / "older" / file, home / file)

    said = command("mask", "people1.csv", "-o", "masked.csv")

    assert said.code == 3 and str(home / file) in said.text and not Path("masked.csv").exists()
    assert command("mask", "people0.csv", "-o", "masked.csv").code in (0, 3)
    if Path("masked.csv").exists():
        assert Path("masked.csv").read_bytes() == (past / "masked0.csv").read_bytes()


def test_a_saved_class_that_is_lost_is_not_passed_over_by_commands(home: Path) -> None:
    (home / "overrides.json").unlink()

    said = command("classify", "people1.csv")

    assert said.code == 3 and "overrides.json is missing" in said.text


def test_a_revoked_bearer_key_does_not_come_back_with_an_older_copy(home: Path, past: Path) -> None:
    from datetime import UTC, datetime

    key = issue_serving_key(account_name())
    before = (home / "serving-keys.json").read_bytes()
    runtime.revoke_serving_key(key.split("_")[1])
    (home / "serving-keys.json").write_bytes(before)

    with pytest.raises(PrivguardError, match="an older copy"):
        runtime.serving_keys(runtime.existing_keyring(runtime.home())).person(key, now=datetime.now(UTC))


def test_a_lost_vault_is_told_until_one_is_begun_anew(home: Path) -> None:
    (home / "vault" / "vault.db").unlink()

    assert "vault.db is missing, so handles that were shown before cannot be looked up" in doctor()
    began = start()
    assert began.code == 0 and "cannot be looked up" in began.text
    assert doctor() == ""


def test_accepting_takes_the_right_to_it_and_a_name_that_there_is(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("doctor", "--accept", "policy.yaml").code == 3
    (home / "overrides.json").unlink()
    other = tmp_path / "other.yaml"
    other.write_text(POLICY.replace("reveal: true, ", "").replace(", classify: true", ""))
    monkeypatch.setenv("PRIVGUARD_POLICY", str(other))

    for name in ("overrides.json", "domains.json"):
        assert command("doctor", "--accept", name).code == 3
    assert start().code == 3


SPOILT = {
    gone: "keys/current keys/log.vkey log/privguard.db domains.json overrides.json log/privguard.lock",
    empty: "keys/log.key log/privguard.db overrides.json serving-keys.json log/privguard.lock vault/vault.db",
    half: "keys/log.key log/privguard.db domains.json overrides.json vault/surrogates/vault.db serving-keys.json",
    folder: "log/privguard.db overrides.json vault/vault.db log/privguard.lock domains.lock reveal.lock endpoints.json",
    pipe: "log/privguard.db domains.json serving-keys.json log/privguard.lock reveal.lock endpoints.json",
    link: "keys/current log/privguard.db domains.json overrides.json log/privguard.lock log/privguard.index",
}


@pytest.mark.parametrize(("harm", "file"), [(harm, file) for harm, files in SPOILT.items() for file in files.split()])
def test_whatever_happens_to_a_file_doctor_start_and_verify_agree(
    home: Path, file: str, harm: Callable[[Path, Path], None]
) -> None:
    path = home / file
    if not path.exists():
        path.write_text("{}")
        path.chmod(0o600)
    harm(path, path)

    found, began, verified = doctor(), start(), command("audit", "verify")

    for said in (found, began.text, verified.text):
        assert "Error" not in said and "Traceback" not in said and PERSON not in said
    needed = file.startswith(("keys", "log/privguard.db", "domains.json", "overrides.json", "vault/surrogates"))
    if began.code != 0:
        named = path.parent if file == "log/privguard.db" and harm is gone else path
        assert str(named) in began.text and ";" in began.text
        assert str(named) in found, "the doctor names what stops the guard"
    elif needed:
        raise AssertionError("nothing starts without it")
    if file == "log/privguard.db":
        assert verified.code in (2, 3) and "first guarded cell" not in verified.text
    elif file != "keys/log.vkey":
        assert verified.code == 0 and "the log is whole" in verified.text


CLOSED = """
import contextlib, io, os, sys
from pathlib import Path
from jupyter_privguard.cli.main import main
home = Path(os.environ["PRIVGUARD_HOME"])
def said(*args):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main(list(args))
        except SystemExit as left:
            return f"{left.code} {out.getvalue()}"
for file in sys.argv[1:]:
    mode = (home / file).stat().st_mode
    (home / file).chmod(0)
    for args in (("mask", "people1.csv", "-o", "m.csv"), ("audit", "verify"), ("keys", "list")):
        print(file, args[0], said(*args).replace("\\n", " "))
    (home / file).chmod(mode)
"""
WITHOUT_RIGHTS = (
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
)


def test_what_may_not_be_read_is_named(home: Path) -> None:
    files = ["keys/current", "keys/log.key", "domains.json", "overrides.json", "vault/surrogates/vault.db"]
    files += ["log/privguard.db", "log/privguard.lock", "keys", "log", "vault"]
    prefix = WITHOUT_RIGHTS if os.geteuid() == 0 else ()
    if prefix and shutil.which(prefix[0]) is None:
        pytest.skip("root reads everything here")
    root = Path(runtime.__file__).parents[2]
    done = subprocess.run(
        [*prefix, sys.executable, "-c", CLOSED, *files],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    for line in done.stdout.splitlines():
        file, args, code, said = line.split(" ", 3)
        assert "Error" not in said and "unexpected" not in said, line
        if args == "mask" and file not in ("vault",):
            assert code == "3" and str(home / file) in said, line
        if args == "verify" and file in ("domains.json", "overrides.json"):
            assert code == "0", line
    assert len(done.stdout.splitlines()) == 3 * len(files)


@pytest.mark.parametrize("name", sorted(LOST))
def test_where_nothing_is_lost_nothing_is_accepted_and_no_alert_is_raised(home: Path, name: str) -> None:
    refused = command("doctor", "--accept", name)

    assert refused.code == 3 and "nothing to accept" in refused.text
    assert not [event for event in runtime.log_reader().events() if event["action"] == "alert"]
