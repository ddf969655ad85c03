"""What events say of the policy: purposes with their bases, and the settings that a record has to show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyter_privguard._canonical import canonical_json
from jupyter_privguard.guard.policies.record import policy_fields
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.policy.load import load

PURPOSES = """
purposes:
  churn-model: {basis: legitimate-interest, datasets: ["customers*"], expires: 2027-06-30}
  audit: {}
"""


@pytest.fixture
def fields(tmp_path: Path):
    def made(*texts: str, safe=lambda text: text):
        policies = []
        for number, text in enumerate(texts):
            path = tmp_path / f"{number}.yaml"
            path.write_text(f"version: 1\n{text}")
            policies.append(load(None, path, user_can_write=lambda _: True))
        policy = policies[0]
        for other in policies[1:]:
            policy = policy.tightened(other)
        found = policy_fields(policy, safe)
        canonical_json(found)
        return found

    return made


def test_the_built_in_policy_names_no_purposes_and_no_endpoint() -> None:
    found = policy_fields(built_in(), lambda text: text)

    assert found["purposes"] is None
    assert found["settings"] == {
        "environment": None,
        "k": 5,
        "has_principals": False,
        "two_person": False,
        "files": "record",
        "save": "redact",
        "retain_days": None,
        "endpoints": [],
        "http": False,
        "anchors": [],
        "store": None,
    }


def test_purposes_come_with_basis_data_sets_and_last_day(fields) -> None:
    assert fields(PURPOSES)["purposes"] == [
        {"name": "churn-model", "basis": "legitimate-interest", "datasets": ["customers*"], "expires": "2027-06-30"},
        {"name": "audit", "basis": None, "datasets": [], "expires": None},
    ]


def test_of_two_layers_the_earlier_day_counts_and_the_first_basis(fields) -> None:
    later = "purposes: {churn-model: {basis: consent, expires: 2026-12-31}}\n"

    [first, _] = fields(PURPOSES, later)["purposes"]

    assert (first["basis"], first["expires"]) == ("legitimate-interest", "2026-12-31")


def test_settings_are_those_that_count(fields) -> None:
    text = 'audit: {retain: 7y}\nnetwork: {allow: ["*.example.org"]}\nk: 10\nfiles: refuse\n'

    found = fields(text, "audit: {retain: 10y}\nanchor: {file: /srv/witness/points}\nenvironment: prod\n")["settings"]

    assert (found["retain_days"], found["endpoints"]) == (3650, ["*.example.org"])
    assert (found["k"], found["files"]) == (10, "refuse")
    assert (found["anchors"], found["environment"], found["http"]) == (["/srv/witness/points"], "prod", False)


@pytest.mark.parametrize(
    ("url", "host", "sslmode"),
    [
        ("postgresql://db.example.org/logs", "db.example.org", "verify-full"),
        ("postgresql://asha@db.example.org:5433/logs?sslmode=require", "db.example.org", "require"),
        ("postgresql://%2Fvar%2Frun/logs", None, None),
    ],
)
def test_a_team_store_is_told_without_any_login(fields, url: str, host: str | None, sslmode: str | None) -> None:
    found = fields(f"audit: {{store: '{url}'}}\n")["settings"]["store"]

    assert "asha" not in json.dumps(found)
    if host is not None:
        assert found == {"host": host, "database": "logs", "sslmode": sslmode}
    assert set(found) == {"host", "database", "sslmode"}


def test_every_text_of_the_policy_goes_through_the_mask(fields) -> None:
    hidden = fields(
        PURPOSES + "environment: prod\naudit: {store: 'postgresql://db.example.org/logs'}\n"
        "anchor: {file: /srv/points}\nnetwork: {allow: [db.example.org]}\n",
        safe=lambda text: None if text is None else "hidden",
    )

    told = json.dumps([hidden["purposes"], hidden["settings"]])
    for word in ("churn", "legitimate", "customers", "prod", "example", "srv", "logs"):
        assert word not in told, word
