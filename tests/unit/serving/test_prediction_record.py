"""No prediction without its event: while the log is away, after it came back, after a crash; in order, and once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.errors import InputError, KeyStoreError, LogUnavailable
from jupyter_privguard.serving.commits import Commits
from jupyter_privguard.serving.spool import Spool, key_of
from tests.unit.serving.serving_client import Churn, asked, people, predictions, request_of


def _code(line: bytes) -> str:
    import hashlib

    return hashlib.sha256(b"key" + line).hexdigest()


class _Log:
    """A log that can be away, or end in the middle of a write."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.is_away = False
        self.room: int | None = None

    def write(self, events: Sequence[dict[str, Any]]) -> None:
        if self.is_away:
            raise LogUnavailable("privguard: away.")
        for event in events:
            if self.room == 0:
                raise LogUnavailable("privguard: full.")
            self.room = None if self.room is None else self.room - 1
            self.events.append(event)

    def known(self, count: int) -> set[str]:
        return {str(event["prediction"]) for event in self.events[-count - 10 :]}


def _event(number: int) -> dict[str, Any]:
    return {"action": "model.predict", "prediction": f"tok:{number}"}


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", _code)


def test_what_comes_while_the_log_is_away_is_kept_and_sent_in_order(spool: Spool) -> None:
    log = _Log()
    commits = Commits(log.write, spool, log.known, lambda bad: None)
    commits.add([_event(0)])
    log.is_away = True
    for number in range(1, 1200):
        spool.add([_event(number)]) if number > 5 else commits.add([_event(number)])
    assert len(log.events) == 1

    log.is_away = False
    commits.close()

    assert log.events == [_event(number) for number in range(1200)]
    assert not spool.holds_any()


def test_those_who_come_while_one_writes_share_the_next_write(spool: Spool) -> None:
    entered, go_on = threading.Event(), threading.Event()
    writes: list[int] = []

    def write(events: Sequence[dict[str, Any]]) -> None:
        writes.append(len(events))
        entered.set()
        assert go_on.wait(60)

    commits = Commits(write, spool, lambda count: set(), lambda bad: None)
    with ThreadPoolExecutor(8) as clients:
        first = clients.submit(commits.add, [_event(0)])
        assert entered.wait(60)
        others = [clients.submit(commits.add, [_event(number)]) for number in range(1, 8)]
        until = time.monotonic() + 60
        while len(commits._queue) < 7:
            assert time.monotonic() < until
        go_on.set()
        for one in (first, *others):
            one.result(60)

    assert writes == [1, 7]


