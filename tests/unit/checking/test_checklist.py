"""The seven points: a deployment where everything holds, and each control broken on purpose."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.audit.archive import archive
from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.reconcile import Gap
from jupyter_privguard.audit.stores.s3 import S3Bucket
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.checking import kept, model_output, platform, predictions
from jupyter_privguard.checking.attacks import by_brute_force, by_dictionary, every_id, weak
from jupyter_privguard.checking.deployment import Limits
from jupyter_privguard.checking.points import Point, Status
from jupyter_privguard.checking.run import run_checklist
from jupyter_privguard.cli.main import main
from jupyter_privguard.errors import LogError, Refused
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.keys.passphrase import Wrapping
from jupyter_privguard.policy.rules import Policy
from jupyter_privguard.runtime import authors, place
from jupyter_privguard.runtime.planes import Planes
from jupyter_privguard.settings import Home
from tests.unit.audit.test_archive import Memory, zstandard  # noqa: F401 - a fixture

QUICK = Limits(guesses=50)
TO = "s3://locked/logs"
PEOPLE = """
roles:
  analyst: {tiers: [public, internal]}
  officer: {tiers: [public, internal, compliance], reveal: true, log: all}
principals:
  asha: {roles: [analyst]}
  ravi: {roles: [officer]}
"""
TOKEN = "tok:hs256:00112233:" + "ab" * 32


def keyed(values: list[str]) -> list[str]:
    """A mask that nobody here has the key of; who asks twice gets another answer, as where guesses are refused."""
    return [f"tok:hs256:00112233:{os.urandom(32).hex()}" for _ in values]


class Place:
    """A deployment in which all holds that can be made to hold without a second account."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.root, self.home, self.anchor = root, Home(root / "home"), root / "anchor"
        self.policy_text = PEOPLE
        monkeypatch.setenv("PRIVGUARD_HOME", str(self.home.root))
        (root / "here").mkdir()
        monkeypatch.chdir(root / "here")
        # A passphrase is made slow on purpose, and each checklist opens the keys several times.
        monkeypatch.setattr(Wrapping, "key", lambda _, text: hashlib.sha256(text.encode()).digest())
        self.mask: Callable[[list[str]], list[str]] | None = keyed
        self.bucket = Memory()
        self.events: dict[str, dict[str, Any]] = {
            "cell.run": {"outcome": "ok", "tier": "public", "kernel": "k1"},
            "model.review": {"outcome": "ok", "tier": "public", "model": "churn", "blocked": False},
            "model.predict": {"outcome": "ok", "tier": "public", "model": "churn", "prediction": TOKEN, "rows": 1},
            "scan": {"outcome": "ok", "files": 3, "findings": 0, "unread": 0, "accepted": 0},
        }
        self.gaps: list[Gap] = []
        self.is_apart = True
        self.passphrase = "correct horse"
        self.days = 0

    def set_up(self) -> None:
        (self.root / "p.yaml").write_text(
            f"version: 1\naudit: {{retain: 90d}}\nanchor: {{file: {self.anchor}}}\n{self.policy_text}"
        )
        self.monkeypatch.setenv("PRIVGUARD_POLICY", str(self.root / "p.yaml"))
        (self.root / "pass").write_text(f"{self.passphrase}\n")
        (self.root / "pass").chmod(0o600)
        self.monkeypatch.setenv("PRIVGUARD_PASSPHRASE_FILE", str(self.root / "pass"))
        self.monkeypatch.setattr(authors, "could_write", lambda path: False)
        self.monkeypatch.setattr(place, "account_name", lambda: "ravi")
        runtime.make_keys(self.home, passphrase=self.passphrase or None)
        for action, fields in self.events.items():
            self.tell(action, **fields)
        self.monkeypatch.setattr(S3Bucket, "open", lambda url, may_reach: self.bucket)
        self.monkeypatch.setattr(kept, "can_overwrite", lambda path: False)
        self.monkeypatch.setattr(platform.runtime, "gaps", self._gaps)
        if self.is_apart:
            self.monkeypatch.setattr(platform, "_accounts", lambda at: [])
        else:
            (self.home.server.log).mkdir(parents=True)

    def tell(self, action: str, **fields: Any) -> None:
        """An event as this account leaves it."""
        in_force = runtime.policy()
        if action != "cell.run":
            runtime.record(action, in_force, **fields)
            return
        common = {"principal": runtime.principal(in_force), "session": "s1", "policy_sha256": in_force.sha256}
        with runtime.open_log(self.home, runtime.log_key(self.home), in_force) as log:
            run = log.start_run(event("cell.start", **common, **{**fields, "outcome": "started"}))
            log.end_run(run, event("cell.run", **common, **fields, run=run))

    def archived(self, days: int = 90) -> None:
        ring = runtime.existing_keyring(self.home)
        log = verify(runtime.log_reader())
        until = datetime.now(UTC) + timedelta(days=days)
        for one in archive(log, self.bucket, ring, until=until, made="2026-01-01T00:00:00+00:00"):
            runtime.record("archive", runtime.policy(), first=one.first, last=one.last, retain_until=one.retain_until)

    def _gaps(self, in_force: Policy, *, kernels: Any, until: datetime) -> Planes:
        lines = (json.dumps({"seq": 1, "action": "kernel.start", "kernel": "k1"}),)
        server = type(kernels)(1, b"", "", "", lines)
        return Planes(server, self.gaps, 0, 0)

    def check(self, **options: Any) -> dict[int, Point]:
        found = run_checklist(archive=TO, limits=QUICK, mask=self.mask, **options)
        return {point.number: point for point in found}


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zstandard: Any) -> Place:  # noqa: F811 - the fixture
    return Place(tmp_path, monkeypatch)


