"""The log as CADF events, a JSON object a line, as IBM's cloud logs and others take them.

Source: DMTF DSP0262 1.0, "Cloud Auditing Data Federation (CADF) Data Format and Interface Definitions":
its event, resource, reason and attachment, and its taxonomies of actions, outcomes and resources. The name
has the form ``service.object.action`` that IBM Cloud documents for its activity tracking events.
An event that touches several data sets becomes several, one a target.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..accesses import Event, Part, number_of, parts_of, said_by
from .identity import VENDOR, record_uuid

__all__ = ["rows"]

_TYPE = "http://schemas.dmtf.org/cloud/audit/1.0/event"
_TABLE, _USER, _OBSERVER = "data/database/table", "data/security/account/user", "service/security/audit/filter"

_ACTIONS = {
    "guard.load": ("start", "data/module"),
    "guard.unload": ("stop", "data/module"),
    "guard.changed": ("configure", "data/module"),
    "cell.start": ("start", "data/workload/task"),
    "cell.run": ("read", "data/workload/task"),
    "data.load": ("read", _TABLE),
    "data.seal": ("backup", "data/file"),
    "data.unseal": ("restore", "data/file"),
    "experiment.close": ("stop", "data/workload/job"),
    "reveal": ("read", "data/security/identity"),
    "log.read": ("read", "data/file/log"),
    "report.export": ("create", "data/file"),
    "quality.check": ("monitor", _TABLE),
    "policy.change": ("update", "data/security/policy"),
    "class.change": ("update", "data/database/schema"),
    "key.create": ("create", "data/security/key"),
    "key.unlock": ("authenticate", "data/security/key"),
    "key.rotate": ("renew", "data/security/key"),
    "key.destroy": ("delete", "data/security/key"),
    "bearer.issue": ("create", "data/security/credential"),
    "bearer.revoke": ("revoke", "data/security/credential"),
    "approval.request": ("send", "data/security/account/user/privilege"),
    "approval.grant": ("allow", "data/security/account/user/privilege"),
    "approval.deny": ("deny", "data/security/account/user/privilege"),
    "approval.expire": ("revoke", "data/security/account/user/privilege"),
    "model.review": ("evaluate", "data/workload/service"),
    "model.predict": ("read", "data/workload/service"),
    "model.record": ("create", "data/workload/service"),
    "model.request": ("send", "data/security/account/user/privilege"),
    "model.approve": ("allow", "data/security/account/user/privilege"),
    "model.deny": ("deny", "data/security/account/user/privilege"),
    "model.alias": ("update", "data/workload/service"),
    "run.start": ("start", "data/workload/job"),
    "run.end": ("stop", "data/workload/job"),
    "scan": ("monitor", "data/file"),
    "checklist": ("evaluate", _OBSERVER),
    "archive": ("backup", "data/file/log"),
    "alert": ("notify", _OBSERVER),
}
"""Action of the log to CADF action and the kind of its target where it names no data set."""

_OUTCOMES = {"ok": "success", "started": "pending", "lost": "unknown"}
"""All other outcomes are failures."""

_ATTACHED = ("tier", "purpose", "experiment", "notebook", "cell", "masked", "sinks", "duration_ms", "policy_sha256")


def rows(events: Iterable[Event], *, origin: str) -> Iterator[bytes]:
    """CADF events in the order of the log, each ended by a newline; ``origin`` is the name of the log."""
    for event in events:
        for number, part in enumerate(parts_of(event) or [None]):
            made = _event(event, part, number, origin)
            yield json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _event(event: Event, part: Part | None, number: int, origin: str) -> dict[str, Any]:
    action, kind = _ACTIONS.get(str(event.get("action")), ("unknown", "unknown"))
    refused = event.get("outcome") == "refused"
    made: dict[str, Any] = {
        "typeURI": _TYPE,
        "eventType": "control" if refused else "activity",
        "id": _identifier(origin, event, number),
        "eventTime": str(event.get("time")).replace("Z", "+00:00"),
        "name": f"{VENDOR.replace('_', '-')}.{_object(event)}.{action}",
        "action": action,
        "outcome": _OUTCOMES.get(str(event.get("outcome")), "failure"),
        "severity": "critical" if event.get("action") == "alert" else "warning" if refused else "normal",
        "initiator": _initiator(event),
        "target": _target(event, part, kind),
        "observer": {"id": origin, "typeURI": _OBSERVER, "name": VENDOR},
        "attachments": [_attachment(event, part)],
    }
    why = _reason(event)
    return made | ({"reason": why} if refused or "reasonCode" in why else {})


def _identifier(origin: str, event: Event, number: int) -> str:
    first = record_uuid(origin, number_of(event))
    return first if number == 0 else record_uuid(f"{origin}#{number}", number_of(event))


def _object(event: Event) -> str:
    return str(event.get("action")).partition(".")[0]


def _initiator(event: Event) -> dict[str, Any]:
    name = next(iter(said_by(event)), "unknown")
    return {"id": name, "typeURI": _USER, "name": name}


def _target(event: Event, part: Part | None, kind: str) -> dict[str, Any]:
    if part is not None and (part.dataset or part.source):
        where = [{"url": part.source}] if part.source else []
        named = {"id": part.source or part.dataset, "typeURI": _TABLE, "name": part.dataset}
        return named | ({"addresses": where} if where else {})
    name = next(
        (
            str(event[key])
            for key in ("key_id", "handle", "approval", "experiment", "notebook", "session")
            if event.get(key)
        ),
        str(event.get("action")),
    )
    return {"id": name, "typeURI": kind, "name": name}


def _reason(event: Event) -> dict[str, str]:
    """Which policy decided, and what was said; a control event has to have it."""
    policy = str(event.get("policy_sha256") or "unknown")
    made = {"policyType": "urn:jupyter_privguard:policy", "policyId": policy}
    said = event.get("refusal") or event.get("reason")
    code = event.get("rule") or event.get("outcome")
    return made | ({"reasonType": str(said), "reasonCode": str(code)} if said else {})


def _attachment(event: Event, part: Part | None) -> dict[str, Any]:
    content = {name: event[name] for name in _ATTACHED if event.get(name) is not None}
    content |= {"seq": number_of(event), "action": event.get("action"), "outcome": event.get("outcome")}
    if part is not None:
        content |= {"columns": list(part.columns), "how": list(part.how), "rows": part.rows, "masks": dict(part.masks)}
    return {"typeURI": "application/json", "name": "privguard", "content": content}