def test_events_that_come_together_are_one_write_to_the_log(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    real = AuditLog.append_many
    monkeypatch.setattr(AuditLog, "append_many", lambda log, events: written.append(len(events)) or real(log, events))
    served = runtime.guarded(Churn(), review_on=people(60))
    written.clear()

    served.predict(people(40))
    served.close()

    assert written == [40]
    assert len(predictions()) == 40


def test_what_waits_goes_before_what_comes(spool: Spool) -> None:
    log = _Log()
    spool.add([_event(0)])
    commits = Commits(log.write, spool, log.known, lambda bad: None)

    commits.add([_event(1)])
    commits.close()

    assert log.events == [_event(0), _event(1)]


def test_a_write_that_ends_in_the_middle_neither_loses_nor_doubles(spool: Spool) -> None:
    log = _Log()
    log.room = 2
    commits = Commits(log.write, spool, log.known, lambda bad: None)
    commits.add([_event(number) for number in range(5)])
    log.room = None
    commits.close()

    assert log.events == [_event(number) for number in range(5)]


def test_a_crash_between_sending_and_noting_doubles_nothing(spool: Spool, tmp_path: Path) -> None:
    log = _Log()
    spool.add([_event(number) for number in range(7)])
    log.write([_event(number) for number in range(4)])

    assert spool.send(log.write, log.known) == (3, 0)
    assert log.events == [_event(number) for number in range(7)]


def test_an_event_that_is_no_prediction_is_sent_once_too(spool: Spool) -> None:
    events = [{"action": "quality.check", "since": f"2026-03-0{day}", "rows": 200} for day in (1, 2, 3)]
    spool.add(events)
    written = [{**event, "seq": seq, "time": "now"} for seq, event in enumerate(events[:2])]
    log: list[dict[str, Any]] = []

    assert spool.send(log.extend, lambda count: {key_of(event) for event in written}) == (1, 0)
    assert log == events[2:]


def test_half_a_line_was_promised_to_nobody(spool: Spool, tmp_path: Path) -> None:
    log = _Log()
    spool.add([_event(0)])
    with (tmp_path / "spool/predictions.jsonl").open("ab") as file:
        file.write(b"0123 {half")
    spool.add([_event(1)])

    assert spool.send(log.write, log.known) == (2, 0)
    assert log.events == [_event(0), _event(1)]


def test_lines_that_are_not_ours_are_told_and_left_out(spool: Spool, tmp_path: Path) -> None:
    log, told = _Log(), []
    spool.add([_event(0), _event(1)])
    path = tmp_path / "spool/predictions.jsonl"
    path.write_bytes(path.read_bytes().replace(b"tok:1", b"tok:9") + b"x {}\n\n")

    Commits(log.write, spool, log.known, told.append).close()

    assert log.events == [_event(0)]
    assert told == [3]


def test_files_are_for_their_owner_alone(spool: Spool, tmp_path: Path) -> None:
    spool.add([_event(0)])

    assert (tmp_path / "spool").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "spool/predictions.jsonl").stat().st_mode & 0o777 == 0o600


def test_where_neither_can_be_written_nothing_is_predicted(tmp_path: Path) -> None:
    log = _Log()
    log.is_away = True
    (tmp_path / "taken").write_text("a file")
    commits = Commits(log.write, Spool(tmp_path / "taken", _code), log.known, lambda bad: None)

    for _ in range(2):
        with pytest.raises(LogUnavailable, match=r"^privguard: .*nothing is predicted"):
            commits.add([_event(0)])


def test_an_interrupted_write_is_no_promise_to_those_who_wait(spool: Spool) -> None:
    def write(events: Sequence[dict[str, Any]]) -> None:
        raise KeyboardInterrupt

    commits = Commits(write, spool, lambda count: set(), lambda bad: None)
    with pytest.raises(KeyboardInterrupt):
        commits.add([_event(0)])
    commits._write = _Log().write
    commits.add([_event(1)])


def test_a_served_model_goes_on_while_the_log_is_away(place: Path) -> None:
    app = pg.prediction_app(Churn(), review_on=people(60))
    key = runtime.issue_serving_key("ana")
    log = place / "log"
    assert asked(app, request_of(people(1)), key=key).status == 200
    app._model._at._writer.close()
    log.rename(place / "elsewhere")
    log.write_text("not a folder")

    for number in range(1, 6):
        assert asked(app, request_of(people(1, start=number)), key=key).status == 200
    kept = (place / "spool/predictions.jsonl").read_text()
    assert kept.count("\n") == 5
    assert not any(one in kept for one in [*people(6)["customer_id"], *map(str, people(6)["income"])])
    log.unlink()
    (place / "elsewhere").rename(log)
    app._model.close()

    assert len(predictions()) == 6
    assert [one["at"] for one in predictions()] == sorted(one["at"] for one in predictions())
    assert pg.audit.verify() > 6


def test_nothing_is_served_where_nothing_can_be_recorded(place: Path) -> None:
    app = pg.prediction_app(Churn(), review_on=people(60))
    key = runtime.issue_serving_key("ana")
    (place / "log").rename(place / "elsewhere")
    for name in ("log", "spool"):
        (place / name).write_text("not a folder")

    got = asked(app, request_of(people(1)), key=key)

    assert got.status == 503
    assert got.body["message"].startswith("privguard: ") and str(place) not in got.text
    (place / "log").unlink()
    (place / "elsewhere").rename(place / "log")


