"""Which keys there were, what they are for, and when they were made, renewed and destroyed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..blocks import Block, Cell, Facts, Paragraph, Table, badge, code, events, plain, proof, who
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..tables import table
from ..words import clock, count, query

__all__ = ["SECTION", "done", "key_facts"]

_ALGORITHMS = (
    ("tokens", "HMAC-SHA-256, under a key for each domain"),
    ("reversible masks", "AES-256 in SIV mode (RFC 5297), under a key for each domain"),
    ("reversible masks that keep their form", "FF1 (NIST SP 800-38G) with AES-256"),
    ("sealed files and the vault of handles", "AES-256-GCM"),
    ("one key from another", "HKDF-SHA-256 (RFC 5869)"),
    ("a passphrase over the keys, where there is one", "scrypt (RFC 7914)"),
    ("the log's checkpoints", "Ed25519 (RFC 8032), under a key of its own"),
    ("the log's tree", "SHA-256 (RFC 6962)"),
)
_READING = (
    "Ids of keys alone are in the log, never keys. Key ids tell which key made a handle in a file: one that was "
    "destroyed opens nothing any more."
)
_NONE = "No event tells of a key: those in use were made before this log began, or under another one."


def key_facts(context: Context) -> tuple[str | None, str | None, Event | None]:
    """The id of the current masking key, since when it is in use, and the event that tells; None where none does."""
    found = done(context.of("key.create", "key.rotate"))
    if not found:
        return None, None, None
    return str(found[-1].get("key_id")), found[-1]["time"], found[-1]


def done(found: Sequence[Event]) -> list[Event]:
    """The events of what was done: it is recorded before, and again with outcome ``error`` where it failed then."""
    counted: list[Event] = []
    for event in found:
        if event["outcome"] == "ok":
            counted.append(event)
        elif event["outcome"] == "error" and counted and counted[-1].get("key_id") == event.get("key_id"):
            counted.pop()
    return counted


def _build(context: Context) -> list[Block]:
    found = context.of("key.create", "key.unlock", "key.rotate", "key.destroy")
    blocks: list[Block] = [Facts(_facts(context, found))]
    if found:
        headings = ["When (UTC)", "What", "Key", "Before", "Account", "Outcome", "Event"]
        rest = query(context.experiment.name, "--action", "key.*")
        blocks += [Paragraph(plain(_READING), "note"), *table("Events of keys", headings, found, _row, rest=rest)]
    else:
        blocks.append(Paragraph(plain(_NONE), "note"))
    rows: list[list[Cell]] = [[plain(use), plain(algorithm)] for use, algorithm in _ALGORITHMS]
    return [*blocks, Table("Algorithms of this version, by use", ["Use", "Algorithm"], rows)]


def _facts(context: Context, found: list[Event]) -> list[tuple[str, Cell]]:
    key, since, told = key_facts(context)
    signer = context.log.vkey.split("+")
    rows: list[tuple[str, Cell]] = []
    if told is not None and since is not None:
        days = (context.now - datetime.fromisoformat(since)).days
        age = (*proof(str(key)), *plain(f" for {count(max(days, 0), 'day')} when this file was made "))
        rows.append(("Masking key in use", (*age, *events([told["seq"]]))))
    else:
        rows.append(("Masking key in use", plain("the log does not tell")))
    for word, action in (("Renewed", "key.rotate"), ("Destroyed", "key.destroy"), ("Wrong passphrases", "key.unlock")):
        own = [event for event in found if event["action"] == action]
        counted = [event for event in own if event["outcome"] == "refused"] if action == "key.unlock" else done(own)
        rows.append(
            (word, (*plain(f"{len(counted):,} "), *events(e["seq"] for e in counted)) if counted else plain("never"))
        )
    rows.append(
        ("Signer of the log", (*code(signer[0]), *plain(", key id "), *proof(signer[1] if len(signer) > 1 else "")))
    )
    return rows


def _row(event: Event) -> list[Cell]:
    alone = (*plain(" "), *badge("self")) if event["principal"]["assurance"] == "self" else ()
    return [
        plain(clock(event["time"])),
        code(event["action"]),
        proof(str(event["key_id"])) if event.get("key_id") else plain("not named"),
        proof(str(event["before"])) if event.get("before") else plain("-"),
        (*who(event["principal"]["id"]), *alone),
        badge(event["outcome"]),
        events([event["seq"]]),
    ]


SECTION = Section(order=52, id="keys", title="Keys", build=_build)
