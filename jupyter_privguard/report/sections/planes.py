"""The second record: what the Jupyter server saw, and where the two do not tell the same."""

from __future__ import annotations

from collections.abc import Sequence

from ...audit.reconcile import KINDS, Gap
from ..blocks import Block, Cell, Facts, Paragraph, Table, badge, code, events, plain, who
from ..context import Context, SecondRecord
from ..section import Section
from ..words import count

__all__ = ["SECTION"]

_MOST = 200
_NONE = (
    "There is one record only: no Jupyter server has written its own beside this log where the maker of this report "
    "can read it. Whatever is done to the guard from within the kernel – taken out, patched over, ended by force – "
    "shows in such a record alone."
)
_ELSEWHERE = (
    "The Jupyter server's record is another account's, and the maker of this report may not read it. Whoever may can "
    "hold the two against each other with `privguard audit verify`."
)
_ONE_ACCOUNT = (
    "Both records were written by one account ({account}). On a laptop both are the same person's: whoever runs code "
    "in that account can reach the keys of both and rewrite both. Together they make accidents and carelessness show, "
    "and tampering against a checkpoint kept elsewhere; against that person they are no evidence."
)
_TWO_ACCOUNTS = (
    "The two records were written by two accounts: the kernels' by {kernels}, the server's by {server}. Code in a "
    "kernel cannot reach the server's keys or its record, so what the server tells supports evidence against the "
    "kernel's user. It is no evidence against whoever administers the server's account."
)
_READING = (
    "A gap is what one record tells and the other does not. Where the guard was off or a process died, both tell the "
    "same, and what the cell did is not known to the guard. All others contradict each other, and somebody has to be "
    "asked."
)


def _build(context: Context) -> list[Block]:
    second = context.second
    if second is None:
        return [Paragraph(plain(_NONE), "warning")]
    if not second.is_readable:
        return [Paragraph(plain(_ELSEWHERE), "warning")]
    gaps = context.gaps
    against = sum(gap.is_contradiction for gap in gaps)
    facts: list[tuple[str, Cell]] = [
        ("The server's record", plain(f"{count(second.size, 'event')}, whole")),
        ("Gaps in the kernels of this experiment", plain(len(gaps))),
        ("of these, contradictions", plain(against)),
    ]
    if second.hidden:
        facts.append(("Gaps in cells of others, not to be read here", plain(second.hidden)))
    blocks: list[Block] = [Facts(facts), _whose(second)]
    return [*blocks, Paragraph(plain(_READING), "note"), _table(gaps, context)] if gaps else blocks


def _whose(second: SecondRecord) -> Paragraph:
    kernels, server = second.accounts
    if kernels == server:
        return Paragraph(plain(_ONE_ACCOUNT.format(account=kernels)), "warning")
    return Paragraph(plain(_TWO_ACCOUNTS.format(kernels=kernels, server=server)), "note")


def _table(gaps: Sequence[Gap], context: Context) -> Table:
    left_out = f"; the newest {_MOST} of {count(len(gaps), 'gap')}" if len(gaps) > _MOST else ""
    return Table(
        f"Gaps between the two records{left_out}",
        ["Time (UTC)", "What", "Cell", "Notebook", "Account", "Kind", "Event"],
        [_row(gap, context) for gap in gaps[-_MOST:]],
    )


def _row(gap: Gap, context: Context) -> list[Cell]:
    says = KINDS[gap.kind][1]
    return [
        plain((gap.time or "not known").replace("T", " ").removesuffix("Z")),
        plain(f"{says[:1].upper()}{says[1:]}."),
        plain("not known" if gap.cell is None else f"[{gap.cell}]"),
        code(gap.notebook) if gap.notebook else plain("not known"),
        who(gap.person) if gap.person else plain("not known"),
        badge("contradiction" if gap.is_contradiction else "gap"),
        events(context.linked([gap.kernel_seq])),
    ]


SECTION = Section(order=48, id="planes", title="The second record", build=_build)
