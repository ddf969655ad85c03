"""What this file does not know: what was not measured here, and what is never measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..blocks import Block, Cell, Paragraph, Table, plain
from ..concerns import unsure_columns
from ..context import Context
from ..experiments import Event
from ..section import Section
from ..words import count, few, seqs
from .endpoints import settings

__all__ = ["SECTION", "Unmeasured", "unmeasured"]

_READING = "What is listed here was not looked at or could not be, so that nothing in this file speaks for it."
_NEVER = (
    ("Whether the code serves its purpose", "A purpose is what its author typed."),
    ("Whether masked data is anonymous", "Masks are pseudonyms; risks of singling out and linking are not computed."),
    ("What was read off a screen", "Photographs, screen shots and notes by hand leave no event."),
    ("What code computed and printed in another form", "Outputs are searched for values, and not for what they imply."),
    (
        "Data outside of the guarded kernels",
        "Other programs, accounts and machines have records of their own, or none.",
    ),
    ("Whether sources are lawful and correct", "Where data comes from and whether it is true the log cannot know."),
)


class Unmeasured(NamedTuple):
    """One thing that was not measured here."""

    what: str
    why: str
    """What follows, or how it would be measured."""
    seqs: tuple[int, ...] = ()


def unmeasured(context: Context) -> list[Unmeasured]:
    """What was not measured in this experiment, in the order of the report."""
    return [*_records(context), *_outputs(context), *_data(context), *_policy(context)]


def _build(context: Context) -> list[Block]:
    found = unmeasured(context)
    rows: list[list[Cell]] = [[plain(one.what), plain(one.why), few(one.seqs)] for one in found]
    never: list[list[Cell]] = [[plain(what), plain(why)] for what, why in _NEVER]
    blocks: list[Block] = [Paragraph(plain(_READING), "note")]
    if rows:
        blocks.append(Table("Not measured in this experiment", ["What", "What follows", "Events"], rows))
    return [*blocks, Table("Never measured by this software", ["What", "Why"], never)]


def _records(context: Context) -> Iterator[Unmeasured]:
    if context.second is None:
        yield Unmeasured("A server's second record", "What is done to the guard from within the kernel does not show.")
    elif not context.second.is_readable:
        yield Unmeasured("The server's second record", "It is another account's; whoever may read it can compare.")
    if not context.anchors:
        yield Unmeasured(
            "Checkpoints kept by somebody else", "Who holds the signing key could have written another log."
        )
    if not [event for event in context.of("archive") if event["outcome"] == "ok"]:
        yield Unmeasured("An archive of the log", "The log knows of no copy that is locked for its term.")
    if context.unfinished:
        yield _of("How some cells ended", "They have no end in the log.", context.unfinished)
    lost = [event for event in context.runs if event["outcome"] == "lost"]
    if lost:
        yield _of("What some cells did last", "Their process died.", lost)
    if context.elsewhere:
        told = count(len(context.elsewhere), "cell")
        yield Unmeasured(
            "Cells of the same sessions", f"{told} named another experiment or none, and are not in this file."
        )


def _outputs(context: Context) -> Iterator[Unmeasured]:
    unseen = [e for e in context.runs if any(sink.get("unseen") for sink in e.get("sinks") or ())]
    if unseen:
        yield _of("What started programs read and wrote", "The log tells that they ran.", unseen)
    withheld = [event for event in context.of("alert") if event.get("exit")]
    if withheld:
        yield _of("Outputs that could not be masked", "They were withheld; what was in them is not known.", withheld)
    if any(context.runs) and not any(event.get("shown") or event.get("masked") for event in context.runs):
        yield Unmeasured("What was shown", "No cell showed a table, and no value was masked; text alone may have been.")


def _data(context: Context) -> Iterator[Unmeasured]:
    unsure = unsure_columns(context)
    if unsure:
        text = f"{count(len(unsure), 'column')} may hold personal data, and got no mask on that account."
        yield Unmeasured("What some columns hold", text, tuple(seq for *_, seq in unsure))
    untold = [event for event in context.loads if not isinstance(event["dataset"].get("rows"), int)]
    if untold:
        yield _of("How many rows some tables had", "Their loads do not tell.", untold)
    known = {event["dataset"]["name"] for event in context.loads}
    used = [e for e in context.runs if any(d.get("name") not in known for d in e.get("datasets") or ())]
    if used:
        yield _of("What some data sets hold", "They were used, and no load of them tells their columns.", used)
    if not context.of("quality.check"):
        yield Unmeasured("Data quality", "No validation was run; `pg.expectations(df)` makes a suite.")
    if not context.of("model.review"):
        yield Unmeasured("What models put out", "No model was reviewed.")


def _policy(context: Context) -> Iterator[Unmeasured]:
    without = [p for p in context.purposes if not p.bases]
    if without:
        numbers = tuple(sorted(seq for one in without for seq in one.seqs))
        yield Unmeasured("The lawful basis of some cells", "The policy names none, or the cells no purpose.", numbers)
    if context.runs and settings(context)[1] is None:
        yield Unmeasured("Terms and endpoints of the policy", "No event tells of them; an older version made the log.")
    untold = [event for event in context.of("guard.load") if not event.get("versions")]
    if untold:
        yield _of("Versions of other software", "Some sessions did not tell them.", untold)


def _of(what: str, why: str, found: list[Event]) -> Unmeasured:
    return Unmeasured(what, why, tuple(seqs(found)))


SECTION = Section(order=57, id="unmeasured", title="What was not measured", build=_build)
