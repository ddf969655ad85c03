"""What a session learns of answers: what stands, each thing recorded once, and no time that goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.model import Tier
from jupyter_privguard.policy.approvals import Answer, Asked, answer_bytes
from jupyter_privguard.runtime.exchange import Exchange
from jupyter_privguard.runtime.own_approvals import OwnApprovals
from jupyter_privguard.settings import account_name

DANA, ERIK = 64_002, 64_003
AT = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)
EMAIL = "asha.kulkarni77@corp.example"


class Desk:
    """One request of this account, answers of others, and the log that learns of them."""

    def __init__(self, tmp_path, give) -> None:
        self.shared, self.give = tmp_path / "shared", give
        self.shared.mkdir()
        self.shared.chmod(0o1777)
        self.at = AT
        (tmp_path / "policy.yaml").write_text(
            f'version: 1\nprincipals:\n  {account_name()}: {{roles: [analyst]}}\n  "{DANA}": {{roles: [officer]}}\n'
            f'  "{ERIK}": {{roles: [officer]}}\nroles:\n  analyst: {{tiers: [public]}}\n'
            "  officer: {tiers: [public, compliance], approve: true}\n"
            f"approvals: {{folder: {self.shared}}}\n"
        )
        asked = Asked("", account_name(), Tier.COMPLIANCE, "customers", (), None, None, f"of {EMAIL}", 8 * HOUR, AT)
        self.asked = asked.named()
        Exchange(self.shared, is_shared=True).ask(self.asked)
        self.home = runtime.home()
        self.ring, _ = runtime.keyring(self.home)
        self.policy = runtime.policy()

    def own(self) -> OwnApprovals:
        return OwnApprovals(self.home, self.ring, lambda: self.at)

    def answer(self, by: int, word: str = "grant", until: timedelta = 8 * HOUR) -> None:
        end = AT + until if word == "grant" else None
        path = self.shared / f"{self.asked.id}.{word}.{by:016x}.json"
        answer = Answer(self.asked.id, str(by), word == "grant", AT, end, f"fine, {EMAIL}")
        path.write_bytes(answer_bytes(answer))
        self.give(path, by)

    def noted(self, own: OwnApprovals) -> list[tuple[Any, ...]]:
        before = len(self.events())
        own.note(self.policy, lambda action, **fields: runtime.record(action, self.policy, at=self.home, **fields))
        return [(e["action"], e.get("by"), e["approval"] == self.asked.id) for e in self.events()[before:]]

    def events(self) -> list[dict[str, Any]]:
        return list(runtime.log_reader(self.home).events())


@pytest.fixture
def desk(tmp_path, monkeypatch, owned) -> Desk:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "policy.yaml"))
    return Desk(tmp_path, owned)


def test_each_answer_is_recorded_once_by_whichever_session_sees_it_first(desk) -> None:
    first, second = desk.own(), desk.own()
    assert desk.noted(first) == []

    desk.answer(DANA)
    assert desk.noted(first) == [("approval.grant", str(DANA), True)]
    assert desk.noted(first) == desk.noted(second) == desk.noted(desk.own()) == []
    desk.answer(ERIK, "deny")
    assert desk.noted(second) == [("approval.deny", str(ERIK), True)]
    assert desk.noted(first) == []
    assert EMAIL not in str(desk.events())


def test_what_could_not_be_recorded_is_recorded_later(desk) -> None:
    def fails(action: str, **_: Any) -> None:
        raise LogUnavailable("privguard: the log is full.")

    desk.answer(DANA)
    own = desk.own()
    with pytest.raises(LogUnavailable):
        own.note(desk.policy, fails)

    assert desk.noted(own) == [("approval.grant", str(DANA), True)]


def test_an_end_is_recorded_once_and_stays_one_when_the_clock_is_set_back(desk) -> None:
    desk.answer(DANA)
    own = desk.own()
    assert [one.id for one in own.given(desk.policy)] == [desk.asked.id]
    desk.noted(own)

    desk.at = AT + 8 * HOUR
    assert [one.expires <= own.now() for one in own.given(desk.policy)] == [True]
    desk.at = AT + HOUR
    assert [one.expires <= own.now() for one in own.given(desk.policy)] == [True], "a session's time does not go back"
    assert desk.noted(own) == [("approval.expire", None, True)]
    later = desk.own()
    assert desk.noted(later) == []
    assert later.given(desk.policy) == (), "and the log remembers for the next one"


def test_a_clock_that_stands_before_the_grant_finds_none(desk) -> None:
    desk.answer(DANA)
    desk.at = AT - HOUR

    assert desk.own().given(desk.policy) == ()


def test_what_stands_says_who_for_what_until_when(desk) -> None:
    desk.answer(DANA, until=2 * HOUR)

    [one] = desk.own().given(desk.policy)

    assert (one.principal, one.tier, one.dataset, one.columns) == (account_name(), Tier.COMPLIANCE, "customers", ())
    assert (one.approvers, one.expires) == ((str(DANA),), AT + 2 * HOUR)


def test_requests_of_others_are_none_of_ours(desk) -> None:
    desk.answer(DANA)
    for path in desk.shared.glob("*.request.json"):
        desk.give(path, ERIK)

    assert desk.own().given(desk.policy) == ()
    assert desk.noted(desk.own()) == []
