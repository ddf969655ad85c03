"""A kernel believes who runs it from its own server alone, for its own id, and for a short time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_privguard import runtime
from jupyter_privguard.errors import StateError
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.model import Principal
from jupyter_privguard.runtime import identity, place
from jupyter_privguard.runtime.identity import LONGEST, Grant, bound, grant_file, signed_grant
from jupyter_privguard.settings import Home, account_name

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GRANT = Grant("k-1", "alice", ("risk", "staff"), "server", NOW, NOW + LONGEST)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_SERVER_HOME", raising=False)
    monkeypatch.setattr(identity, "policy_paths", lambda: (None, None))
    return Home(tmp_path / "home")


@pytest.fixture
def server(home: Home) -> KeyRing:
    return runtime.keyring(home.server)[0]


def look(home: Home, folder: Path, *, kernel: str | None = "k-1", now: datetime = NOW) -> Grant | None:
    return bound(home, kernel, folder=lambda: folder, now=lambda: now)


def put(folder: Path, text: str, kernel: str = "k-1") -> None:
    grant_file(folder, kernel).write_text(text)


def test_what_the_server_signed_is_believed(home: Home, server: KeyRing, tmp_path: Path) -> None:
    put(tmp_path, signed_grant(GRANT, server))

    assert look(home, tmp_path) == GRANT
    assert look(home, tmp_path, now=NOW + LONGEST - timedelta(milliseconds=1)) == GRANT


def test_without_a_grant_or_a_kernel_the_account_counts(home: Home, server: KeyRing, tmp_path: Path) -> None:
    assert look(home, tmp_path) is None
    put(tmp_path, signed_grant(GRANT, server))
    assert look(home, tmp_path, kernel=None) is None
    assert bound(home, "k-1", folder=lambda: None) is None


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1), timedelta(days=400), timedelta(minutes=-30)])
def test_one_that_has_ended_or_not_begun_is_refused(
    home: Home, server: KeyRing, tmp_path: Path, late: timedelta
) -> None:
    put(tmp_path, signed_grant(GRANT, server))

    with pytest.raises(StateError, match=r"^privguard: the server's word .* has ended"):
        look(home, tmp_path, now=GRANT.expires + late)


def test_one_that_another_key_signed_is_refused(home: Home, server: KeyRing, tmp_path: Path) -> None:
    forger, _ = runtime.keyring(Home(tmp_path / "other"))
    namesake = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin=server.origin)
    for key in (forger, namesake):
        put(tmp_path, signed_grant(GRANT, key))

        with pytest.raises(StateError, match="was not signed by the server"):
            look(home, tmp_path)


def test_one_for_another_kernel_is_refused(home: Home, server: KeyRing, tmp_path: Path) -> None:
    put(tmp_path, signed_grant(GRANT, server), kernel="k-2")

    with pytest.raises(StateError, match="is for another kernel"):
        look(home, tmp_path, kernel="k-2")


@pytest.mark.parametrize(
    "other",
    [
        {"expires": NOW + LONGEST + timedelta(seconds=1)},
        {"assurance": "os"},
        {"assurance": "self"},
        {"person": ""},
    ],
)
def test_a_signed_text_that_is_no_grant_is_refused(
    home: Home, server: KeyRing, tmp_path: Path, other: dict[str, object]
) -> None:
    put(tmp_path, signed_grant(GRANT._replace(**other), server))  # type: ignore[arg-type]  # wrong on purpose

    with pytest.raises(StateError, match="is no grant"):
        look(home, tmp_path)


def test_a_checkpoint_of_the_servers_log_is_no_grant(home: Home, server: KeyRing, tmp_path: Path) -> None:
    put(tmp_path, runtime.log_reader(home.server).checkpoint)

    with pytest.raises(StateError):
        look(home, tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 400), byte=st.integers(0, 255))
def test_no_byte_of_it_can_be_changed(home: Home, server: KeyRing, tmp_path: Path, at: int, byte: int) -> None:
    text = bytearray(signed_grant(GRANT, server).encode())
    at %= len(text)
    changed = text[at] != byte
    text[at] = byte
    grant_file(tmp_path, "k-1").write_bytes(bytes(text))

    if changed:
        with pytest.raises(StateError):
            look(home, tmp_path)
    else:
        assert look(home, tmp_path) == GRANT


def test_a_signature_has_one_spelling(home: Home, server: KeyRing, tmp_path: Path) -> None:
    """Of the last letter before the `=` two bits say nothing, so three others would mean the same."""
    text = signed_grant(GRANT, server)
    assert text.endswith("=\n")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    for letter in letters.replace(text[-3], ""):
        grant_file(tmp_path, "k-1").write_text(f"{text[:-3]}{letter}=\n")
        with pytest.raises(StateError):
            look(home, tmp_path)


def test_the_key_beside_the_administrators_policy_counts_alone(
    home: Home, server: KeyRing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever owns the home could put another server's key into it."""
    other, _ = runtime.keyring(Home(tmp_path / "other"))
    policy = tmp_path / "etc" / "policy.yaml"
    policy.parent.mkdir()
    monkeypatch.setattr(identity, "policy_paths", lambda: (policy, None))
    put(tmp_path, signed_grant(GRANT, server))
    assert look(home, tmp_path) == GRANT  # none is there

    (policy.parent / "server.vkey").write_text(f"{other.vkey}\n")

    with pytest.raises(StateError, match="was not signed by the server"):
        look(home, tmp_path)
    put(tmp_path, signed_grant(GRANT, other))
    assert look(home, tmp_path) == GRANT


