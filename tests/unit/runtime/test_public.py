"""``pg.session`` and ``pg.audit``: what people's own code may ask."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import jupyter_privguard as pg
from jupyter_privguard import runtime
from jupyter_privguard.errors import InputError, LogUnavailable

pytestmark = pytest.mark.usefixtures("home")


def test_there_is_no_session_and_no_log_before_the_first(home: Path) -> None:
    assert pg.session is None
    with pytest.raises(LogUnavailable):
        list(pg.audit.events())
    assert not home.exists()


def test_the_session_is_seen_as_it_is_and_cannot_be_written() -> None:
    ring, _ = runtime.keyring(runtime.home())
    session = runtime.open_session(runtime.home(), runtime.policy(), ring, kernel=None)
    session.purpose, session.experiment = "churn-model", "exp-1"

    seen = pg.session

    assert seen is not None
    assert (seen.id, seen.tier, seen.purpose, seen.experiment) == (session.id, "public", "churn-model", "exp-1")
    with pytest.raises(AttributeError):
        seen.tier = "compliance"  # type: ignore[misc]
    session.close()
    assert pg.session is None


def test_the_log_is_read_proven_and_asked() -> None:
    runtime.record_here("quality.check", checks=[], experiment="exp-1")

    actions = [event["action"] for event in pg.audit.events()]

    assert actions[-1] == "quality.check"
    assert pg.audit.verify() == len(actions)
    assert pg.audit.verify(pg.audit.checkpoint()) == len(actions)
    found = pg.audit.query(action="quality.check", during="today")
    assert list(found["action"]) == ["quality.check"]
    assert list(pg.audit.unused().columns) == ["experiment", "dataset", "column", "entity", "class", "kept"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [({"colum": "income"}, "column"), ({"tier": "publik"}, "public"), ({"during": "soon"}, "privguard")],
)
def test_a_wrong_question_is_one_sentence(asked: dict[str, str], says: str) -> None:
    runtime.record_here("quality.check", checks=[])

    with pytest.raises(InputError, match=says):
        pg.audit.query(**asked)


def test_the_access_stays_when_the_package_of_the_log_is_imported_and_nothing_heavy_comes_with_it() -> None:
    code = (
        "import sys, jupyter_privguard as pg\n"
        "assert 'pandas' not in sys.modules and 'jupyter_privguard.runtime' not in sys.modules\n"
        "import jupyter_privguard.audit\n"
        "from jupyter_privguard.audit.query import Query\n"
        "print(type(pg.audit).__name__, Query.__name__)"
    )

    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["AuditAccess", "Query"]
