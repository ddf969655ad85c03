"""What a program may do to IPython or to its own process in a real kernel, and what the log has of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.conftest import EMAIL, PEOPLE, Home, Kernel


@pytest.fixture
def log(home: Path) -> Home:
    return Home(home)


@pytest.fixture
def kernel(tmp_path: Path, home: Path) -> Iterator[Kernel]:
    made = Kernel(tmp_path, PRIVGUARD_HOME=str(home))
    assert made.run("%load_ext jupyter_privguard").ok and made.run(PEOPLE).ok
    yield made
    made.kill()


OTHER_EVENTS = {
    "another table of callbacks": "ip.events.callbacks = {name: [] for name in ip.events.callbacks}",
    "another manager of events": "ip.events = type(ip.events)(ip, ip.events.callbacks)",
}


def told(events: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(one["action"], one.get("purpose")) for one in events if one["action"] in ("guard.changed", "cell.run")]


def test_other_events_take_no_purpose_from_the_next_cell_and_the_log_has_them(kernel: Kernel, log: Home) -> None:
    before = len(log.events())
    for act in OTHER_EVENTS.values():
        assert kernel.run(f"ip = get_ipython()\n{act}").ok
        for purpose in ("first", "second"):
            cell = kernel.run(f"%%secure --purpose {purpose}\nprint(df.email[0])\ndf")
            assert cell.ok and EMAIL.split("@")[0] not in cell.screen

    found = told(log.events()[before:])
    assert [purpose for action, purpose in found if action == "cell.run"] == [None, "first", "second"] * 2
    assert [action for action, _ in found].count("guard.changed") == 2


def test_a_process_that_ends_within_its_cell_has_written_why_it_began_before(kernel: Kernel, log: Home) -> None:
    assert kernel.run("lengths = df['email'].str.len()").ok
    kernel.client.execute("%%secure --purpose churn\nimport os\nos._exit(3)")
    assert kernel.manager.provisioner.process.wait(60) == 3

    *_, plain, start = log.events()
    assert (start["action"], start["outcome"], start["purpose"]) == ("cell.start", "started", "churn")
    assert plain["action"] == "cell.run" and {*map(str, (one["columns"] for one in plain["datasets"]))} == {"['email']"}
    assert log.command("audit", "verify").returncode == 0