def test_where_everything_holds_every_point_is_evidenced(there: Place) -> None:
    there.set_up()
    there.archived()

    points = there.check()

    assert {n: (p.status.value, p.reason) for n, p in points.items() if p.status is not Status.EVIDENCED} == {}
    assert all(points[number].seqs for number in (1, 2, 3, 4, 5, 7))
    (told,) = [one for one in runtime.log_reader().events() if one["action"] == "checklist"]
    assert [one["status"] for one in told["points"]] == ["evidenced"] * 7
    again = there.check()
    assert again[1].reason == points[1].reason, "what a checklist tried is nothing that the next one finds"


def _weak(there: Place) -> None:
    there.mask = lambda values: [hashlib.sha256(f"{value}default_salt".encode()).hexdigest()[:16] for value in values]


def _salted(there: Place) -> None:
    there.mask = lambda values: [f"tok:x:{hashlib.sha256(f'salt{value}'.encode()).hexdigest()}" for value in values]


def _oracle(there: Place) -> None:
    there.mask = None


def _event(action: str, **fields: Any) -> Callable[[Place], None]:
    return lambda there: there.events[action].update(fields)


def _without(action: str) -> Callable[[Place], None]:
    return lambda there: there.events.pop(action) and None


def _policy(old: str, new: str) -> Callable[[Place], None]:
    def change(there: Place) -> None:
        assert old in there.policy_text
        there.policy_text = there.policy_text.replace(old, new)

    return change


def _gap(kind: str, days: int = 1) -> Callable[[Place], None]:
    time = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    return lambda there: there.gaps.append(Gap(kind, "k1", time=time, kernel_seq=2))


