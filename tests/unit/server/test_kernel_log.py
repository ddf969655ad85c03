"""What the server takes from the kernels' log when it judges an output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.model import Principal
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.policy.load import load
from jupyter_privguard.policy.rules import Policy
from jupyter_privguard.server.kernel_log import KernelLog
from jupyter_privguard.settings import Home

Add = Callable[..., None]
EMAIL = frozenset({"EMAIL_ADDRESS"})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "privguard")


@pytest.fixture
def log(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[AuditLog]:
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    ring, _ = runtime.keyring(home)
    with runtime.open_log(home, ring) as opened:
        yield opened


@pytest.fixture
def add(log: AuditLog) -> Add:
    def write(action: str, *, outcome: str = "ok", **fields: Any) -> None:
        made = event(
            action,
            principal=Principal("analyst-1"),
            session="s1",
            outcome=outcome,
            policy_sha256="0" * 64,
            kernel="k",
            notebook="demo.ipynb",
            **fields,
        )
        if action == "cell.start":
            log.start_run(made)
        else:
            log.append(made)

    return write


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    path = tmp_path / "policy.yaml"
    path.write_text(
        "version: 1\nprincipals: {analyst-1: {roles: [a]}, boss: {roles: [b]}}\n"
        "roles: {a: {tiers: [public, internal]}, b: {tiers: [public, compliance]}}\n"
        "rules: [{entity: EMAIL_ADDRESS, public: token, internal: clear, compliance: clear}]\n"
    )
    return load(path, None, user_can_write=lambda _: False)


def start(add: Add, tier: str, **fields: Any) -> None:
    add("cell.start", tier=tier, cell={"message": "m", "id": "c", "execution_count": 1}, **fields)


def hidden(home: Home, policy: Policy, entities: frozenset[str] = EMAIL) -> frozenset[str]:
    return KernelLog(home).withheld(entities, kernel="k", message="m", policy=policy)


def test_without_a_log_all_is_withheld_that_public_does_not_see(home: Home, policy: Policy) -> None:
    assert hidden(home, policy) == EMAIL
    assert hidden(home, built_in(), frozenset({"CITY", "IBAN"})) == {"IBAN"}


def test_a_tier_that_is_granted_shows_what_it_may(home: Home, add: Add, policy: Policy) -> None:
    add("guard.load")
    start(add, "internal")

    assert hidden(home, policy) == frozenset()


def test_a_tier_that_was_only_asked_for_shows_nothing(home: Home, add: Add, policy: Policy) -> None:
    add("guard.load")
    start(add, "compliance")

    assert hidden(home, policy) == EMAIL


def test_an_approved_tier_shows_what_it_may(home: Home, add: Add, policy: Policy) -> None:
    add("guard.load")
    start(add, "compliance", approval=["a1"])

    assert hidden(home, policy) == frozenset()


@pytest.mark.parametrize(("known", "is_hidden"), [(("g",), False), ((), True), (("group:g",), True)])
def test_a_groups_tier_shows_what_it_may_where_the_server_itself_knows_the_group(
    home: Home, add: Add, tmp_path: Path, known: tuple[str, ...], is_hidden: bool
) -> None:
    """A kernel's log is its user's to write, so nothing in it makes anybody a member."""
    path = tmp_path / "policy.yaml"
    path.write_text(
        'version: 1\nprincipals: {"group:g": {roles: [a]}}\nroles: {a: {tiers: [public, internal]}}\n'
        "rules: [{entity: EMAIL_ADDRESS, internal: clear}]\n"
    )
    by_group = load(path, None, user_can_write=lambda _: False)
    add("guard.load", groups=["g"])
    start(add, "internal", groups=["g"])

    log = KernelLog(home, lambda kernel, person: known if (kernel, person) == ("k", "analyst-1") else ())

    found = log.withheld(EMAIL, kernel="k", message="m", policy=by_group)
    assert (found == EMAIL) is is_hidden


@pytest.mark.parametrize("off", ["never loaded", "unloaded"])
def test_without_the_guard_a_tier_counts_for_nothing(home: Home, add: Add, policy: Policy, off: str) -> None:
    if off == "unloaded":
        add("guard.load")
    start(add, "internal")
    if off == "unloaded":
        add("guard.unload")

    assert hidden(home, policy) == EMAIL


def test_a_cell_that_ended_before_the_guard_was_taken_out_keeps_its_tier(home: Home, add: Add, policy: Policy) -> None:
    add("guard.load")
    start(add, "internal")
    add("cell.start", tier="internal", cell={"message": "last", "execution_count": 2, "id": "c2"})
    add("guard.unload")
    known = KernelLog(home)

    before = known.withheld(EMAIL, kernel="k", message="m", policy=policy)
    last = known.withheld(EMAIL, kernel="k", message="last", policy=policy)

    assert (before, last) == (frozenset(), EMAIL)


def test_what_somebody_lowered_or_looked_up_passes(home: Home, add: Add, policy: Policy) -> None:
    add("guard.load")
    start(add, "public")
    known = KernelLog(home)
    ask = {"kernel": "k", "message": "m", "policy": policy}
    assert known.withheld(EMAIL, **ask) == EMAIL

    add("class.change", direction="lower", before="EMAIL_ADDRESS", after="NONE")
    assert known.withheld(EMAIL | {"IBAN"}, **ask) == {"IBAN"}

    add("reveal", outcome="refused")
    assert known.withheld({"IBAN"}, **ask) == {"IBAN"}

    add("reveal")
    assert known.withheld({"IBAN"}, **ask) == frozenset()


def test_masks_that_look_real_pass_from_a_guarded_cell_alone(home: Home, add: Add, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("version: 1\nrules: [{entity: EMAIL_ADDRESS, public: surrogate}]\n")
    policy = load(path, None, user_can_write=lambda _: True)
    assert hidden(home, policy) == EMAIL

    add("guard.load")
    start(add, "public")

    assert hidden(home, policy) == frozenset()
