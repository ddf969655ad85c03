"""`privguard audit archive`: what it says, what it records, and that it needs the policy's leave."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.stores.s3 import S3Bucket
from jupyter_privguard.policy.load import load
from jupyter_privguard.runtime.archive import term
from jupyter_privguard.settings import account_name
from tests.command_line import Run
from tests.unit.audit.test_archive import Memory, zstandard  # noqa: F401 - a fixture

TO = ("audit", "archive", "--to", "s3://locked/logs")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Memory:
    found = Memory()
    monkeypatch.setattr(S3Bucket, "open", lambda url, may_reach: found)
    return found


@pytest.fixture
def log(home: Path, privguard: Run) -> Path:
    privguard("keys", "init")
    return home / "log"


def events(log: Path) -> list[dict[str, object]]:
    return [event for event in LogReader.open(log, None).events() if event["action"] == "archive"]


def test_what_is_new_is_archived_recorded_and_proven(log: Path, bucket: Memory, privguard: Run) -> None:
    code, out, err = privguard(*TO)
    assert (code, out) == (0, "") and "archived records 1 to 1; deleting them was tried and refused" in err
    (told,) = events(log)
    assert (told["first"], told["last"], told["to"], told["outcome"]) == (1, 1, "s3://locked/logs", "ok")
    assert str(told["retain_until"])[:4] == str(datetime.now(UTC).year + 7)

    code, _, err = privguard(*TO, "--check")
    assert code == 0 and "1 record, the archive is whole" in err.replace("1 records", "1 record")
    (used,) = [event for event in LogReader.open(log, None).events() if event["action"] == "endpoint.use"]
    assert [used[name] for name in ("endpoint", "protocol", "tls")] == ["bucket.example:443", "s3", "TLSv1.3"]
    assert "records 2 to 3" in privguard(*TO)[2]
    assert privguard("audit", "verify")[0] == 0


def test_an_archive_that_was_changed_ends_with_2(log: Path, bucket: Memory, privguard: Run) -> None:
    privguard(*TO)
    name = next(name for name in bucket.objects if name.endswith(".sealed"))
    bucket.objects[name] = bucket.objects[name][:-1]

    code, out, err = privguard(*TO, "--check")

    assert (code, out) == (2, "") and "are not as they were written" in err


def test_an_empty_archive_is_said(log: Path, bucket: Memory, privguard: Run) -> None:
    code, _, err = privguard(*TO, "--check")

    assert code == 0 and "nothing is archived there yet" in err


def test_the_term_is_the_policys_else_seven_years(
    log: Path, bucket: Memory, privguard: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p.yaml").write_text("version: 1\naudit: {retain: 90d}\n")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "p.yaml"))
    privguard(*TO)
    days = {(until - datetime.now(UTC)).days for until in bucket.until.values()}
    assert days <= {89, 90}


@pytest.mark.parametrize(
    ("retain", "until"),
    [
        ("", datetime(2035, 3, 1, tzinfo=UTC)),
        ("7y", datetime(2035, 3, 1, tzinfo=UTC)),
        ("4y", datetime(2032, 2, 29, tzinfo=UTC)),
        ("90d", datetime(2028, 5, 29, tzinfo=UTC)),
        ("18m", datetime(2029, 8, 22, tzinfo=UTC)),
    ],
)
def test_years_are_those_of_the_calendar(tmp_path: Path, retain: str, until: datetime) -> None:
    (tmp_path / "p.yaml").write_text(f"version: 1\n{f'audit: {{retain: {retain}}}' if retain else 'k: 5'}\n")
    in_force = load(None, tmp_path / "p.yaml", user_can_write=lambda _: True)

    assert term(datetime(2028, 2, 29, tzinfo=UTC), in_force) == until


def test_without_the_policys_leave_no_host_is_reached(
    log: Path, privguard: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from types import SimpleNamespace

    from jupyter_privguard.audit.stores import s3

    endpoint = SimpleNamespace(meta=SimpleNamespace(endpoint_url="https://s3.amazonaws.com"))
    monkeypatch.setattr(s3, "_client", lambda: endpoint)

    code, out, err = privguard(*TO)

    assert (code, out) == (3, "") and "does not let anybody reach s3.amazonaws.com" in err
    assert events(log) == []


def test_who_may_not_read_all_may_not_archive_it(
    log: Path, bucket: Memory, privguard: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_people = f"version: 1\nroles: {{r: {{tiers: [public]}}}}\nprincipals: {{{account_name()}: {{roles: [r]}}}}\n"
    (tmp_path / "p.yaml").write_text(with_people)
    from jupyter_privguard.audit.event import event
    from jupyter_privguard.audit.log import AuditLog
    from jupyter_privguard.keys.providers.file import FileKeys
    from jupyter_privguard.model import Principal

    with AuditLog.open(log, FileKeys(log.parent / "keys").load()) as written:
        written.append(event("alert", principal=Principal("ravi"), session="s", outcome="ok", policy_sha256="0"))
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "p.yaml"))

    code, _, err = privguard(*TO)

    assert code == 3 and "not granted" in err and bucket.objects == {}
    assert [e["outcome"] for e in events(log)] == ["refused"]
