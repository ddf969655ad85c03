"""The folder of requests and answers: whose file counts, and what others can do to it."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jupyter_privguard.errors import StateError
from jupyter_privguard.model import Tier
from jupyter_privguard.policy.approvals import LARGEST, Answer, Asked, State, answer_bytes, asked_bytes, judged
from jupyter_privguard.policy.rules import Policy, Role
from jupyter_privguard.runtime.exchange import Exchange

ANA, DANA, ERIK = 64_001, 64_002, 64_003
AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLICY = Policy(
    source="p.yaml",
    sha256="0" * 64,
    principals={str(ANA): ("analyst",), str(DANA): ("officer",), str(ERIK): ("officer",)},
    roles={"analyst": Role(frozenset({Tier.PUBLIC})), "officer": Role(frozenset(Tier), approve=True)},
)
ASKED = Asked("", str(ANA), Tier.COMPLIANCE, "customers", ("email",), None, None, "why", 8 * HOUR, AT).named()


class Folder:
    """A shared folder with one request, and a way to look at what it amounts to."""

    def __init__(self, path: Path, give) -> None:
        self.path, self.give = path, give
        path.mkdir()
        path.chmod(0o1777)
        self.exchange = Exchange(path, is_shared=True)

    def write(self, name: str, data: bytes, by: int, mode: int = 0o644) -> Path:
        path = self.path / name
        path.write_bytes(data)
        path.chmod(mode)
        return self.give(path, by)

    def ask(self, asked: Asked = ASKED, by: int = ANA) -> Path:
        return self.write(f"{asked.id}.request.json", asked_bytes(asked), by)

    def answer(
        self, by: int, word: str = "grant", *, request: str = ASKED.id, mode: int = 0o644, tag: str = "a"
    ) -> Path:
        is_grant = word == "grant"
        answer = Answer(request, str(by), is_grant=is_grant, at=AT, until=AT + 8 * HOUR if is_grant else None)
        return self.write(f"{request}.{word}.{tag * 16}.json", answer_bytes(answer), by, mode)

    def state(self) -> State | None:
        filed = [one for one in self.exchange.requests() if one.asked.id == ASKED.id]
        return judged(*filed[0], POLICY, AT + HOUR).state if filed else None


@pytest.fixture
def folder(tmp_path, owned) -> Folder:
    return Folder(tmp_path / "shared", owned)


def test_a_grant_of_another_account_stands(folder) -> None:
    folder.ask()
    assert folder.state() is State.PENDING

    folder.answer(DANA)

    assert folder.state() is State.GRANTED
    assert [one.asked.by for one in folder.exchange.requests(by=ANA)] == [str(ANA)]
    assert folder.exchange.requests(by=DANA) == []


def test_a_grant_that_the_requester_forged_is_their_own(folder) -> None:
    folder.ask()
    folder.write(
        f"{ASKED.id}.grant.{'b' * 16}.json", answer_bytes(Answer(ASKED.id, str(DANA), True, AT, AT + HOUR)), ANA
    )

    assert folder.state() is State.PENDING


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666, 0o777], ids=oct)
def test_a_file_that_others_can_write_to_counts_for_nothing(folder, mode) -> None:
    folder.ask()
    folder.answer(DANA, mode=mode)
    assert folder.state() is State.PENDING

    os.chmod(folder.ask(), mode)
    assert folder.state() is None


def test_a_file_with_a_second_name_counts_for_nothing(folder, tmp_path) -> None:
    folder.ask()
    os.link(folder.answer(DANA), tmp_path / "second")

    assert folder.state() is State.PENDING


def test_a_request_that_was_changed_is_not_what_was_granted(folder) -> None:
    path = folder.ask()
    folder.answer(DANA)
    wider = ASKED._replace(columns=()).named()

    folder.write(path.name, asked_bytes(wider), ANA)  # under the same name
    assert folder.state() is None
    assert folder.exchange.requests() == []

    folder.ask(wider)
    assert [judged(*one, POLICY, AT + HOUR).state for one in folder.exchange.requests()] == [State.PENDING]


def test_a_grant_of_another_request_is_not_this_ones(folder) -> None:
    other = ASKED._replace(dataset="staff").named()
    folder.ask()
    folder.ask(other)
    grant = folder.answer(DANA, request=other.id)

    grant.rename(folder.path / f"{ASKED.id}.grant.{'c' * 16}.json")

    assert folder.state() is State.PENDING


def test_a_request_under_another_name_or_of_another_account_is_another_request(folder) -> None:
    folder.ask().rename(folder.path / f"{'0' * 24}.request.json")
    assert folder.exchange.requests() == []

    folder.ask(by=ERIK)
    folder.answer(DANA)
    assert [one.asked.by for one in folder.exchange.requests()] == [str(ERIK)]
    assert folder.exchange.requests(by=ANA) == []


@pytest.mark.parametrize("mode", [0o777, 0o775, 0o757], ids=oct)
def test_a_folder_in_which_others_can_remove_a_refusal_is_not_trusted(folder, mode) -> None:
    folder.ask()
    folder.answer(DANA)
    folder.path.chmod(mode)

    with pytest.raises(StateError, match=r"chmod \+t"):
        folder.exchange.requests()
    with pytest.raises(StateError, match=r"chmod \+t"):
        folder.exchange.check()


def test_whose_folder_it_is_cannot_get_leave_by_it(folder) -> None:
    folder.ask()
    folder.answer(DANA)

    folder.give(folder.path, ANA)
    assert folder.state() is None
    folder.give(folder.path, ERIK)
    assert folder.state() is State.GRANTED


def test_a_refusal_beats_every_grant_whatever_is_done_to_its_file(folder, tmp_path) -> None:
    folder.ask()
    folder.answer(DANA)
    refusal = folder.answer(ERIK, "deny")
    assert folder.state() is State.DENIED

    os.link(refusal, tmp_path / "second")
    assert folder.state() is State.DENIED
    refusal.chmod(0o666)
    assert folder.state() is State.DENIED
    folder.write(refusal.name, b"{" * LARGEST * 2, ERIK)
    assert folder.state() is State.DENIED


def test_a_refusal_by_nobody_in_particular_stops_nobody(folder) -> None:
    folder.ask()
    folder.answer(DANA)
    folder.answer(64_099, "deny")
    (folder.path / f"{ASKED.id}.deny.{'d' * 16}.json").mkdir()
    (folder.path / f"{ASKED.id}.deny.{'e' * 16}.json").symlink_to(folder.answer(DANA, tag="f"))

    assert folder.state() is State.GRANTED


def test_what_is_no_request_is_passed_over(folder, tmp_path) -> None:
    folder.ask()
    folder.answer(DANA)
    names = [f"{n:024x}.request.json" for n in range(9)] + [f"{ASKED.id}.grant.{n:016x}.json" for n in range(9)]
    for at in (0, 9):
        os.mkfifo(folder.path / names[at])
        (folder.path / names[at + 1]).mkdir()
        (folder.path / names[at + 2]).symlink_to("/dev/zero")
        (folder.path / names[at + 3]).symlink_to(folder.path / f"{ASKED.id}.request.json")
        folder.write(names[at + 4], b"", ANA)
        folder.write(names[at + 5], b"x" * (LARGEST + 1), ANA)
        folder.write(names[at + 6], b"[" * 9000, DANA)
        folder.write(names[at + 7], b"\xff\x00", DANA)
        os.truncate(folder.write(names[at + 8], b"", DANA), 1 << 40)
    folder.write(".hidden.request.json", asked_bytes(ASKED), ANA)
    folder.write(f".{ASKED.id}.grant.x.json", b"", ERIK)
    with contextlib.suppress(PermissionError):  # a container may keep root from it
        os.mknod(folder.path / f"{'f' * 24}.request.json", 0o644 | 0o020000, os.makedev(1, 5))  # endless zeros

    assert folder.state() is State.GRANTED
    assert len(folder.exchange.requests()) == 1


def test_too_many_files_are_no_way_to_hide_a_refusal(folder, monkeypatch) -> None:
    monkeypatch.setattr("jupyter_privguard.runtime.exchange._MOST", 5)
    folder.ask()
    for number in range(6):
        folder.write(f"{number}.txt", b"", ANA)

    with pytest.raises(StateError, match="more than 5 files"):
        folder.exchange.requests()


@pytest.mark.parametrize("is_there", [True, False])
def test_a_folder_that_is_none(tmp_path, is_there) -> None:
    if is_there:
        (tmp_path / "shared").write_text("")

    for act in (
        Exchange(tmp_path / "shared", is_shared=True).requests,
        Exchange(tmp_path / "shared", is_shared=True).check,
    ):
        with pytest.raises(StateError, match="mkdir -m 1777"):
            act()


def test_a_folder_of_ones_own_begins_empty_and_keeps_requests(tmp_path) -> None:
    own = Exchange(tmp_path / "approvals", is_shared=False)
    assert own.requests() == []

    own.ask(ASKED)

    assert [one.asked.id for one in own.requests()] == [ASKED.id]
    assert (tmp_path / "approvals").stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "approvals").iterdir()] == [0o600]
    assert Exchange(tmp_path / "approvals", is_shared=False).requests(by=os.geteuid()) != []