def test_of_a_key_only_a_code_is_kept(place: Path) -> None:
    key = runtime.issue_serving_key("ana", days=30)

    file = place / "serving-keys.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert key.split("_", 2)[2] not in file.read_text()
    assert [one.person for one in runtime.serving_keys().all().values()] == ["ana"]
    for wrong in (lambda: runtime.issue_serving_key(" "), lambda: runtime.issue_serving_key("ana", days=0)):
        with pytest.raises(InputError, match=r"^privguard: "):
            wrong()
    with pytest.raises(InputError, match=r"^privguard: "):
        runtime.revoke_serving_key("00000000")


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2, "keys": []}', '{"version": 1, "keys": [{}]}', "{" * 9999])
def test_a_damaged_file_of_keys_lets_nobody_in(place: Path, text: str) -> None:
    app = pg.prediction_app(Churn(), review_on=people(60))
    key = runtime.issue_serving_key("ana")
    (place / "serving-keys.json").write_text(text)

    assert asked(app, request_of(people(1)), key=key).status == 503
    with pytest.raises(KeyStoreError):
        runtime.serving_keys().all()


def test_a_key_holds_after_a_rotation_and_not_after_its_own_key_was_destroyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRIVGUARD_POLICY")
    key = runtime.issue_serving_key("ana")
    before = runtime.keyring(runtime.home())[0].key_id
    runtime.rotate_keys(runtime.home())

    assert asked(pg.prediction_app(Churn()), request_of(people(1)), key=key).status == 200
    runtime.destroy_key(runtime.home(), before)
    assert asked(pg.prediction_app(Churn()), request_of(people(1)), key=key).status == 401


def test_a_plan_holds_no_value_and_goes_with_the_model() -> None:
    import pickle

    served = runtime.guarded(Churn(), review_on=people(60))

    saved = pickle.dumps(served)

    assert not any(one.encode() in saved for one in people(60)["customer_id"])
    again = pickle.loads(saved)
    got = again.predict(people(2))
    assert list(got.output["segment"]) == list(Churn().predict(people(2))["segment"])
    assert all(one.startswith("tok:") for one in got.output["customer_id"])


def test_a_stricter_policy_holds_for_a_model_that_was_reviewed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = runtime.guarded(Churn(), review_on=people(60))
    policy = "version: 1\nrules:\n  - {entity: CUSTOMER_ID, public: redact, internal: redact, compliance: redact}\n"
    (tmp_path / "strict.yaml").write_text(policy)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "strict.yaml"))

    assert set(served.predict(people(3)).output["customer_id"]) == {"[redacted]"}


def test_what_is_no_model_is_one_sentence() -> None:
    with pytest.raises(InputError, match=r"^privguard: list is no model"):
        pg.prediction_app([1, 2])


def test_what_the_model_says_is_reviewed_and_so_is_what_anybody_gets_of_it() -> None:
    runtime.guarded(Churn(), review_on=people(60))

    found = [event for event in runtime.log_reader().events() if event["action"] == "model.review"]
    assert [(one["blocked"], one["outcome"]) for one in found] == [(True, "refused"), (False, "ok")]
    assert len({one["model"] for one in found}) == 1
    assert json.dumps(found).count("C-") == 0


def test_an_output_that_may_leave_as_it_is_is_reviewed_once() -> None:
    class Plain:
        def predict(self, inputs: Any) -> Any:
            return [n > 50_000 for n in inputs["income"]]

    runtime.guarded(Plain(), review_on=people(60))

    found = [event for event in runtime.log_reader().events() if event["action"] == "model.review"]
    assert [one["blocked"] for one in found] == [False]
