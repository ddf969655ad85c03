"""What each record holds and does not hold: inputs and outputs, or only what is said about them."""

from __future__ import annotations

from ..blocks import Block, Cell, Facts, Paragraph, Table, events, plain
from ..context import Context
from ..section import Section
from ..words import count, few, seqs
from .endpoints import settings
from .scope import mode

__all__ = ["SECTION"]

_ANSWER = (
    "Inputs and outputs themselves are in no record: no cell of a table, no printed text, no picture, no answer of a "
    "person. The records hold what is said about them: names, kinds, masks, counts and digests."
)
_LAYERS = ("Kernels' record", "Server's record", "This file")
_CODE = "without literals and comments; a keyed digest of the whole"
_USED = "loaded, shown, filtered, joined, computed, fitted, exported"
_SHOWN = "which columns under which mask, and how many values were masked"
_SAME = "as the kernels'"
_MATRIX = (
    ("Who, when, which notebook and kernel", "yes", "yes", "yes"),
    ("Purpose, experiment, tier, reason", "yes", "no", "yes"),
    ("Code of a cell", _CODE, "a keyed digest", _SAME),
    ("Data sets: name, source, number of rows", "yes", "no", "yes"),
    ("Columns: label, what they hold, how sure", "yes", "no", "yes"),
    ("How columns were used", _USED, "no", "yes"),
    ("Values that went in", "never", "never", "never"),
    ("What was shown", _SHOWN, "kinds, size and a digest", _SAME),
    ("Values that came out", "never", "never", "never"),
    ("How a cell ended, and how long it took", "yes", "yes", _SAME),
    ("Messages of errors", "of refusals alone", "no", "of refusals alone"),
    ("What a person typed at a prompt", "never", "never", "never"),
    ("Files that code wrote", "name and size", "no", "name and size"),
    ("Files that went through the server", "no", "path, size and a digest", "no"),
    ("Connections and programs of code", "host and port; that a program ran", "no", _SAME),
    ("Handles of values that were looked up", "yes", "no", "yes"),
    ("Keys", "their ids", "their ids", "their ids"),
)
_HANDLES = (
    "What a handle stands for is kept apart, in a sealed vault on the machine of the kernel, and is opened by reveal "
    "alone. Labels, paths and reasons that look like a value are stored as a token in every record."
)


def _build(context: Context) -> list[Block]:
    rows: list[list[Cell]] = [[plain(what), *(plain(one) for one in held)] for what, *held in _MATRIX]
    return [
        Paragraph(plain(_ANSWER)),
        Table("What each record holds", ["What", *_LAYERS], rows),
        Facts(_there(context)),
        Paragraph(plain(_HANDLES), "note"),
    ]


def _there(context: Context) -> list[tuple[str, Cell]]:
    found, told = settings(context)
    archives = [event for event in context.of("archive") if event["outcome"] == "ok"]
    second = context.second
    servers = {
        "alone": "none that is there to be read",
        "unread": "there, of another account, and not read for this file",
        "one": f"there, {count(second.size if second else 0, 'event')}, by the same account",
        "two": f"there, {count(second.size if second else 0, 'event')}, by another account",
    }[mode(context)]
    store: Cell = plain("the log does not tell")
    if told is not None:
        text = "holds the kernels' lines as they are" if found.get("store") else "none named by the policy"
        store = (*plain(f"{text} "), *events([told["seq"]]))
    archive = f"holds the kernels' lines as they are, in {count(len(archives), 'segment')} "
    return [
        ("Kernels' record", plain(f"there, {count(context.log.size, 'event')}")),
        ("Server's record", plain(servers)),
        ("Team store", store),
        ("Archive", (*plain(archive), *few(seqs(archives))) if archives else plain("none")),
    ]


SECTION = Section(order=55, id="capture", title="What the records hold", build=_build)
