"""The half of a `tracking.RunWatcher` that is asked about things before they are sent: masked, or refused."""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from ...errors import Refused
from ..session import Session
from .leaving import Kept, Leaving
from .run_state import RunState

__all__ = ["Sending"]

_LISTED = 4
_TABLES = frozenset({".csv", ".tsv", ".parquet", ".gz"})
"""Files of which `privguard mask` makes a masked copy."""
_NO_TRACE = (
    "privguard: a trace was not sent to the tracking server, for what was traced was called with values of persons; "
    "trace functions that are called with handles, jupyter_privguard.mask(df)."
)


class Sending:
    """Counts what it masks and refuses, until it is clear of which run it was. Threads may call it."""

    def __init__(self, session: Session, leaving: Leaving, picture: Callable[[], AbstractContextManager[None]]) -> None:
        self._session = session
        self._leaving = leaving
        self._picture = picture
        self._counted = _Counted()

    def _active(self) -> RunState | None:
        """The newest run that has not ended."""
        raise NotImplementedError

    def _take(self, state: RunState | None) -> None:
        """``state`` gets what this thread has counted."""
        raise NotImplementedError

    def text(self, text: str) -> str:
        """What is sent in place of ``text``."""
        return self._leaving.text(text, self._counted.now)

    def name(self, text: str) -> str:
        """What is sent in place of a name."""
        return self._leaving.name(text, self._counted.now)

    def value(self, value: Any) -> Any:
        """What is sent in place of a parameter's or tag's ``value``."""
        return self._leaving.value(value, self._counted.now)

    def tree(self, value: Any) -> Any:
        """What is sent in place of dicts and lists."""
        return self._leaving.tree(value, self._counted.now)

    def table(self, data: Any) -> Any:
        """What is sent in place of a table."""
        return self._leaving.table(data, self._counted.now)

    def example(self, data: Any) -> Any:
        """What is stored in place of rows of a model's inputs."""
        return self._leaving.example(data, self._counted.now)

    def holds(self, text: str) -> bool:
        """Whether a known value stands in ``text``."""
        return bool(self._leaving.known_in(text))

    def metric(self, name: str, value: Any) -> None:
        """Refused where it is a row's own value."""
        try:
            self._leaving.metric(name, value)
        except Refused as refused:
            self._refuse({"what": "metric", "name": self._session.safe(name) or "", "entities": {}}, refused)

    def file(self, path: str) -> None:
        """Refused where it holds what others may not have."""
        found = self._leaving.check_file(path, is_judged=self._counted.is_judged)
        if found is not None:
            entities = dict(sorted(found.found.items()))
            self._refuse(
                {"what": "file", "name": found.name, "entities": entities}, Refused(_not_sent(found), "tracking")
            )

    def trace(self, texts: Iterable[str]) -> None:
        """Refused where a value is in it; the sentence is printed, for MLflow sends traces in threads of its own."""
        found: Counter[str] = Counter()
        for text in texts:
            self._leaving.text(text, found)
        if not found:
            return
        refused = Refused(_NO_TRACE, "tracking")
        with self._session.locked():
            if self._active() is None:
                self._session.record(
                    "alert", "refused", about="a trace that was not sent", values=found.total(), domains=dict(found)
                )
        if not self._counted.has_said_trace:
            self._counted.has_said_trace = True
            print(_NO_TRACE, file=sys.stderr)
        self._refuse({"what": "trace", "name": "", "entities": dict(sorted(found.items()))}, refused)

    @contextmanager
    def judged(self) -> Iterator[None]:
        """While what was judged already becomes a file and is sent: only known values are looked for in it."""
        before, self._counted.is_judged = self._counted.is_judged, True
        try:
            yield
        finally:
            self._counted.is_judged = before

    def made(self, text: str) -> None:
        """A file of ``text`` may be sent."""
        self._leaving.made(text)

    def picture(self) -> AbstractContextManager[None]:
        """A context: what is drawn in it is masked."""
        return self._picture()

    def _refuse(self, what: dict[str, Any], refused: Refused) -> None:
        self._counted.refused.append(what)
        with self._session.locked():
            run = self._session.run_of(None)
            if run is not None:
                run.denied, run.rule = str(refused), refused.rule
            self._take(self._active())
        raise refused


class _Counted(threading.local):
    """What this thread has cleaned and refused, and of which models it spoke, before it was clear for which run."""

    def __init__(self) -> None:
        self.now: Counter[str] = Counter()
        self.refused: list[dict[str, Any]] = []
        self.models: list[Any] = []
        self.is_judged = False
        self.has_said_trace = False

    def forget(self) -> None:
        self.now.clear()
        self.refused, self.models = [], []


def _not_sent(file: Kept) -> str:
    """Why a file was kept back, and what to do."""
    if not file.found:
        return (
            f"privguard: {file.name} was not sent to the tracking server, for it cannot be looked at ({file.problem}); "
            "send it in another form."
        )
    told = sorted(file.found.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{number} {entity}" for entity, number in told[:_LISTED])
    more = f" and {len(told) - _LISTED} kinds more" if len(told) > _LISTED else ""
    stem, ending = os.path.splitext(file.name)  # noqa: PTH122 - a name, no path
    cure = (
        f"`privguard mask {file.name} -o {stem}-masked{ending}` makes a copy that may be sent"
        if ending.lower() in _TABLES
        else f"`privguard scan {file.name}` shows where, and `privguard mask FILE -o OUT` makes masked copies of tables"
    )
    return f"privguard: {file.name} was not sent to the tracking server, for it holds {listed}{more}; {cure}."
