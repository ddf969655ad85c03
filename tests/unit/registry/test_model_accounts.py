"""``privguard model`` between real accounts: asked by one, approved and signed by another, known to both."""

from __future__ import annotations

import json

import pytest

ANA, DANA = 64_001, 64_002
POLICY = """version: 1
principals:
  "64001": {{roles: [lead]}}
  "64002": {{roles: [officer]}}
roles:
  lead: {{tiers: [public]}}
  officer: {{tiers: [compliance], approve: true}}
approvals: {{folder: {folder}}}
"""


@pytest.fixture
def place(machine):
    machine.policy.write_text(POLICY.format(folder=machine.shared))
    files = machine.place / "model"
    files.mkdir()
    (files / "MLmodel").write_text("flavors: {}")
    return machine


def test_asked_approved_signed_and_taken_back(place) -> None:
    ana, dana, files = place.account(ANA), place.account(DANA), place.place / "model"
    recorded = ana.run("model", "record", "churn", "3", "--path", str(files), "-m", "accuracy=0.91")
    asked = ana.run("model", "request", "churn", "3", "-a", "champion", "-r", "better")
    assert "no review of version 3 of churn is in the log" in asked.stderr
    assert f"64002 (officer), with `privguard model approve {asked.stdout.strip()}`" in asked.stderr

    waiting = json.loads(dana.run("model", "list", "--format", "json").stdout)["requests"]
    assert [(one["sha256"], one["reviewed"], one["may_answer"]) for one in waiting] == [
        (recorded.stdout.strip(), "none", True)
    ]
    request = asked.stdout.strip()
    alone = dana.run("model", "approve", request, code=3)
    assert "rests on no review, so say with --reason why" in alone.stderr
    (files / "MLmodel").write_text("flavors: {python_function: {}}")
    other = dana.run("model", "approve", request, "-r", "low risk", "--path", str(files), code=3)
    assert "their digest no longer fits, so nothing was approved" in other.stderr
    (files / "MLmodel").write_text("flavors: {}")
    own = ana.run("model", "approve", request, "-r", "low risk", code=3)
    assert "this request is your own" in own.stderr
    dana.run("model", "approve", request, "-r", "low risk", "--path", str(files), "--for", "90d")

    for account in (ana, dana):
        [version] = json.loads(account.run("model", "show", "churn", "--format", "json").stdout)["versions"]
        [approval] = version["approvals"]
        [grant] = approval["grants"]
        assert (approval["state"], grant["by"], grant["signed"]) == ("approved", str(DANA), "valid"), account.name
    dana.run("model", "deny", request, "-r", "leaks postcodes")
    [version] = json.loads(ana.run("model", "show", "churn", "--format", "json").stdout)["versions"]
    assert [(one["state"], one["denied_by"]) for one in version["approvals"]] == [("denied", [str(DANA)])]
    assert version["benchmarks"] == {"accuracy": "0.91"}
    history = ana.run("model", "history", "churn").stdout
    assert [word for word in history.split() if word in ("measured", "asked", "approved", "denied")] == [
        *("measured", "asked", "approved", "denied")
    ]
