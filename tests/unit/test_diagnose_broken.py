"""``privguard doctor`` on set-ups that are broken: each thing is named, with its cure."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.audit import _process
from jupyter_privguard.diagnose import diagnose, folder, home, installation
from jupyter_privguard.diagnose.check import Check
from jupyter_privguard.settings import STARTUP, Home

Broken = tuple[bool, str]


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home in use, with a log of one event; the folder where one works is empty."""
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    runtime.keyring(runtime.home())
    runtime.record("experiment.close", runtime.policy(), experiment="e")
    return runtime.home()


def said(check: Check) -> str:
    """What a check that is not good says; it says what to do."""
    assert not check.good
    assert check.cure or ";" in check.state
    return f"{check.state} {check.cure}"


def test_nothing_is_amiss_in_a_home_in_use(at: Home) -> None:
    quick = diagnose(quick=True)

    assert [check for check in quick if not check.good] == []
    assert {"clock", "disk", "packages", "copies"} <= {check.name for check in quick}


def test_an_unreadable_policy_is_named_with_its_line(at: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policy.yaml").write_text("version: 1\nroles: [\n")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))

    (check,) = (check for check in diagnose(quick=True) if check.name == "policy")
    assert not check.good and "policy.yaml" in check.state and "line" in check.state and "policy check" in check.state


def test_a_home_that_cannot_be_written_is_named(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != at.log and allowed(path, mode))

    (check,) = (check for check in diagnose(quick=True) if check.name == "home")
    assert not check.good and "cannot be written; set PRIVGUARD_HOME" in check.state


def test_what_others_may_read_is_named(at: Home) -> None:
    loose = at.keys / "log.key"
    loose.chmod(0o644)

    text = said(home.home())
    assert str(loose) in text and f"chmod -R go-rwx {at.root}" in text
    assert loose.stat().st_mode & 0o777 == 0o644, "looking changes nothing"


def test_a_clock_that_went_back_is_named(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, tz=None) -> datetime:
            return datetime.now(UTC) - timedelta(days=3)

    monkeypatch.setattr(home, "datetime", Earlier)

    text = said(home.clock())
    assert "3 days ahead of this machine's clock" in text and "timedatectl" in text


def test_a_disk_that_is_nearly_full_is_named(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=17 << 20))

    assert "17 MB are free" in said(home.disk())


@pytest.mark.parametrize("gone", ["folder", "files"])
def test_keys_that_are_missing_beside_a_log_come_from_a_backup(at: Home, gone: str) -> None:
    shutil.rmtree(at.keys)
    if gone == "files":
        at.keys.mkdir(mode=0o700)

    text = said(home.keys())
    assert "put them back from a backup" in text and "keys init" not in text


def test_a_log_on_a_network_drive_is_named(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "_file_system", lambda folder: "nfs4")

    assert "network drive (nfs4)" in said(home.log())


def test_a_log_that_another_machine_writes_is_named(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    place = _process._place()
    monkeypatch.setattr(_process, "_place", lambda: "elsewhere|boot|namespace")
    log = runtime.open_log(at, runtime.log_key(at), runtime.policy())
    log.start_run({"action": "cell.start", "principal": {"id": "x", "assurance": "self"}})
    log.close()
    monkeypatch.setattr(_process, "_place", lambda: place)

    text = said(home.log())
    assert "1 cells that began on another machine" in text and "PRIVGUARD_HOME" in text


def test_records_that_wait_are_named(at: Home) -> None:
    from jupyter_privguard.serving import spool

    waiting = at.root / "spool"
    waiting.mkdir(mode=0o700)
    (waiting / spool._FILE).write_bytes(b"code {}\n")

    assert "records of predictions wait" in said(home.spool())


def _versions(monkeypatch: pytest.MonkeyPatch, **other: str | None) -> None:
    real = importlib.metadata.version

    def version(name: str) -> str:
        found = other.get(name.replace("-", "_"), "")
        if found is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return found or real(name)

    monkeypatch.setattr(installation, "version", version)


def test_an_old_ipykernel_is_named_with_what_installs_another(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _versions(monkeypatch, ipykernel="6.29.5")

    text = said(installation.packages())
    assert "ipykernel 6.29.5" in text and '`pip install "ipykernel<8,>=7"`' in text


def test_a_package_that_is_missing_is_named(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _versions(monkeypatch, great_expectations=None)

    assert "great-expectations is missing" in said(installation.packages())


def test_an_extra_that_is_missing_is_said_and_is_not_amiss(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _versions(monkeypatch, pyarrow=None, boto3=None)

    check = installation.packages()
    assert check.good and "parquet" in check.state and "s3" in check.state and "plots" not in check.state


def test_a_second_installation_is_named(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    two = [SimpleNamespace(locate_file=lambda _, place=place: Path(place)) for place in ("/opt/a", "/opt/b")]
    monkeypatch.setattr(installation, "distributions", lambda *, name: two)

    text = said(installation.copies())
    assert "/opt/a; /opt/b" in text and "pip uninstall jupyter-privguard" in text


def test_a_start_file_that_loads_no_guard_is_named(at: Home, tmp_path: Path) -> None:
    file = tmp_path / "ipython" / "profile_default" / "startup" / "00-privguard.py"
    file.parent.mkdir(parents=True)
    file.write_text(STARTUP)
    assert installation.kernel().good

    file.write_text("# " + STARTUP)
    assert str(file) in said(installation.kernel()) and "privguard enable" in installation.kernel().cure


@pytest.mark.parametrize(
    ("listed", "name", "words", "cure"),
    [
        (
            "jupyter_privguard \x1b[31mdisabled\x1b[0m",
            "server",
            "disabled",
            "jupyter server extension enable jupyter_privguard",
        ),
        ("jupyter-privguard v0.1.0 disabled OK", "panel", "disabled", "jupyter labextension enable jupyter-privguard"),
        ("other v1 enabled OK", "panel", "not enabled", "pip install --force-reinstall --no-deps jupyter-privguard"),
        ("", "server", "not enabled", "pip install --force-reinstall --no-deps jupyter-privguard"),
    ],
)
def test_what_jupyter_does_not_load_is_named(
    at: Home, monkeypatch: pytest.MonkeyPatch, listed: str, name: str, words: str, cure: str
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=listed, stderr="", returncode=0))
    command = ("labextension",) if name == "panel" else ("server", "extension")

    check = installation.extension(name, *command)()

    assert not check.good and words in check.state and cure in check.cure


def test_where_jupyter_itself_fails_nobody_says_that_the_files_are_missing(
    at: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = SimpleNamespace(stdout="", stderr="FileNotFoundError: '/nonexistent/.jupyter'", returncode=1)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: broken)

    check = installation.extension("panel", "labextension")()

    assert not check.good and "`jupyter labextension list` fails here" in check.state
    assert "not where Jupyter looks" not in check.state


def test_without_node_the_cure_of_a_missing_panel_says_so(at: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout="", stderr="", returncode=0))
    monkeypatch.setattr(shutil, "which", lambda name: None)

    assert "needs Node 20 or newer; there is none here" in installation.extension("panel", "labextension")().cure


def test_a_half_written_file_and_data_in_plain_are_named(at: Home) -> None:
    (Path.cwd() / "out.csv.privguard-part").write_text("x")
    Path("people.csv").write_text("email\n" + "".join(f"person.{n}@corp.example\n" for n in range(9)))

    assert "half" in folder.parts().state or "killed" in folder.parts().state
    assert "people.csv (EMAIL_ADDRESS)" in said(folder.plain_copies())


def test_json_has_the_same(at: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyter_privguard import diagnose as package
    from jupyter_privguard.cli.main import main

    monkeypatch.setattr(package, "_CHECKS", package._CHECKS[:3])
    with pytest.raises(SystemExit) as left:
        main(["doctor", "--format", "json"])
    assert left.value.code == 0
    assert [check["name"] for check in json.loads(capsys.readouterr().out)] == ["policy", "home", "keys"]
