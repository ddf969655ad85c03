"""Which machines the policy lets be reached, which ones were, and how these ways are kept safe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..blocks import Block, Cell, Facts, Paragraph, code, events, plain, proof, who
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..tables import table
from ..words import cell_name, clock, few, names, query, seqs

__all__ = ["SECTION", "connections", "settings"]

_TLS = (
    "What this software itself reaches – an archive, a team's store – it reaches only where the policy names the host, "
    "and by TLS with the other side's name verified, unless the policy says otherwise. Of connections that a cell "
    "opens the log has host and port; whether they were encrypted it does not tell."
)


def settings(context: Context) -> tuple[Mapping[str, Any], Event | None]:
    """The settings of the newest policy that an event tells of, and the event; empty where none does."""
    told = [event for event in context.policies if isinstance(event.get("settings"), dict)]
    return (told[-1]["settings"], told[-1]) if told else ({}, None)


def connections(context: Context) -> list[tuple[Event, Mapping[str, Any]]]:
    """The cells that opened connections, and the sink of each."""
    return [(event, sink) for event in context.runs for sink in event.get("sinks") or () if sink.get("kind") == "net"]


def _build(context: Context) -> list[Block]:
    return [
        Facts(_facts(context)),
        Paragraph(plain(_TLS), "note"),
        *_used(context),
        *_reached(context),
        *_archives(context),
    ]


def _facts(context: Context) -> list[tuple[str, Cell]]:
    found, told = settings(context)
    if told is None:
        return [("Policy", plain("the log does not tell which endpoints the policy names"))]
    link = (*plain(" "), *events([told["seq"]]))
    hosts = found.get("endpoints") or ()
    http = "allowed by the policy" if found.get("http") else "refused"
    return [
        ("Hosts that may be reached", (*(names(hosts) if hosts else plain("none")), *link)),
        ("Plain http and unverified TLS", (*plain(http), *link)),
        ("Team store", (*_store(found.get("store")), *link)),
        ("Anchors", (*names(found.get("anchors") or ()), *link)),
    ]


def _store(found: Mapping[str, Any] | None) -> Cell:
    if not found:
        return plain("none: the log is kept on this machine alone")
    place = (*code(str(found.get("host"))), *plain(", database "), *code(str(found.get("database"))))
    return (*place, *plain(f", TLS by sslmode {found.get('sslmode')}"))


def _used(context: Context) -> list[Block]:
    """Each endpoint once for each way in which it was protected."""
    groups: dict[tuple[str, ...], list[Event]] = {}
    for event in context.of("endpoint.use"):
        way = (
            str(event.get("endpoint")),
            str(event.get("protocol")),
            *map(str, (event.get("tls"), event.get("cipher"))),
        )
        groups.setdefault(way, []).append(event)
    if not groups:
        return [Paragraph(plain("This software reached no other machine for this log."))]
    headings = ["Endpoint", "Protocol", "TLS", "Cipher", "First and last (UTC)", "Events"]
    rest = query(context.experiment.name, "--action", "endpoint.use")
    return table(
        "Machines that this software reached, and by which TLS", headings, list(groups.items()), _way, rest=rest
    )


def _way(item: tuple[tuple[str, ...], list[Event]]) -> list[Cell]:
    (endpoint, protocol, version, cipher), own = item
    return [
        code(endpoint),
        plain(protocol),
        plain("none, or not known" if version == "None" else version),
        plain("none, or not known" if cipher == "None" else cipher),
        plain(f"{clock(own[0]['time'])} to {clock(own[-1]['time'])}"),
        few(seqs(own)),
    ]


def _reached(context: Context) -> list[Block]:
    found = connections(context)
    if not found:
        return [Paragraph(plain("No cell of this experiment opened a connection."))]
    headings = ["Host", "Direction", "Bytes sent", "Cell", "Account", "Event"]
    rest = query(context.experiment.name, "--action", "cell.run", "--format", "json")
    return table("Connections that cells opened", headings, found, _connection_row, rest=rest)


def _connection_row(found: tuple[Event, Mapping[str, Any]]) -> list[Cell]:
    event, sink = found
    size = sink.get("bytes")
    return [
        code(str(sink.get("target"))),
        plain(sink.get("direction") or "not known"),
        plain(size if isinstance(size, int) else "not known"),
        code(cell_name(event)),
        who(event["principal"]["id"]),
        events([event["seq"]]),
    ]


def _archives(context: Context) -> list[Block]:
    found = context.of("archive")
    if not found:
        return [Paragraph(plain("The log was not archived."))]
    groups: dict[str, list[Event]] = {}
    for event in found:
        groups.setdefault(str(event.get("to") or "refused"), []).append(event)
    rest = query(context.experiment.name, "--action", "archive")
    headings = ["Archive", "Segments", "Last (UTC)", "SHA-256 of the last", "Events"]
    return table("Archives that got the log", headings, list(groups.items()), _archive_row, rest=rest)


def _archive_row(item: tuple[str, list[Event]]) -> list[Cell]:
    to, own = item
    return [
        code(to),
        plain(sum(event["outcome"] == "ok" for event in own)),
        plain(clock(own[-1]["time"])),
        proof(str(own[-1].get("sha256") or "none")),
        few(seqs(own)),
    ]


SECTION = Section(order=53, id="endpoints", title="Endpoints and TLS", build=_build)
