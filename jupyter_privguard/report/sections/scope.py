"""What the report covers, in which mode the guard ran, and what it can promise in that mode."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from ..blocks import Block, Cell, Facts, Paragraph, code, plain, proof, who
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..words import claim, count, few, joined, listed, moment, names, seqs

__all__ = ["SECTION", "mode"]

_ALONE = (
    "Mode: the guard in the kernel alone. It prevents accidents, records, and makes tampering noticeable against any "
    "checkpoint kept elsewhere. A person with Python in the same account can reach memory, keys and files, so this "
    "record is no evidence against that person."
)
_ONE_ACCOUNT = (
    "Mode: kernel and server under one account, as on a laptop. Both records are the same person's: together they "
    "prevent accidents, record, and make tampering noticeable against any checkpoint kept elsewhere. They are no "
    "evidence against that person."
)
_TWO_ACCOUNTS = (
    "Mode: the server under another account. Its record supports evidence against the kernel's user, who cannot reach "
    "its keys or change it. Against whoever administers the server's account it is no evidence."
)
_UNREAD = (
    "Mode: there is a server's record of another account, which the maker of this report may not read. What is said "
    "here rests on the kernels' record alone: it prevents accidents, records, and makes tampering noticeable against "
    "any checkpoint kept elsewhere."
)
_SELF = (
    "“self” means that the person at the keyboard could have written the policy that grants the access, and could "
    "reach the keys and the log. Such events are not evidence that is independent of that person."
)
_APART = (
    "“os”, “server” and “hub” mean that the account was established, and its access granted, by something that the "
    "person at the keyboard could not change."
)
_TOKENS = (
    "A keyed token is a pseudonym: the same person has the same token within this deployment. Tokens are personal "
    "data still, and are not anonymous."
)
_MODES = {"alone": _ALONE, "one": _ONE_ACCOUNT, "two": _TWO_ACCOUNTS, "unread": _UNREAD}


def mode(context: Context) -> str:
    """``alone`` (no server's record), ``one`` or ``two`` accounts, or ``unread``."""
    second = context.second
    if second is None:
        return "alone"
    if not second.is_readable:
        return "unread"
    return "one" if second.accounts[0] == second.accounts[1] else "two"


def _build(context: Context) -> list[Block]:
    found = mode(context)
    tone = "body" if found == "two" else "warning"
    return [
        Facts(_facts(context)),
        Paragraph(plain(_MODES[found]), tone),
        *_assurance(context),
        Paragraph(plain(_TOKENS), "note"),
    ]


def _facts(context: Context) -> list[tuple[str, Cell]]:
    experiment = context.experiment
    state = f"closed on {moment(experiment.closed)}" if experiment.closed else "open: further cells may follow"
    rows: list[tuple[str, Cell]] = [
        ("Experiment", (*code(experiment.name), *plain(f" – {state}"))),
        ("Period", plain(f"{moment(experiment.began)} to {moment(experiment.last)}")),
        ("Accounts", _each(context.own, _account, who)),
        ("Tiers", _each(context.runs, _tier, plain, nothing="no tier recorded")),
        ("Cells", _cells(context)),
        ("Notebooks", names(experiment.notebooks)),
        ("Policy", _policy(context)),
        ("Left out", _left_out(context)),
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
    cells = [
        (*(mark(name) if name else plain(nothing)), *claim(f" in {count(len(own), _thing(own))}", own))
        for name, own in groups.items()
    ]
    return joined(cells)


def _thing(own: list[Event]) -> str:
    return "cell" if all(event["action"] == "cell.run" for event in own) else "event"


def _cells(context: Context) -> Cell:
    runs = context.runs
    if not runs and not context.unfinished:
        return plain("none ran")
    outcomes = listed(Counter(event["outcome"] for event in runs))
    ended = claim(f"{len(runs):,} ended: {outcomes}", runs) if runs else ()
    open_ = claim(f"{len(context.unfinished):,} without an end", context.unfinished) if context.unfinished else ()
    return joined([ended, open_])


def _policy(context: Context) -> Cell:
    loads = context.of("guard.load")
    used = dict.fromkeys(event["policy_sha256"] for event in context.own)
    parts: list[Cell] = []
    for digest in used:
        sources = dict.fromkeys(event.get("policy") or "" for event in loads if event["policy_sha256"] == digest)
        named = ", ".join(source for source in sources if source)
        parts.append((*code(named or "policy"), *plain(" with SHA-256 "), *proof(digest)))
    change = plain(f" – {len(used)} policies in turn") if len(used) > 1 else ()
    return (*joined(parts), *change)


def _left_out(context: Context) -> Cell:
    others = context.log.size - len(context.listed)
    text = f"{count(others, 'event')} of the log that do not bear on this experiment"
    elsewhere = len(context.elsewhere)
    if elsewhere:
        text += f"; {count(elsewhere, 'cell')} of the same sessions named another experiment or none"
    return plain(text)


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
        blocks.append(Paragraph((*plain(text), *few(seqs(alone))), "warning"))
    if apart:
        kinds = listed(Counter(event["principal"]["assurance"] for event in apart))
        text = f"{len(apart):,} of {count(len(own), 'event')} have another assurance ({kinds}). {_APART} "
        blocks.append(Paragraph((*plain(text), *few(seqs(apart)))))
    return blocks


SECTION = Section(order=12, id="scope", title="Scope and promise", build=_build)
