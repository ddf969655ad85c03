"""The events of a small story: two tables, a join of them, an export, a reveal, an approval."""

from __future__ import annotations

from typing import Any

ORIGIN = "privguard/0badcafe"
HANDLE = "tok_7f3a9c01"


def _event(action: str, who: str = "asha", outcome: str = "ok", **fields: Any) -> dict[str, Any]:
    return {
        "action": action,
        "outcome": outcome,
        "principal": {"id": who, "assurance": "os"},
        "session": "s1",
        "policy_sha256": "00" * 32,
        **fields,
    }


def _columns(**entities: str) -> list[dict[str, Any]]:
    return [{"label": label, "entity": entity, "class": "pii", "confidence": 90} for label, entity in entities.items()]


def _load(name: str, source: str | None, cell: int, **entities: str) -> dict[str, Any]:
    dataset = {"name": name, "source": source, "rows": 30, "columns": _columns(**entities)}
    return _event("data.load", dataset=dataset, cell={"execution_count": cell, "id": None})


def _cell(
    number: int, *datasets: dict[str, Any], who: str = "asha", outcome: str = "ok", **fields: Any
) -> list[dict[str, Any]]:
    about = {"run": f"r{number}", "cell": {"execution_count": number, "id": f"c{number}"}, "tier": "public"}
    about |= {"purpose": "churn", "experiment": "exp-1", "notebook": "a.ipynb", "reason": None}
    end: dict[str, Any] = {"datasets": list(datasets), "sinks": [], "shown": [], "masked": {}, "refusal": None}
    return [
        _event("cell.start", who, "started", **about),
        _event("cell.run", who, outcome, **about | end | fields),
    ]


def touched(
    name: str, source: str | None, columns: list[str], how: list[str], *variables: str, **more: Any
) -> dict[str, Any]:
    return {"name": name, "source": source, "as": list(variables), "columns": columns, "rows": 30, "how": how, **more}


def _shown(dataset: str, label: str, entity: str, mask: str) -> dict[str, Any]:
    column = {"label": label, "entity": entity, "class": "financial", "action": mask}
    return {"dataset": dataset, "columns": [column], "rows": 30}


PEOPLE, ORDERS = "/data/customers.csv", "s3://lake/in/orders.parquet"


def story() -> list[dict[str, Any]]:
    """Numbered events; a new list at each call."""
    labels = {"cid": "CUSTOMER_ID", "email": "EMAIL_ADDRESS", "salary": "INCOME"}
    start = [_event("key.create", key_id="bd40445a"), _event("guard.load", tier="public")]
    read = [
        _load("customers", PEOPLE, 1, **labels),
        *_cell(
            1,
            touched("customers", PEOPLE, list(labels), ["loaded", "shown"], "df"),
            shown=[_shown("customers", "salary", "INCOME", "generalise")],
            masked={"INCOME": 30},
        ),
    ]
    second = [
        _load("orders", ORDERS, 2, cid="NONE", amount="NONE"),
        *_cell(2, touched("orders", ORDERS, ["cid", "amount"], ["loaded"], "orders"), who="ravi"),
    ]
    joined = [
        _load("m", None, 3, **labels, amount="NONE", share="NONE"),
        *_cell(
            3,
            touched("customers", PEOPLE, ["cid", "salary"], ["computed", "joined"], "df"),
            touched("orders", ORDERS, ["cid", "amount"], ["joined"], "orders"),
            touched("m", None, ["share"], ["computed"], "m"),
        ),
    ]
    exported = _cell(
        4,
        touched("m", None, ["salary", "share"], ["exported"], "m"),
        tier="internal",
        sinks=[{"kind": "file", "target": "/out/m.csv"}],
    )
    refused = _cell(5, who="ravi", outcome="refused", tier="compliance", refusal="privguard: not granted.", rule="tier")
    acts = [
        _event("reveal", "ravi", handle=HANDLE, domain="CUSTOMER_ID", reason="case 17"),
        _event("approval.request", "ravi", approval="ap1", data_set="customers", columns=["salary"], reason="audit"),
        _event("alert", about="guesses", values=1200),
    ]
    events = [*start, *read, *second, *joined, *exported, *refused, *acts]
    return [
        {**event, "seq": number, "time": f"2026-10-{10 + number:02d}T12:00:00.000Z"}
        for number, event in enumerate(events, 1)
    ]
