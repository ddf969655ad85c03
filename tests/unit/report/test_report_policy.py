"""A report names the policy in force, its packs and where its rules disagreed; from a log that a session wrote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jupyter_privguard import runtime
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.guard.cells.cell import CellOptions
from jupyter_privguard.guard.policies.record import policy_fields
from tests.unit.report.unsigned_page import unsigned_page

NOW = datetime(2027, 1, 1, tzinfo=UTC)
RULES = "rules:\n  - {entity: CITY, public: clear}\n  - {entity: CITY, public: redact}\n"


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    path = tmp_path / "team.yaml"
    monkeypatch.setenv("PRIVGUARD_POLICY", str(path))

    def made(text: str, later: str | None = None) -> str:
        path.write_text(f"version: 1\n{text}")
        ring, _ = runtime.keyring(runtime.home())
        session = runtime.open_session(runtime.home(), runtime.policy(), ring, kernel=None)
        session.record("guard.load", tier="public", **policy_fields(session.policy, session.safe))
        for number, now in enumerate([text] if later is None else [text, later]):
            path.write_text(f"version: 1\n{now}")
            session.open_run(f"r{number}", CellOptions(experiment="exp-1"), "1", execution_count=number, cell_id=None)
            session.close_run(f"r{number}", "ok")
        session.close()
        whole = unsigned_page("exp-1", verify(runtime.log_reader()), now=NOW)
        return whole[whole.index('<section id="policy">') : whole.index('<section id="columns">')]

    return made


def test_a_conflict_is_in_the_report_with_what_holds(page) -> None:
    found = page(RULES)

    for word in (
        "team.yaml",
        "Rules that disagreed",
        "CITY at tier public: redact",
        "The stricter holds: redact.",
        "#",
    ):
        assert word in found, word


def test_a_policy_without_conflicts_says_so_and_packs_are_named(page) -> None:
    found = page("include: [gdpr]\n")

    assert "No two rules of the policy disagreed." in found
    assert "<code>gdpr</code>" in found


def test_a_policy_that_was_changed_between_cells_is_in_the_report_too(page) -> None:
    found = page("k: 5\n", RULES)

    assert "The stricter holds: redact." in found
    assert found.count('class="proof"') == 2


def test_a_log_that_says_nothing_of_it_is_no_error(story, now) -> None:
    story.cell(experiment="exp-1")

    assert "does not say where the policy came from" in unsigned_page("exp-1", story.verified(), now=now)
