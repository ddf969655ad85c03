"""Machines that were reached: an event a day, with what TLS was agreed on; a socket's folder is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.audit.stores.tls import Secured
from jupyter_privguard.runtime.endpoints import note_endpoint

pytestmark = pytest.mark.usefixtures("home")

STORE = Secured("db.example/logs", "postgresql", "TLSv1.3", "TLS_AES_256_GCM_SHA384")


def note(*reached: Secured) -> list[tuple[object, ...]]:
    """The endpoints in the log once all of ``reached`` were told of."""
    at = runtime.home()
    ring, _ = runtime.keyring(at)
    for one in reached:
        note_endpoint(one, runtime.policy(), at=at, key=ring)
    found = [event for event in runtime.log_reader().events() if event["action"] == "endpoint.use"]
    return [tuple(event[name] for name in ("endpoint", "protocol", "tls", "cipher")) for event in found]


def test_each_way_is_told_of_once_a_day(home: Path) -> None:
    weaker = STORE._replace(version="TLSv1.2")

    assert note(STORE, STORE, weaker, STORE) == [STORE, weaker]

    state = json.loads((home / "endpoints.json").read_text())
    (home / "endpoints.json").write_text(json.dumps({**state, "day": "2020-01-01"}))
    assert note(STORE) == [STORE, weaker, STORE]


def test_a_damaged_note_only_means_to_tell_again(home: Path) -> None:
    note(STORE)
    (home / "endpoints.json").write_text("{")

    assert note(STORE) == [STORE, STORE]


def test_a_folder_of_a_socket_is_no_other_machine() -> None:
    assert note(Secured("/var/run/postgresql/logs", "postgresql", None, None)) == []
