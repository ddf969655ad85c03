"""The server's record: written beside the loop, kept while it cannot be written, counted where it does not fit."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.model import Principal
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.server import record as module
from jupyter_privguard.server.record import ServerRecord
from jupyter_privguard.settings import Home

WHO = Principal("analyst-1", assurance="server")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    return Home(tmp_path / "privguard")


@pytest.fixture
def record(home: Home) -> ServerRecord:
    return ServerRecord(home, built_in, logging.getLogger("test"))


def events(home: Home) -> list[dict[str, Any]]:
    reader = runtime.server_log(home)
    return [] if reader is None else list(verify(reader).events)


def test_nothing_is_made_before_there_is_something_to_write(home: Home, record: ServerRecord) -> None:
    assert record.flush()
    assert not home.root.exists()


def test_events_are_signed_by_keys_of_the_servers_own(home: Home, record: ServerRecord) -> None:
    runtime.keyring(home)
    record.add("terminal.start", WHO)
    assert record.flush()

    own, kernels = (runtime.key_provider(place).public_vkey() for place in (home.server, home))
    assert own != kernels
    (_, event) = events(home)
    assert (event["action"], event["principal"]) == ("terminal.start", {"id": "analyst-1", "assurance": "server"})
    assert [entry["action"] for entry in runtime.log_reader(home).events()] == ["key.create"]


def test_start_and_end_of_a_cell_are_paired(home: Home, record: ServerRecord) -> None:
    record.add("cell.start", WHO, run="x", outcome="started")
    record.flush()
    record.add("cell.run", WHO, run="x")
    record.add("cell.run", WHO, run="never started")
    record.flush()

    start, end = events(home)[1:]
    assert start["run"] == end["run"]
    assert (start["outcome"], end["outcome"]) == ("started", "ok")


@pytest.mark.parametrize("odd", [{"x": "\ud800"}, {"x": 0.5}, {"x": 2**60}, {"é": 1}, {"x": object()}])
def test_an_event_that_has_no_canonical_form_is_told_without_its_fields(
    home: Home, record: ServerRecord, odd: dict[str, Any]
) -> None:
    record.add("output", WHO, lambda _: odd)
    record.add("terminal.start", WHO)
    record.flush()

    assert [event["action"] for event in events(home)[1:]] == ["output", "terminal.start"]


def test_an_event_whose_fields_fail_is_counted(home: Home, record: ServerRecord) -> None:
    record.add("output", WHO, lambda _: {}["missing"])
    record.add("terminal.start", WHO)
    record.flush()

    _, alert, after = events(home)
    assert (alert["action"], alert["missed"], after["action"]) == ("alert", 1, "terminal.start")


def test_what_cannot_be_written_waits_and_what_does_not_fit_is_counted(
    home: Home, record: ServerRecord, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_MOST_WAITING", 2)
    home.root.mkdir(mode=0o700)
    home.server.root.write_text("in the way")
    for _ in range(5):
        record.add("terminal.start", WHO)
        assert not record.flush()
    assert caplog.text.count("The server's record waits for it.") == 1

    home.server.root.unlink()
    record.add("kernel.stop", WHO)
    record._waiting.popleft()
    record.add("kernel.stop", WHO)
    assert record.flush()

    actions = [event["action"] for event in events(home)]
    assert actions == ["key.create", "alert", "terminal.start", "kernel.stop"]
    assert events(home)[1]["missed"] == 4


def test_digests_of_sources_are_those_of_the_kernels_log(home: Home, record: ServerRecord) -> None:
    ring, _ = runtime.keyring(home)
    record.add("output", WHO, lambda keys: {"own": keys.own_hmac(b"x"), "theirs": keys.kernel_hmac(b"x")})
    record.flush()

    event = events(home)[1]
    assert event["theirs"] == ring.source_hmac(b"x") != event["own"]


def test_without_the_kernels_keys_there_is_no_such_digest(home: Home, record: ServerRecord) -> None:
    record.add("output", WHO, lambda keys: {"theirs": keys.kernel_hmac(b"x"), "anchor": keys.anchor()})
    record.flush()

    event = events(home)[1]
    assert (event["theirs"], event["anchor"]) == (None, None)


def test_what_shows_a_value_is_masked_in_the_record(home: Home, record: ServerRecord) -> None:
    record.add(
        "output", WHO, lambda keys: {"path": keys.safe("x/jane.doe@example-bank.com.csv"), "none": keys.safe(None)}
    )
    record.flush()

    event = events(home)[1]
    assert "jane" not in event["path"]
    assert event["none"] is None
