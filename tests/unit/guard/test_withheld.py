"""What stands in place of an output that cannot be masked: an id, the kind of error, nothing of its text."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from jupyter_privguard.errors import LogUnavailable
from jupyter_privguard.guard.tables.hanging import Hanging
from jupyter_privguard.guard.withheld import Withholding


class Session:
    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.fails = False

    def record(self, action: str, **fields: Any) -> None:
        if self.fails:
            raise LogUnavailable("privguard: no log.")
        self.events.append({"action": action, **fields})

    def safe(self, text: str) -> str:
        return text.replace("Kulkarni", "tok_1")


def run(number: int) -> Any:
    return SimpleNamespace(key=f"cell-{number}", execution_count=number)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ValueError("Asha"), "ValueError"),
        (MemoryError(), "MemoryError"),
        (type("Kulkarni", (Exception,), {})("x"), "Exception"),
        (type("x y", (Exception,), {})(), "Exception"),
        (type("E" * 100, (Exception,), {})(), "Exception"),
    ],
)
def test_the_kind_of_error_is_told_and_no_value(error: Exception, kind: str) -> None:
    session = Session()

    sentence = Withholding(session)(error, "stream", run(3))  # type: ignore[arg-type]

    [event] = session.events
    assert sentence.startswith("privguard: ") and f"({kind}, error {event['error']['id']})" in sentence
    assert event["error"]["kind"] == kind and event["cell"] == {"execution_count": 3} and event["exit"] == "stream"
    assert "Asha" not in sentence + str(event) and "Kulkarni" not in sentence + str(event)


def test_one_event_for_each_cell_exit_and_kind() -> None:
    session = Session()
    withhold = Withholding(session)  # type: ignore[arg-type]

    sentences = [withhold(ValueError(), "stream", run(1)) for _ in range(9)]
    withhold(ValueError(), "display", run(1))
    withhold(TypeError(), "stream", run(1))
    withhold(ValueError(), "stream", run(2))
    withhold(ValueError(), "stream", None)

    assert len(set(sentences)) == 1 and len(session.events) == 5


def test_without_a_log_it_is_withheld_all_the_same() -> None:
    session = Session()
    session.fails = True

    assert re.search(r"error \w{8}, which could not be logged", Withholding(session)(ValueError(), "stream", None))  # type: ignore[arg-type]


class Slow:
    __module__ = "__main__"


def test_a_table_of_the_program_that_was_interrupted_is_not_looked_at_again() -> None:
    hanging, slow, failing = Hanging(), Slow(), Slow()
    library = SimpleNamespace()

    for obj, error in ((slow, KeyboardInterrupt), (failing, ValueError), (library, KeyboardInterrupt)):
        with pytest.raises(error), hanging.looking(obj):
            raise error

    assert [obj in hanging for obj in (slow, failing, library, Slow())] == [True, False, False, False]
