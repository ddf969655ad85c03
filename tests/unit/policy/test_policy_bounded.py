"""However large a policy is, looking it over takes bounded work, and what is odd about it is said in one line each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard import _files
from jupyter_privguard.errors import PolicyError
from jupyter_privguard.model import ENTITIES, DataClass, Operator, Tier
from jupyter_privguard.policy import load as loading
from jupyter_privguard.policy import pack_findings
from jupyter_privguard.policy import schema as schema_module
from jupyter_privguard.policy.conflicts import conflicts
from jupyter_privguard.policy.load import examine, load
from jupyter_privguard.policy.masks import operator_for


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often the costly questions are asked."""
    calls = {"nearest": 0, "answers_for": 0}

    def counting(module: Any, name: str) -> None:
        real = getattr(module, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            calls[name] += 1
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, call)

    counting(schema_module, "nearest")
    counting(pack_findings, "answers_for")
    return calls


def checked(tmp_path: Path, text: str) -> loading.Examined:
    file = tmp_path / "p.yaml"
    file.write_text(text)
    return examine(file)


def test_a_name_that_is_near_is_looked_for_as_often_as_it_is_told(tmp_path: Path, counted: dict[str, int]) -> None:
    roles = ", ".join(f"role{n}: {{tiers: [public]}}" for n in range(800))
    people = "".join(f"  p{n}: {{roles: [rolle{n}]}}\n" for n in range(800))

    problems = checked(tmp_path, f"version: 1\nroles: {{{roles}}}\nprincipals:\n{people}").problems

    assert problems[0] == "line 4, column 16: a role of `p0` is not among `roles`; did you mean `role0`?"
    assert problems[-1] == "and more"
    assert counted["nearest"] <= 50


def test_what_packs_say_is_asked_once_for_each_entity(tmp_path: Path, counted: dict[str, int]) -> None:
    rules = "  - {class: pii, public: clear}\n" * 300

    found = checked(tmp_path, f"version: 1\ninclude: [gdpr, pci-dss]\nrules:\n{rules}").findings

    assert any("pack gdpr is stricter" in line for line in found)
    assert 0 < counted["answers_for"] <= len(ENTITIES) * len(Tier)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules:\n" + "  - {entity: CITY, public: redact}\n" * 1001, "`rules` has more than 1,000 entries"),
        ("patterns:\n" + "  - {entity: X_Y, regex: a}\n" * 201, "`patterns` has more than 200 entries"),
    ],
)
def test_a_list_that_is_too_long_is_said_to_be(tmp_path: Path, text: str, said: str) -> None:
    (problem,) = checked(tmp_path, f"version: 1\n{text}").problems

    assert problem.endswith(said)


def test_a_file_that_gives_nothing_now_is_no_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some files of the system look like plain ones, and have nothing to read until something happens."""
    fifo = tmp_path / "p.yaml"
    os.mkfifo(fifo)
    writer = os.open(fifo, os.O_RDWR)
    monkeypatch.setattr(_files.stat, "S_ISREG", lambda mode: True)
    try:
        with pytest.raises(PolicyError, match=r"^privguard: the policy .* cannot be read"):
            load(None, fifo, user_can_write=lambda _: True)
    finally:
        os.close(writer)


@pytest.mark.parametrize(
    ("name", "is_odd"),
    [("dana", False), ("josé", False), ("Dana M", False), ("dana\u200b", True), (" dana", True), ("dana ", True)],
)
def test_a_name_that_only_looks_like_somebodys_is_a_finding(tmp_path: Path, name: str, is_odd: bool) -> None:
    examined = checked(
        tmp_path, f'version: 1\nprincipals: {{"{name}": {{roles: [a]}}}}\nroles: {{a: {{tiers: [public]}}}}\n'
    )

    said = "line 2, column 14: a name has blanks around or letters that do not show, and means nobody without them"
    assert examined == ((), (said,) if is_odd else ())


class Counting(tuple[Any, ...]):
    """Rules that know how often they were gone through."""

    rounds = 0

    def __iter__(self) -> Iterator[Any]:
        Counting.rounds += 1
        return super().__iter__()


def test_who_masks_a_column_is_found_in_a_few_rounds_through_the_rules(tmp_path: Path) -> None:
    """Also where many rules name it, and none speaks of the tier."""
    file = tmp_path / "p.yaml"
    file.write_text(
        "version: 1\nrules:\n" + "  - {class: pii, public: clear}\n  - {entity: CITY, public: clear}\n" * 400
    )
    policy = load(None, file, user_can_write=lambda _: True)
    policy = replace(policy, rules=Counting(policy.rules))
    Counting.rounds = 0

    assert operator_for("CITY", DataClass.PII, Tier.COMPLIANCE, policy) == (Operator.CLEAR, "built-in: coarse trait")
    assert Counting.rounds <= 3
    Counting.rounds = 0
    conflicts(policy)
    assert Counting.rounds <= 6 * len(ENTITIES) * len(Tier)


@pytest.mark.parametrize("retain", ["999y", "9999m", "99999d"])
def test_the_longest_term_is_one_that_a_calendar_has(tmp_path: Path, retain: str) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(f"version: 1\naudit: {{retain: {retain}}}\n")
    policy = load(None, file, user_can_write=lambda _: True)

    assert datetime(2026, 2, 28, tzinfo=UTC) + timedelta(days=policy.longest_retain_days or 0)


@pytest.mark.parametrize("retain", ["1000y", "99999y", "10000m", "100000d", "0d"])
def test_a_term_beyond_any_calendar_is_a_problem(tmp_path: Path, retain: str) -> None:
    (problem,) = checked(tmp_path, f"version: 1\naudit: {{retain: {retain}}}\n").problems

    said = "`audit, retain` must be a number of days, months or years, such as 90d, 18m or 7y"
    assert problem == f"line 2, column 17: {said}"
