"""Who did what, when, for what purpose and at which tier; and how far this can be trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from ..blocks import Block, Cell, Facts, Paragraph, code, events, plain, proof, who
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..shown import shown_columns
from ..words import claim, count, listed, moment, names, seqs

__all__ = ["SECTION"]

_SELF = (
    "“self” means that the person at the keyboard could have written the policy that grants the access, and could "
    "reach the keys and the log. For such events the guard prevents accidents, keeps a record, and makes tampering "
    "noticeable to whoever holds an earlier checkpoint of the log; they are not evidence that is independent of "
    "that person."
)
_APART = (
    "“os”, “server” and “hub” mean that the account was established, and its access granted, by something that the "
    "person at the keyboard could not change."
)
_TOKENS = (
    "A keyed token is a pseudonym: the same person has the same token within this deployment. Tokens are personal "
    "data still, and are not anonymous."
)


def _build(context: Context) -> list[Block]:
    return [_lead(context), Facts(_facts(context)), *_assurance(context), Paragraph(plain(_TOKENS), "note")]


def _lead(context: Context) -> Paragraph:
    return Paragraph(
        plain(
            "This file supports evidence about one experiment: who ran what, which columns were seen under which "
            f"mask, and what left the notebook. It was made on {moment(context.now)} from a log of "
            f"{count(context.log.size, 'record')}, all of which were recomputed and found intact. It judges nobody: "
            "whether a rule is met is for people to decide."
        ),
        "lead",
    )


def _facts(context: Context) -> list[tuple[str, Cell]]:
    experiment = context.experiment
    state = f"closed on {moment(experiment.closed)}" if experiment.closed else "open: further cells may follow"
    rows: list[tuple[str, Cell]] = [
        ("Experiment", (*code(experiment.name), *plain(f" – {state}"))),
        ("Period", plain(f"{moment(experiment.began)} to {moment(experiment.last)}")),
        ("Accounts", _each(context.own, _account, who)),
        ("Purposes", _each(context.runs, lambda event: event.get("purpose") or "", code, nothing="no purpose named")),
        ("Tiers", _each(context.runs, _tier, plain, nothing="no tier recorded")),
        ("Cells", _cells(context)),
        ("Columns seen", _columns(context)),
        ("Values masked", _masked(context)),
        ("Files and other ways out", _sinks(context)),
        ("Notebooks", names(experiment.notebooks)),
        ("Policy", _policy(context)),
    ]
    if context.notebook:
        rows.append(("Notebook file", _notebook(context)))
    return rows


def _tier(event: Event) -> str:
    """A refused cell ran at no tier; it asked for one."""
    tier = event.get("tier") or ""
    return f"{tier} asked for and refused" if tier and event["outcome"] == "refused" else tier


def _account(event: Event) -> str:
    return str(event["principal"]["id"])


def _each(
    found: Iterable[Event], key: Callable[[Event], str], mark: Callable[[str], Cell], *, nothing: str = "none"
) -> Cell:
    groups: dict[str, list[Event]] = {}
    for event in found:
        groups.setdefault(key(event), []).append(event)
    if not groups:
        return plain("none: no cell ran")
    cells: list[Cell] = []
    for position, (name, own) in enumerate(groups.items()):
        cells.append(plain("; ") if position else ())
        cells.append(mark(name) if name else plain(nothing))
        cells.append(claim(f" in {count(len(own), _thing(own))}", own))
    return tuple(mark for cell in cells for mark in cell)


def _thing(own: list[Event]) -> str:
    return "cell" if all(event["action"] == "cell.run" for event in own) else "event"


def _cells(context: Context) -> Cell:
    runs = context.runs
    if not runs and not context.unfinished:
        return plain("none ran")
    outcomes = listed(Counter(event["outcome"] for event in runs))
    ended = claim(f"{len(runs):,} ended: {outcomes}", runs) if runs else ()
    open_ = claim(f"{'; ' if runs else ''}{len(context.unfinished):,} without an end", context.unfinished)
    return (*ended, *(open_ if context.unfinished else ()))


def _columns(context: Context) -> Cell:
    shown = shown_columns(context.runs)
    if not shown:
        return plain("none: no cell showed a column of a table")
    sensitive = [column for column in shown if column.is_sensitive]
    masked = {(column.dataset, column.label) for column in sensitive if not column.is_clear}
    clear = {(column.dataset, column.label) for column in sensitive if column.is_clear}
    others = {(column.dataset, column.label) for column in shown if not column.is_sensitive}
    if not sensitive:
        return plain(f"{count(len(others), 'column')}, none of them classified as sensitive")
    text = f"{count(len(masked | clear), 'classified column')}, {len(masked):,} of them under a mask "
    parts: Cell = (*plain(text), *events(seq for column in sensitive if not column.is_clear for seq in column.seqs))
    if clear:
        parts += (
            *plain(f", {len(clear):,} in clear at least once "),
            *events(seq for column in sensitive if column.is_clear for seq in column.seqs),
        )
    return (*parts, *plain(f"; besides {len(others):,} not classified as sensitive"))


def _masked(context: Context) -> Cell:
    runs = [event for event in context.runs if event.get("masked")]
    if not runs:
        return plain("none")
    return claim(f"{sum(sum(event['masked'].values()) for event in runs):,}", runs)


def _sinks(context: Context) -> Cell:
    runs = [event for event in context.runs if event.get("sinks")]
    if not runs:
        return plain("none recorded")
    kinds = Counter(sink["kind"] for event in runs for sink in event["sinks"])
    return claim(listed(kinds), runs)


def _policy(context: Context) -> Cell:
    loads = context.of("guard.load")
    used = {event["policy_sha256"] for event in context.own}
    parts: list[Cell] = []
    for digest in dict.fromkeys(event["policy_sha256"] for event in context.own):
        sources = dict.fromkeys(event.get("policy") or "" for event in loads if event["policy_sha256"] == digest)
        named = ", ".join(source for source in sources if source)
        parts.append((*code(named or "policy"), *plain(" with SHA-256 "), *proof(digest)))
    change = plain(f" – {len(used)} policies in turn") if len(used) > 1 else ()
    return (*(mark for cell in parts for mark in (*cell, *plain(" "))), *change)


def _notebook(context: Context) -> Cell:
    file = context.notebook
    if file is None:
        return ()
    return (
        *code(file.name),
        *plain(f" – {count(file.cells, 'cell')}, SHA-256 "),
        *proof(file.sha256),
        *plain(". Named so that it can be told from others; nothing of its content is in this file."),
    )


def _assurance(context: Context) -> list[Block]:
    own = context.own
    alone = [event for event in own if event["principal"]["assurance"] == "self"]
    apart = [event for event in own if event["principal"]["assurance"] != "self"]
    blocks: list[Block] = []
    if alone:
        text = f"{len(alone):,} of {count(len(own), 'event')} have the assurance “self”. {_SELF} "
        blocks.append(Paragraph((*plain(text), *events(seqs(alone))), "warning"))
    if apart:
        kinds = listed(Counter(event["principal"]["assurance"] for event in apart))
        text = f"{len(apart):,} of {count(len(own), 'event')} have another assurance ({kinds}). {_APART} "
        blocks.append(Paragraph((*plain(text), *events(seqs(apart)))))
    return blocks


SECTION = Section(order=10, id="summary", title="Summary", build=_build)
