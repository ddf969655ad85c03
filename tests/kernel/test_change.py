"""`%privguard change`: tier, purpose and experiment with a reason, which the log keeps."""

from __future__ import annotations

import pytest

EMAIL = "asha.kulkarni77@corp.example"


@pytest.fixture
def guarded(renewed):
    assert renewed.run("%load_ext jupyter_privguard").ok
    return renewed


def test_a_change_holds_for_the_next_cell_and_its_reason_is_in_the_log(guarded, home) -> None:
    changes = (("purpose", "churn-model"), ("experiment", "exp-1"), ("tier", "internal"))
    for what, value in changes:
        assert guarded.run(f"%privguard change {what} {value} --reason 'ticket 4711, for {EMAIL}'").ok
    assert guarded.run("1 + 1").ok

    last = home.events("cell.run")[-1]
    assert (last["purpose"], last["experiment"], last["tier"]) == ("churn-model", "exp-1", "internal")
    changed = home.events("guard.changed")
    assert [(e["purpose"], e["experiment"], e["tier"]) for e in changed] == [
        ("churn-model", None, "public"),
        ("churn-model", "exp-1", "public"),
        ("churn-model", "exp-1", "internal"),
    ]
    assert all("ticket 4711" in event["reason"] for event in changed)
    assert EMAIL not in str(home.events())


def test_off_takes_back(guarded, home) -> None:
    assert guarded.run("%privguard change purpose churn-model --reason why").ok
    assert guarded.run("%privguard change purpose --off --reason 'done with it'").ok

    assert home.events("guard.changed")[-1]["purpose"] is None


@pytest.mark.parametrize(
    "words",
    [
        "",
        "tier internal",
        "tier internal --reason",
        "tier --reason why",
        "tier internal --reason ''",
        "tier compliance --reason why",
        "tier nonsense --reason why",
        "colour red --reason why",
        "purpose --reason why x",
        f"purpose x --reason {'y' * 501}",
    ],
)
def test_what_is_no_change_changes_nothing(guarded, home, words: str) -> None:
    refused = guarded.run(f"%privguard change {words}")

    assert not refused.ok
    assert "privguard: " in refused.screen
    assert home.events("guard.changed") == []
