"""Whom the two logs name: where the server's identity provider knows people, both have to name the same one."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_privguard.audit.reconcile import Gap, reconcile

KERNEL = "0f9d1f0e-6d2b-4b8e-9d6e-1f2a3b4c5d6e"
ALICE, BOB = {"id": "alice", "assurance": "server"}, {"id": "bob", "assurance": "server"}
ACCOUNT, SERVICE = {"id": "jupyter", "assurance": "os"}, {"id": "service", "assurance": "os"}
OWN = {"id": "jupyter", "assurance": "self"}


def at(second: int) -> str:
    return f"2026-11-26T10:00:{second:02}.000Z"


def gaps(asked: Any, told: Any, *granted: Any, late: bool = False) -> list[Gap]:
    """One cell that ``asked`` the server for, as the guard says of ``told``, after grants to ``granted``."""
    grants = [(9 if late else 1, "identity.grant", {"principal": who}) for who in granted]
    cell = {"message": "m", "execution_count": 1, "id": "c"}
    served = [
        (0, "kernel.start", {"principal": asked}),
        *grants,
        (4, "cell.start", {"principal": asked, "run": "r", "cell": {**cell, "kernel_source_hmac": "aa"}}),
        (8, "cell.run", {"principal": asked, "run": "r", "cell": cell, "began": at(5), "outcome": "ok"}),
    ]
    guarded = [
        (2, "guard.load", {"principal": told}),
        (5, "cell.start", {"principal": told, "run": "k", "cell": cell}),
        (7, "cell.run", {"principal": told, "run": "k", "cell": {**cell, "source_hmac": "aa"}}),
    ]
    made = [
        [
            {"seq": seq, "kernel": KERNEL, "session": "s", "time": at(time), "at": at(time), "action": action}
            | {"outcome": "ok", **fields}
            for seq, (time, action, fields) in enumerate(events, 1)
        ]
        for events in (guarded, sorted(served, key=lambda event: event[0]))
    ]
    return reconcile(*made)


@pytest.mark.parametrize(
    ("asked", "told", "granted", "kind"),
    [
        (ALICE, ALICE, [ALICE], None),
        (ALICE, {**ALICE, "assurance": "self"}, [ALICE], None),  # a policy of one's own
        (BOB, BOB, [ALICE, BOB], None),
        (ACCOUNT, OWN, [], None),  # nobody is known
        (SERVICE, ACCOUNT, [], None),  # two accounts
        (ALICE, ACCOUNT, [], None),  # the kernel runs where it is not told
        (BOB, ALICE, [ALICE], "borrowed"),
        (BOB, ALICE, [ALICE, BOB], "borrowed"),
        (ALICE, ACCOUNT, [ALICE], "pretended"),
        (ALICE, BOB, [ALICE], "pretended"),
        (ALICE, BOB, [], "pretended"),
        (ACCOUNT, ALICE, [], "pretended"),
    ],
)
def test_who_the_logs_name(asked: Any, told: Any, granted: list[Any], kind: str | None) -> None:
    found = gaps(asked, told, *granted)

    assert [gap.kind for gap in found] == ([kind] if kind else [])
    for gap in found:
        assert gap.person == asked["id"]
        assert gap.is_contradiction == (kind == "pretended")
        assert gap.sentence.startswith("privguard: cell 1")


def test_a_grant_that_came_later_excuses_nothing() -> None:
    assert [gap.kind for gap in gaps(ALICE, BOB, BOB, late=True)] == ["pretended"]
