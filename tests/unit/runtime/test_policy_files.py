"""The policy's files are looked at again at each cell, and what they say may only tighten."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyter_privguard import settings
from jupyter_privguard.errors import PolicyError
from jupyter_privguard.guard.policies.in_force import InForce
from jupyter_privguard.model import DataClass, Tier
from jupyter_privguard.policy.masks import operator_for
from jupyter_privguard.runtime.place import policy
from jupyter_privguard.runtime.policy_files import PolicyFiles

LOOSE = "version: 1\nrules:\n  - {entity: CITY, public: clear}\n"
STRICT = "version: 1\nrules:\n  - {entity: CITY, public: redact}\n"
BROKEN = "version: 1\nrules: }{\n"


@pytest.fixture
def admin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the administrator's file would lie."""
    file = tmp_path / "prefix" / "etc" / "privguard" / "policy.yaml"
    file.parent.mkdir(parents=True)
    monkeypatch.setattr(settings.sys, "prefix", str(tmp_path / "prefix"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    return file


def _city(in_force: InForce) -> str:
    found, _ = operator_for("CITY", DataClass.PII, Tier.PUBLIC, in_force.policy)
    return found.value


@pytest.fixture
def in_force(admin: Path) -> InForce:
    admin.write_text(LOOSE)
    return InForce(policy(), PolicyFiles(lambda _: None))


def test_what_was_not_touched_is_not_loaded_again(in_force: InForce, monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_force.renew() is None
    monkeypatch.setattr("jupyter_privguard.runtime.policy_files.policy_at", lambda *_: pytest.fail("loaded again"))

    assert in_force.renew() is None


def test_a_stricter_file_holds_and_a_looser_one_changes_nothing(in_force: InForce, admin: Path) -> None:
    before = in_force.policy.sha256
    admin.write_text(STRICT)
    changed = in_force.renew()
    assert changed is not None and changed.before == before and changed.is_stricter
    assert _city(in_force) == "redact" and in_force.policy.sha256 not in (before, changed.after)
    assert in_force.renew() is None

    admin.write_text(LOOSE)
    back = in_force.renew()
    assert back is not None and back.after == before and not back.is_stricter
    assert _city(in_force) == "redact"


def test_a_broken_file_is_a_problem_until_it_is_mended(in_force: InForce, admin: Path) -> None:
    admin.write_text(BROKEN)
    changed = in_force.renew()
    assert changed is not None and changed.after is None and "cannot be used" in in_force.problem
    assert in_force.renew() is None and in_force.problem, "said once, and still so"

    admin.write_text(LOOSE)
    assert in_force.renew() is not None and not in_force.problem
    assert _city(in_force) == "clear"


def test_a_file_that_vanishes_leaves_the_one_before_in_force(in_force: InForce, admin: Path) -> None:
    admin.unlink()

    assert in_force.renew() is not None
    assert _city(in_force) == "clear" and "built-in" in in_force.policy.source
    admin.write_text(STRICT)
    assert in_force.renew() is not None and _city(in_force) == "redact"


def test_a_file_that_appears_has_a_say(admin: Path) -> None:
    in_force = InForce(policy(), PolicyFiles(lambda _: None))
    assert in_force.renew() is None
    admin.write_text(STRICT)

    assert in_force.renew() is not None
    assert _city(in_force) == "redact"


def test_naming_another_file_adds_to_what_held(
    in_force: InForce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(STRICT)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(own))
    assert in_force.renew() is not None and _city(in_force) == "redact"

    monkeypatch.delenv("PRIVGUARD_POLICY")
    assert in_force.renew() is not None and _city(in_force) == "redact"
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "none.yaml"))
    assert in_force.renew() is not None and "there is no policy file" in in_force.problem


def test_a_relative_name_is_that_of_where_the_session_began(
    admin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text(LOOSE)
    monkeypatch.setenv("PRIVGUARD_POLICY", "own.yaml")
    in_force = InForce(policy(), PolicyFiles(lambda _: None))
    monkeypatch.chdir("/")

    assert in_force.renew() is None and not in_force.problem


@pytest.mark.parametrize(("began", "then"), [(None, "prod"), ("prod", None), ("prod", "test"), ("prod", "prod")])
def test_no_new_file_makes_this_place_another_one(admin: Path, began: str | None, then: str | None) -> None:
    def text(environment: str | None, k: int) -> str:
        return f"version: 1\nk: {k}\n" + (f"environment: {environment}\n" if environment else "")

    admin.write_text(text(began, 5))
    in_force = InForce(policy(), PolicyFiles(lambda _: None))
    admin.write_text(text(then, 6))
    in_force.renew()

    assert in_force.policy.place == (began if began == then else None)


def test_those_who_draw_surrogates_hear_of_it(admin: Path) -> None:
    heard = []
    in_force = InForce(policy(), PolicyFiles(heard.append))
    admin.write_text("version: 1\nsurrogates: random\n")
    in_force.renew()

    assert [one.draws_surrogates for one in heard] == [True]


def test_an_unusable_policy_says_the_same_each_time(in_force: InForce, admin: Path) -> None:
    files = PolicyFiles(lambda _: None)
    admin.write_text(BROKEN)
    said = set()
    for _ in range(3):
        with pytest.raises(PolicyError) as caught:
            files.changed()
        said.add(str(caught.value))

    assert len(said) == 1


@pytest.mark.parametrize("state", ["unreadable", "folder", "link to nowhere", "pipe"])
def test_an_administrators_file_that_cannot_be_used_is_no_reason_for_a_default(
    admin: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    if state == "folder":
        admin.mkdir()
    elif state == "link to nowhere":
        admin.symlink_to(admin.parent / "nowhere.yaml")
    elif state == "pipe":
        os.mkfifo(admin)
    else:
        real = Path.lstat
        denied = PermissionError(13, "Permission denied")

        def lstat(path: Path) -> os.stat_result:
            if path == admin:
                raise denied
            return real(path)

        monkeypatch.setattr(Path, "lstat", lstat)

    assert settings.policy_paths() == (admin, None)
    with pytest.raises(PolicyError, match=r"^privguard: "):
        policy()


def test_where_there_is_no_administrators_file_there_is_none(admin: Path) -> None:
    assert settings.policy_paths() == (None, None)
    admin.parent.rmdir()
    admin.parent.write_text("a file where a folder is looked for")
    assert settings.policy_paths() == (None, None)


def test_a_file_that_joins_another_one_is_one_more_layer_and_no_layer_is_there_twice(
    admin: Path, in_force: InForce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.yaml").write_text(STRICT)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(tmp_path / "own.yaml"))
    before = in_force.policy.sha256
    in_force.renew()

    assert _city(in_force) == "redact" and in_force.policy.sha256 != before
    assert [layer.own_source for layer in in_force.policy.layers] == [str(admin), str(tmp_path / "own.yaml")]
    assert in_force.policy.source == f"{admin} + {tmp_path / 'own.yaml'}"
