"""A log with a story in it, written by the real writer and proven by the real verifier."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.audit.event import event
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.verify import VerifiedLog, verify
from jupyter_privguard.keys.providers.file import FileKeys
from jupyter_privguard.model import Principal
from jupyter_privguard.settings import Home

COLUMNS = [
    ("customer_id", "CUSTOMER_ID", "pii", "token"),
    ("email", "EMAIL_ADDRESS", "pii", "partial"),
    ("income", "INCOME", "financial", "generalise"),
    ("city", "CITY", "pii", "clear"),
    ("plan", "NONE", "none", "clear"),
    ("churned", "NONE", "none", "clear"),
]


def shown_columns(**actions: str) -> list[dict[str, str]]:
    return [
        {"label": label, "entity": entity, "class": kind, "action": actions.get(label, action)}
        for label, entity, kind, action in COLUMNS
    ]


class Story:
    """Writes events one second apart, with the defaults that a guarded notebook would have."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root / "home")
        self.home.make()
        self.keyring = FileKeys(self.home.keys).create()
        self.principal = Principal(id="asha", assurance="self")
        self.policy_sha256 = "ab" * 32
        self._time = datetime(2026, 11, 25, 21, 0, 0, tzinfo=UTC)
        self._cells = 0
        self._log = AuditLog.open(self.home.log, self.keyring, clock=self._tick)

    def _tick(self) -> datetime:
        self._time += timedelta(seconds=1)
        return self._time

    def _event(self, action: str, outcome: str, fields: dict[str, Any]) -> dict[str, Any]:
        base = {"session": "s1", "principal": self.principal, "policy_sha256": self.policy_sha256}
        named = {name: fields.pop(name) for name in base if name in fields}
        return event(action, outcome=outcome, **{**base, **named}, **fields)

    def add(self, action: str, outcome: str = "ok", **fields: Any) -> dict[str, Any]:
        return self._log.append(self._event(action, outcome, fields))

    def start(
        self, *, experiment: str | None = "exp-1", tier: str = "public", **fields: Any
    ) -> tuple[str, dict[str, Any]]:
        self._cells += 1
        common = {
            "experiment": experiment,
            "tier": tier,
            "purpose": "churn-model",
            "notebook": "01-churn-output.ipynb",
            "kernel": "k1",
            **fields,
        }
        cell = {"execution_count": self._cells, "id": f"cell-{self._cells}"}
        return self._log.start_run(self._event("cell.start", "started", {**common, "cell": cell})), common

    def cell(self, source: str = "customers.head()", *, outcome: str = "ok", **fields: Any) -> None:
        results = {"datasets": [], "sinks": [], "shown": [], "masked": {}}
        results |= {name: fields.pop(name) for name in (*results, "refusal") if name in fields}
        run, common = self.start(**fields)
        cell = {"execution_count": self._cells, "id": f"cell-{self._cells}", "source": source, "source_hmac": "aa" * 32}
        fields = {**common, "cell": cell, "run": run, "duration_ms": 12, **results}
        self._log.end_run(run, self._event("cell.run", outcome, fields))

    def load(self, name: str = "customers", *, experiment: str | None = "exp-1", **fields: Any) -> None:
        columns = [{**column, "confidence": 95} for column in shown_columns()]
        dataset = {"name": name, "source": f"data/{name}.csv", "rows": 600, "columns": columns}
        self.add(
            "data.load",
            dataset=dataset,
            experiment=experiment,
            cell={"execution_count": self._cells, "id": None},
            **fields,
        )

    def begin(self) -> None:
        self.add("key.create", key_id=self.keyring.key_id)
        self.add("guard.load", tier="public", policy="built-in", version="0.1.0", python="3.11.7", notebook=None)

    def tell(self) -> None:
        """The usual story: load, look, an error, a file, a refusal."""
        self.begin()
        used = {"name": "customers", "source": "data/customers.csv", "as": ["customers"], "rows": 600}
        self.cell("customers = pd.read_csv('')", datasets=[{**used, "columns": ["plan"], "how": ["loaded"]}])
        self.load()
        self.cell(
            masked={"EMAIL_ADDRESS": 5, "CUSTOMER_ID": 5},
            shown=[{"dataset": "customers", "columns": shown_columns(), "rows": 5}],
        )
        internal = shown_columns(customer_id="encrypt", income="clear")
        self.cell(
            "predictions",
            tier="internal",
            masked={"CUSTOMER_ID": 600},
            shown=[{"dataset": "predictions", "columns": internal, "rows": 600}],
        )
        self.cell("customers['']", outcome="error")
        self.cell("predictions.to_csv('')", sinks=[{"kind": "file", "target": "predictions.csv"}])
        self.cell(tier="compliance", outcome="refused", refusal="privguard: tier compliance is not granted to you.")

    def verified(self) -> VerifiedLog:
        return verify(LogReader.open(self.home.log, self.keyring.vkey))

    def close(self) -> None:
        self._log.close()


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = Story(tmp_path)
    monkeypatch.setenv("PRIVGUARD_HOME", str(made.home.root))
    yield made
    made.close()


@pytest.fixture(scope="session")
def new_story() -> type[Story]:
    """For logs in folders of a test's choice."""
    return Story


@pytest.fixture(scope="session")
def now() -> datetime:
    return datetime(2026, 11, 25, 22, 0, 0, tzinfo=UTC)
