"""What there is to say of one event in a line: for the list of events, to which all sections link."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .acts import on_what
from .experiments import Event
from .words import cell_name, count, listed

__all__ = ["details"]


def details(event: Event) -> tuple[str, str]:
    """A few words on what ``event`` is about, and a hash or random id of it; either may be empty."""
    if (told := _TOLD.get(event["action"])) is not None:
        return told(event)
    id_, what = on_what(event)
    return "; ".join(filter(None, (what, event.get("reason")))), id_ or ""


def _cell(event: Event) -> tuple[str, str]:
    masked = listed(event.get("masked") or {})
    return f"cell {cell_name(event)} at tier {event.get('tier')}" + (f"; masked {masked}" if masked else ""), ""


def _load(event: Event) -> tuple[str, str]:
    dataset = event["dataset"]
    return f"{dataset['name']}, {count(len(dataset['columns']), 'column')}", ""


def _guard(event: Event) -> tuple[str, str]:
    told = [("tier", event.get("tier")), ("version", event.get("version")), ("in a", event.get("host"))]
    text = ", ".join(f"{name} {value}" for name, value in told if value)
    return (f"{text}; {event['reason']}" if event.get("reason") else text), ""


def _changed(event: Event) -> tuple[str, str]:
    what = event.get("what") or ""
    parts = what if isinstance(what, list) else [what]
    return "; ".join(filter(None, (", ".join(map(str, parts)), event.get("reason")))), ""


def _sealed(event: Event) -> tuple[str, str]:
    name = (event.get("dataset") or {}).get("name") or ""
    return "; ".join(filter(None, (name, f"the file itself: {event['original']}" if event.get("original") else ""))), ""


def _checked(event: Event) -> tuple[str, str]:
    failed, made = event.get("failed") or 0, event.get("expectations")
    of = f" of {made}" if made else ""
    return "; ".join(filter(None, (event.get("deployment"), f"{failed}{of} not met"))), ""


def _reviewed(event: Event) -> tuple[str, str]:
    return f"{_version(event)}: {'blocked' if event.get('blocked') else 'passes'}", str(event.get("sha256") or "")


def _recorded(event: Event) -> tuple[str, str]:
    measured = ", ".join(str(metric.get("name")) for metric in event.get("metrics") or ())
    return "; ".join(filter(None, (_version(event), measured))), str(event.get("sha256") or "")


def _run(event: Event) -> tuple[str, str]:
    name, status = event.get("run_name"), event.get("status")
    return "; ".join(str(part) for part in (name, status) if part), str(event.get("run_id") or "")


def _scanned(event: Event) -> tuple[str, str]:
    unread = event.get("unread") or 0
    told = [
        f"{count(event.get('findings') or 0, 'finding')} in {count(event.get('files') or 0, 'file')}",
        f"{unread} not read" if unread else "",
        f"{event['fixed']} taken out" if event.get("fixed") else "",
    ]
    return "; ".join(filter(None, told)), ""


def _points(event: Event) -> tuple[str, str]:
    found = [point.get("status") for point in event.get("points") or ()]
    order = ("evidenced", "partial", "not evidenced")
    return ", ".join(f"{found.count(status)} {status}" for status in order if status in found), ""


def _archived(event: Event) -> tuple[str, str]:
    first, last = event.get("first"), event.get("last")
    records = f"records {first} to {last}, " if first is not None and first != last else ""
    return f"{records}to {event.get('to')}", str(event.get("sha256") or "")


def _alarm(event: Event) -> tuple[str, str]:
    of = f"{_version(event)} as {event['alias']}" if event.get("alias") else _version(event)
    told = [event.get("about"), of, event.get("problem"), event.get("exit"), event.get("reason")]
    return "; ".join(str(part) for part in told if part), str((event.get("error") or {}).get("id") or "")


def _version(event: Event) -> str:
    model, version = event.get("model"), event.get("version")
    return f"version {version} of {model}" if version else str(model or "")


_TOLD: Mapping[str, Callable[[Event], tuple[str, str]]] = {
    "alert": _alarm,
    "archive": _archived,
    "cell.run": _cell,
    "cell.start": _cell,
    "checklist": _points,
    "data.load": _load,
    "data.seal": _sealed,
    "endpoint.use": lambda event: (" by ".join(filter(None, (event.get("endpoint"), event.get("tls")))), ""),
    "guard.changed": _changed,
    "guard.load": _guard,
    "key.create": lambda event: ("key made", event.get("key_id") or "not named"),
    "key.unlock": lambda event: ("a passphrase that opens no key" if event["outcome"] == "refused" else "", ""),
    "model.record": _recorded,
    "model.review": _reviewed,
    "quality.check": _checked,
    "report.export": lambda event: (f"{event.get('path')}", str(event.get("sha256"))),
    "run.end": _run,
    "run.start": _run,
    "scan": _scanned,
}
