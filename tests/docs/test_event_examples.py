"""The event reference names every action of the log, and its examples have the fields that are declared."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs/_ext"))

from record_examples import undeclared
from written.events import OF_THE_SERVER, SENTENCES, examples

from jupyter_privguard.audit.event import ACTIONS
from jupyter_privguard.audit.server_event import SERVER_ACTIONS
from jupyter_privguard.report.fields import fields_of

EXAMPLES = examples()


def test_every_action_is_explained() -> None:
    assert set(SENTENCES) == ACTIONS
    assert set(OF_THE_SERVER) == SERVER_ACTIONS


def test_every_action_has_an_example() -> None:
    wanted = {("kernel", action) for action in ACTIONS} | {("server", action) for action in SERVER_ACTIONS}

    assert wanted - EXAMPLES.keys() == set()


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_example_has_declared_fields_and_values(action: str) -> None:
    event = EXAMPLES["kernel", action]
    known = fields_of(action)

    assert undeclared(event) == []
    assert not known["outcome"] or event["outcome"] in known["outcome"]


def test_an_example_is_one_of_a_log_and_of_no_machine() -> None:
    for event in EXAMPLES.values():
        assert len(event["policy_sha256"]) == 64 and event["seq"] > 0 and event["principal"]["id"]
        assert re.search(r"'/(?!srv/project/)\w+/", str(event)) is None
