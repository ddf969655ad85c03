"""The log as OCSF events, a JSON object a line: Datastore Activity for data, API Activity for the rest.

Source: Open Cybersecurity Schema Framework 1.5.0, category Application Activity (6), classes Datastore
Activity (6005) and API Activity (6003). An event that touches several data sets becomes several. What the
schema has no place for (columns, masks, purpose, tier) stands in ``unmapped``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..._version import __version__
from ..accesses import Event, Part, number_of, parts_of, said_by
from .identity import VENDOR, milliseconds

__all__ = ["VERSION", "rows"]

VERSION = "1.5.0"
"""Of the schema."""

_CATEGORY, _DATASTORE, _API = 6, 6005, 6003
_NAMES = {_DATASTORE: "Datastore Activity", _API: "API Activity"}
_READ, _UPDATE, _ENCRYPT, _DECRYPT = (1, "Read"), (2, "Update"), (9, "Encrypt"), (10, "Decrypt")
_OF_DATA = {
    "cell.run": _READ,
    "data.load": _READ,
    "data.seal": _ENCRYPT,
    "data.unseal": _DECRYPT,
    "quality.check": _READ,
    "class.change": _UPDATE,
}
"""Actions on data sets, and which activity of class 6005 they are."""
_CREATED = frozenset(
    "key.create bearer.issue guard.load approval.request report.export archive cell.start run.start "
    "model.record model.request".split()
)
_CHANGED = frozenset(
    """
    key.rotate policy.change class.change guard.changed approval.grant approval.deny model.approve model.deny
    model.alias
    """.split()
)
_ENDED = frozenset("key.destroy bearer.revoke guard.unload approval.expire experiment.close run.end".split())
_IS_READ = frozenset("reveal log.read key.unlock model.predict model.review quality.check cell.run data.load".split())
_UNMAPPED = (
    "tier",
    "purpose",
    "experiment",
    "notebook",
    "cell",
    "masked",
    "sinks",
    "duration_ms",
    "policy_sha256",
    "rule",
)


def rows(events: Iterable[Event], *, origin: str) -> Iterator[bytes]:
    """OCSF events in the order of the log, each ended by a newline; ``origin`` is the name of the log."""
    for event in events:
        parts = [part for part in parts_of(event) if part.dataset or part.source]
        is_data = event.get("action") in _OF_DATA and bool(parts)
        for number, part in enumerate(parts if is_data else [None]):
            made = _base(event, origin, number) | (_datastore(event, part) if part is not None else _api(event))
            made |= _classified(made)
            yield json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _base(event: Event, origin: str, number: int) -> dict[str, Any]:
    seq = number_of(event)
    return {
        "category_uid": _CATEGORY,
        "category_name": "Application Activity",
        "time": milliseconds(str(event.get("time"))),
        "message": f"{', '.join(said_by(event)) or 'unknown'}: {event.get('action')} {event.get('outcome')}",
        **_severity(event),
        **_status(event),
        "metadata": {
            "version": VERSION,
            "product": {"name": VENDOR, "vendor_name": VENDOR, "version": __version__},
            "uid": f"{origin}/{seq}" if number == 0 else f"{origin}/{seq}/{number}",
            "sequence": seq,
            "log_name": origin,
            "event_code": str(event.get("action")),
            "correlation_uid": str(event.get("run") or event.get("session")),
        },
        "actor": {
            "user": {"name": next(iter(said_by(event)), "unknown"), "type_id": 0, "type": "Unknown"},
            "session": {"uid": str(event.get("session"))},
        },
        "src_endpoint": {"svc_name": "jupyter", "uid": str(event.get("session"))},
        "unmapped": {name: event[name] for name in _UNMAPPED if event.get(name) is not None},
    }


def _datastore(event: Event, part: Part) -> dict[str, Any]:
    activity, name = _OF_DATA[str(event.get("action"))]
    own = {"columns": list(part.columns), "how": list(part.how), "rows": part.rows, "masks": dict(part.masks)}
    entities = {label: sorted(held) for label, held in part.entities.items()}
    left = {field: event[field] for field in _UNMAPPED if event.get(field) is not None}
    return {
        "class_uid": _DATASTORE,
        "activity_id": activity,
        "activity_name": name,
        "type_id": 3,
        "type": "Table",
        "table": {"name": part.dataset or part.source, "uid": part.source or part.dataset},
        "unmapped": left | own | {"entities": entities},
    }


def _api(event: Event) -> dict[str, Any]:
    action = str(event.get("action"))
    kinds = ((1, "Create", _CREATED), (2, "Read", _IS_READ), (3, "Update", _CHANGED), (4, "Delete", _ENDED))
    activity, name = next(((number, name) for number, name, actions in kinds if action in actions), (99, action))
    return {
        "class_uid": _API,
        "activity_id": activity,
        "activity_name": name,
        "api": {"operation": action, "service": {"name": VENDOR, "version": __version__}},
    }


def _classified(made: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from class and activity."""
    return {
        "class_name": _NAMES[made["class_uid"]],
        "type_uid": made["class_uid"] * 100 + made["activity_id"],
        "type_name": f"{_NAMES[made['class_uid']]}: {made['activity_name']}",
    }


def _severity(event: Event) -> dict[str, Any]:
    if event.get("action") == "alert":
        return {"severity_id": 4, "severity": "High"}
    if event.get("outcome") == "refused":
        return {"severity_id": 3, "severity": "Medium"}
    return {"severity_id": 1, "severity": "Informational"}


def _status(event: Event) -> dict[str, Any]:
    outcome = str(event.get("outcome"))
    number, name = (1, "Success") if outcome == "ok" else (99, outcome) if outcome == "started" else (2, "Failure")
    said = event.get("refusal") or event.get("reason")
    made = {"status_id": number, "status": name, "status_code": outcome}
    return made | ({"status_detail": str(said)} if said else {})