def test_without_any_key_of_a_server_it_is_refused_and_says_what_to_do(home: Home, tmp_path: Path) -> None:
    put(tmp_path, signed_grant(GRANT, KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/00000000")))

    with pytest.raises(StateError, match=r"beside the policy as `server\.vkey`"):
        look(home, tmp_path)


def test_the_person_acts_with_their_own_roles_and_the_account_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("version: 1\nprincipals: {alice: {roles: [a]}}\nroles: {a: {tiers: [public, internal]}}\n")
    theirs = place.policy_at(None, file)
    admins = replace(theirs, author_is_self=False)
    alice = Principal("alice", assurance="server")

    assert runtime.acting_as(alice, lambda: place.principal(admins)) == Principal("alice", ("a",), "server")
    assert runtime.acting_as(alice, lambda: place.principal(theirs)).assurance == "self"
    assert place.principal(admins) == Principal(account_name(), (), "os")
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    assert runtime.acting_as(alice, lambda: place.principal(place.policy())).assurance == "server"
    try:
        place.bind(alice)
        assert place.principal(admins).id == "alice"
        nobody = Principal(account_name(), assurance="os")
        assert runtime.acting_as(nobody, lambda: place.principal(admins)).id == account_name()
    finally:
        place.bind(None)


def test_groups_give_roles_to_whom_the_server_names_and_to_no_account(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text('version: 1\nprincipals: {"group:g": {roles: [a]}}\nroles: {a: {tiers: [public, internal]}}\n')
    admins = replace(place.policy_at(None, file), author_is_self=False)
    grant = GRANT._replace(person="alice", groups=("g", "h"), assurance="hub")

    found = runtime.acting_as(grant.principal, lambda: place.principal(admins))

    assert found == Principal("alice", ("a",), "hub", ("g", "h"))
    assert place.principal(admins) == Principal(account_name(), (), "os")


@pytest.mark.parametrize(
    ("key", "is_ones_own", "assurance"),
    [
        ("beside the policy", False, "hub"),
        ("beside the policy", True, "self"),  # a file that this account could have put there
        ("in the server's folder", False, "self"),
    ],
)
def test_a_name_of_ones_own_servers_making_is_self_under_the_administrators_policy(
    home: Home,
    server: KeyRing,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    is_ones_own: bool,
    assurance: str,
) -> None:
    """Whoever runs a server can have it call them what they like, so it takes the administrator's word on its key."""
    file = tmp_path / "etc" / "policy.yaml"
    file.parent.mkdir()
    file.write_text("version: 1\nprincipals: {dana: {roles: [a]}}\nroles: {a: {tiers: [compliance]}}\n")
    monkeypatch.setattr(identity, "policy_paths", lambda: (file, None))
    monkeypatch.setattr(identity, "could_write", lambda path: is_ones_own)
    if key == "beside the policy":
        (file.parent / "server.vkey").write_text(f"{server.vkey}\n")
    put(tmp_path, signed_grant(GRANT._replace(person="dana", assurance="hub"), server))
    granted = look(home, tmp_path)
    assert granted is not None
    admins = replace(place.policy_at(None, file), author_is_self=False)

    try:
        place.bind(granted.principal, is_own_word=identity.is_own_word())
        found = place.principal(admins)
        nothing_granted = place.principal(place.policy_at(None, None))
    finally:
        place.bind(None)

    assert (found.id, found.roles, found.assurance) == ("dana", ("a",), assurance)
    assert nothing_granted.assurance == "hub"  # by the built-in policy a name gives nothing