def _leaky(there: Place) -> None:
    source = {"cell_type": "code", "source": "1", "metadata": {}, "execution_count": 1}
    output = {
        "output_type": "stream",
        "name": "stdout",
        "text": "mail to dora.kelabri@post.example, 4111 1111 1111 1111",
    }
    cells = [{**source, "outputs": [output]}]
    Path("a.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))


def _reviewing(*, is_blocked: bool) -> Callable[[Place], None]:
    """Reviews that find no more than ``is_blocked`` says, and whose mask leaves all as it is."""
    found = SimpleNamespace(blocked=is_blocked, transform=lambda output: output)
    return lambda there: there.monkeypatch.setattr(model_output.runtime, "review_object", lambda *_, **__: found)


def _unrecorded(there: Place) -> None:
    there.monkeypatch.setattr(predictions, "left_by", lambda before, action: [])


BROKEN: dict[str, tuple[int, Status, str, Callable[[Place], None]]] = {
    "a review that blocked": (1, Status.NOT, "blocked", _event("model.review", outcome="refused", blocked=True)),
    "no review": (1, Status.NOT, "no output was reviewed", _without("model.review")),
    "a review for tier compliance alone": (1, Status.NOT, "no output", _event("model.review", tier="compliance")),
    "a review that lets all pass": (1, Status.NOT, "plain ids passed", _reviewing(is_blocked=False)),
    "a mask that masks nothing": (1, Status.NOT, "stood in plain", _reviewing(is_blocked=True)),
    "a weak hash": (2, Status.NOT, "weak recipe", _weak),
    "a salt that can be guessed": (2, Status.NOT, "guessed", _salted),
    "guesses that are masked": (2, Status.PARTIAL, "guesses", _oracle),
    "no passphrase": (2, Status.PARTIAL, "passphrase", lambda there: setattr(there, "passphrase", "")),
    "no masking": (2, Status.NOT, "no keyed hash", lambda there: setattr(there, "mask", list)),
    "a contradiction of the logs": (3, Status.NOT, "contradict", _gap("unrecorded")),
    "a time without the guard": (3, Status.PARTIAL, "guard was off", _gap("unguarded")),
    "a kernel beside the server": (3, Status.PARTIAL, "no server", _event("cell.run", kernel="k2")),
    "one account": (3, Status.PARTIAL, "one account", lambda there: setattr(there, "is_apart", False)),
    "predictions that leave no event": (4, Status.NOT, "left 0 events", _unrecorded),
    "no prediction": (4, Status.NOT, "no prediction was served", _without("model.predict")),
    "a prediction with a plain id": (4, Status.NOT, "token", _event("model.predict", prediction="C123456")),
    "a prediction with its input": (4, Status.NOT, "inputs", _event("model.predict", inputs=["x"])),
    "a prediction with a value": (
        *(4, Status.NOT, "looks like a value"),
        _event("model.predict", subject="dora.kelabri@post.example"),
    ),
    "a role that is not the officer's": (
        *(6, Status.NOT, "without the compliance role"),
        _policy("tiers: [public, internal]}", "tiers: [public, internal, compliance], reveal: false}"),
    ),
    "no reason": (6, Status.PARTIAL, "without a reason", _policy("reveal: true", "reveal: true, reason: optional")),
    "a scan with findings": (7, Status.NOT, "2 exposures", _event("scan", findings=2)),
    "no scan": (7, Status.NOT, "no scan", _without("scan")),
    "a scan of nothing": (7, Status.NOT, "no file", _event("scan", files=0)),
    "a scan with a baseline": (7, Status.PARTIAL, "baseline", _event("scan", accepted=2)),
    "a notebook with values": (7, Status.NOT, "1 notebook", _leaky),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_control_that_is_broken_makes_its_point_fail(there: Place, name: str) -> None:
    number, status, says, breaks = BROKEN[name]
    breaks(there)
    there.set_up()
    there.archived()

    points = there.check()

    assert (points[number].status, says in points[number].reason.casefold()) == (status, True), points[number].reason
    assert {n for n, p in points.items() if p.status is not Status.EVIDENCED} <= {number}


@pytest.mark.parametrize("action", ["cell.run", "model.predict"])
def test_the_highest_tier_used_by_whoever_could_have_granted_it(there: Place, action: str) -> None:
    there.events[action]["tier"] = "compliance"
    there.set_up()
    there.archived()
    there.monkeypatch.setattr(authors, "could_write", lambda path: True)
    there.tell(action, **there.events[action])

    point = there.check()[6]

    assert point.status is Status.PARTIAL and "could have granted it" in point.reason and point.seqs


def test_an_old_gap_counts_no_more(there: Place) -> None:
    _gap("unrecorded", days=40)(there)
    there.set_up()
    there.archived()

    assert there.check()[3].status is Status.EVIDENCED


def test_a_log_without_its_triggers_is_found(there: Place) -> None:
    there.set_up()
    there.archived()
    with closing(sqlite3.connect(there.home.log / "privguard.db")) as database:
        database.execute("drop trigger records_are_not_removed")
        database.commit()

    point = there.check()[5]

    assert point.status is Status.NOT and "lets records be deleted" in point.reason


def test_a_deletion_that_nobody_notices_is_found(there: Place) -> None:
    there.set_up()
    there.archived()
    there.monkeypatch.setattr(kept, "prove", lambda reader: None)

    assert "nobody noticed" in there.check()[5].reason


@pytest.mark.parametrize(
    ("days", "status", "says"), [(None, Status.PARTIAL, "archive"), (30, Status.NOT, "less than the policy's term")]
)
def test_an_archive_that_is_missing_or_too_short(there: Place, days: int | None, status: Status, says: str) -> None:
    there.set_up()
    if days is not None:
        there.archived(days)

    point = there.check()[5]

    assert point.status is status and says in point.reason


def test_an_archive_that_lets_its_segments_be_deleted(there: Place) -> None:
    there.set_up()
    there.archived()

    def deleted(name: str) -> None:
        raise LogError("privguard: it could be deleted.")

    there.monkeypatch.setattr(there.bucket, "prove_kept", deleted)
    point = there.check()[5]

    assert point.status is Status.NOT and point.is_broken


def test_an_anchor_that_was_emptied(there: Place) -> None:
    there.set_up()
    there.archived()
    there.monkeypatch.setattr(kept, "held_against", _raise(LogError("privguard: the anchor keeps nothing.")))

    point = there.check()[5]

    assert point.status is Status.NOT and point.is_broken and "anchor" in point.reason


def _raise(error: Exception) -> Callable[..., Any]:
    def fail(*_: object) -> None:
        raise error

    return fail


def test_key_files_that_were_open_to_others_are_told_although_they_are_tightened(there: Place) -> None:
    there.set_up()
    there.archived()
    key = there.home.keys / "log.key"
    key.chmod(0o644)

    point = there.check()[2]

    assert point.status is Status.NOT and "log.key 0644" in point.reason
    assert key.stat().st_mode & 0o077 == 0


def test_where_guesses_are_refused_the_point_is_evidenced(there: Place) -> None:
    calls: list[int] = []

    def mask(values: list[str]) -> list[str]:
        calls.append(1)
        if len(calls) > 1:
            raise Refused("privguard: no.", "x")
        return keyed(values)

    there.mask = mask
    there.set_up()
    there.archived()

    assert there.check()[2].status is Status.EVIDENCED


def test_a_planted_weak_hash_falls_and_ours_does_not() -> None:
    ring = KeyRing(master=bytes(range(32)), seed=bytes(range(32, 64)), origin="privguard/0000test")
    (digest,) = ring.digest("CUSTOMER_ID", [b"C000731"])
    ours, planted = f"tok:hs256:{ring.key_id}:{digest.hex()}", weak("C000731")

    assert by_brute_force([ours, planted], every_id(1000)) == {planted: "C000731"}
    assert by_dictionary(planted, ["C000001", "C000731"], ()) == "C000731"
    assert by_dictionary(ours, ["C000731"], (ring.key_id, ring.origin)) is None


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256", "sha512", "blake2b"])
@pytest.mark.parametrize(
    "written",
    [
        lambda digest: digest.hex(),
        lambda digest: digest.hex()[:8],
        lambda digest: f"tok:{digest.hex()[:24]}",
        lambda digest: base64.b64encode(digest).decode(),
        lambda digest: base64.b64encode(digest).decode()[:12],
        lambda digest: base64.urlsafe_b64encode(digest).decode().rstrip("="),
        lambda digest: base64.urlsafe_b64encode(digest).decode()[:16],
    ],
    ids=["hex", "cut hex", "a token", "base64", "cut base64", "of addresses", "cut, of addresses"],
)
def test_a_usual_hash_is_found_however_it_is_written(written: Callable[[bytes], str], name: str) -> None:
    for word in ("C000731", "C000088", "C000150"):  # in base64 of SHA-256 the last two begin with / and +
        token = written(hashlib.new(name, f"salt{word}".encode()).digest())

        assert by_dictionary(token, ["C000001", word], ()) == word
        assert by_dictionary(token, ["C000001", word.lower()], ()) is None


def test_no_value_and_no_key_is_said(
    there: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    there.events["model.predict"]["subject"] = "dora.kelabri@post.example"
    there.set_up()
    monkeypatch.setattr("jupyter_privguard.checking.run.Limits", lambda: QUICK)

    with pytest.raises(SystemExit) as left:
        main(["checklist", "--format", "json"])
    out, err = capsys.readouterr()

    assert left.value.code == 1 and len(json.loads(out)) == 7 and "of 7 points" in err
    log = "".join(LogReader.open(there.home.log, None).lines())
    told = log[log.index('"action":"checklist"') :]
    for text in (out, err, told):
        assert "dora" not in text and there.passphrase not in text and "tok:hs256" not in text


def test_without_a_log_it_is_not_usable_and_a_broken_one_is_broken(
    there: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["checklist"])
    assert left.value.code == 3
    there.set_up()
    with closing(sqlite3.connect(there.home.log / "privguard.db")) as database:
        database.execute("drop trigger records_are_not_removed")
        database.execute("delete from records where seq = 2")
        database.commit()

    with pytest.raises(SystemExit) as left:
        main(["checklist"])

    assert left.value.code == 2 and capsys.readouterr().out == ""


def test_an_experiment_narrows_it_to_its_own_events(there: Place) -> None:
    for action in ("model.review", "model.predict", "cell.run"):
        there.events[action]["experiment"] = "e1"
    there.set_up()
    runtime.record("model.review", runtime.policy(), outcome="refused", model="other", blocked=True, experiment="e2")
    there.archived()

    assert there.check(experiment="e1")[1].status is Status.EVIDENCED
    assert there.check(experiment="e2")[1].status is Status.NOT
    assert there.check()[1].status is Status.NOT
