"""What the panel is told of models: aliases without a signed approval, as the log has them by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_privguard.audit.stores.sqlite import FILE

if TYPE_CHECKING:
    from conftest import Ask, FixtureLog


async def test_an_alias_without_an_approval_is_flagged_until_it_is_gone(ask: Ask, fixture_log: FixtureLog) -> None:
    fixture_log.load()
    assert await ask("models") == (200, {"models": 0, "total": 0, "flags": []})

    moved = {"model": "churn", "alias": "champion", "kind": "alias", "sha256": "ab" * 32, "seen": "registry"}
    move = fixture_log.add("model.alias", version="4", **moved)
    _, told = await ask("models")
    assert (told["models"], told["total"]) == (1, 1)
    [flag] = told["flags"]
    assert (flag["model"], flag["version"], flag["alias"], flag["problem"], flag["seqs"]) == (
        *("churn", "4", "champion", "no approval"),
        [move["seq"]],
    )
    assert flag["says"] == "Alias champion of churn is on version 4, and nobody has been asked to approve it."

    fixture_log.add("model.alias", version=None, **{**moved, "sha256": None})
    assert (await ask("models"))[1] == {"models": 1, "total": 0, "flags": []}


async def test_a_damaged_log_is_a_problem_and_none_is_not(ask: Ask, fixture_log: FixtureLog) -> None:
    fixture_log.load()
    await ask("models")
    for leftover in fixture_log.home.log.glob(f"{FILE}*"):
        leftover.unlink()
    (fixture_log.home.log / FILE).write_bytes(b"not a database " * 500)

    code, problem = await ask("models")
    assert code >= 400 and problem["message"].startswith("privguard: ")
