"""``%privguard`` without more words: where one stands, on one small page, and what to type next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from IPython.display import display

from .. import runtime
from ..errors import PrivguardError
from ..policy.approvals import State

if TYPE_CHECKING:
    from ..guard.session import Session
    from .extension import Extension

__all__ = ["Dashboard", "dashboard"]

_NEWEST = 2000
"""Events that are looked at for what this session has masked."""
_TABLES = 8
_HEADINGS = ("table", "rows", "columns", "sensitive", "what they hold")


class _Table(NamedTuple):
    name: str
    rows: int
    columns: int
    entities: dict[str, int]
    """Sensitive columns by what they hold."""


class _Logged(NamedTuple):
    """What the log says, as far as it can be read."""

    state: str
    masked: dict[str, int]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Names, numbers and sentences; no value of a cell is in it."""

    headline: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[_Table, ...]
    more_tables: int
    next_steps: tuple[tuple[str, str], ...]
    """Commands, and what they do."""

    def __str__(self) -> str:
        width = max(len(name) for name, _ in self.facts)
        lines = [self.headline, *(f"  {name:<{width}}  {text}" for name, text in self.facts)]
        if self.tables:
            rows = [_HEADINGS, *map(_cells, self.tables)]
            widths = [max(len(row[at]) for row in rows) for at in range(len(_HEADINGS))]
            lines += [
                "",
                *("  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows),
            ]
            lines += [f"  and {self.more_tables} more"] if self.more_tables else []
        typed = max(len(command) for command, _ in self.next_steps)
        return "\n".join([*lines, "", *(f"  {command:<{typed}}  {about}" for command, about in self.next_steps)])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # Any: IPython's printer
        for at, line in enumerate(str(self).splitlines()):
            if at:
                printer.break_()
            printer.text(line)

    def _repr_html_(self) -> str:
        from html import escape

        facts = "".join(
            f'<tr><th scope="row" style="text-align:left">{escape(name)}</th>'
            f'<td style="text-align:left">{escape(text)}</td></tr>'
            for name, text in self.facts
        )
        parts = [f"<p><b>{escape(self.headline)}</b></p><table>{facts}</table>"]
        if self.tables:
            head = "".join(f'<th scope="col" style="text-align:left">{name}</th>' for name in _HEADINGS)
            body = "".join(
                f"<tr>{''.join(f'<td style=text-align:left>{escape(cell)}</td>' for cell in _cells(table))}</tr>"
                for table in self.tables
            )
            more = f"<p>and {self.more_tables} more</p>" if self.more_tables else ""
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}")
        steps = "".join(
            f"<li><code>{escape(command)}</code> {escape(about)}</li>" for command, about in self.next_steps
        )
        return f'<div class="privguard-dashboard">{"".join(parts)}<ul>{steps}</ul></div>'


def dashboard(extension: Extension) -> None:
    """Show the page of the guard in this shell; where it is off, why."""
    session = extension.session
    if session is None:
        print(extension.refusal)
        print("privguard: `privguard doctor` in a terminal names what is amiss.")
        return
    with session.takings.own_words():
        display(_made(extension.headline(), session))


def _made(headline: str, session: Session) -> Dashboard:
    tables = _tables(session)
    logged = _logged(session)
    amiss = _amiss()
    waiting, answer_with = _waiting()
    facts = {
        "you": f"{session.principal.id}, assurance {session.principal.assurance}",
        "purpose": session.purpose or "-",
        "experiment": session.experiment or "-",
        "masked so far": ", ".join(f"{entity} {count}" for entity, count in logged.masked.items()) or "nothing",
        "log": logged.state,
        "approvals": waiting,
        "set-up": _set_up(amiss),
    }
    if session.policy_problem:
        facts = {"policy": session.policy_problem.removeprefix("privguard: "), **facts}
    shown = tuple((name, session.safe(text) or "-") for name, text in facts.items())
    return Dashboard(
        headline, shown, tables[:_TABLES], len(tables[_TABLES:]), _next_steps(session, tables, amiss, answer_with)
    )


def _tables(session: Session) -> tuple[_Table, ...]:
    with session.locked():
        found = [
            (name, seen.rows, list(session.knowledge.classification(obj, seen)))
            for name, obj, seen in session.knowledge.tables()
        ]
    return tuple(
        _Table(session.safe(name) or "-", rows, len(verdicts), Counter(v.entity for v in verdicts if v.is_sensitive))
        for name, rows, verdicts in found
    )


def _logged(session: Session) -> _Logged:
    """What the newest events say: of this session what it masked, of the log where it is."""
    try:
        reader = runtime.log_reader()
        size = reader.size
        events = list(reader.events(after=max(0, size - _NEWEST)))
    except PrivguardError as error:
        return _Logged(str(error).removeprefix("privguard: "), {})
    masked: Counter[str] = Counter()
    for event in events:
        if event.get("session") == session.id and isinstance(event.get("masked"), dict):
            masked.update({str(name): count for name, count in event["masked"].items() if isinstance(count, int)})
    last = f"; the last is {events[-1].get('action')} at {_moment(events[-1])}" if events else ""
    return _Logged(f"{size} events{last}", dict(masked.most_common()))


def _moment(event: dict[str, Any]) -> str:
    return f"{str(event.get('time')).partition('.')[0].replace('T', ' ')} UTC"


def _waiting() -> tuple[str, list[str]]:
    """Approvals that wait, in words, and the commands that list those which wait for this person's answer."""
    with suppress(PrivguardError):
        of_tiers = [one for one in runtime.known_requests() if one.standing.state is State.PENDING]
        of_models = runtime.open_requests()
        mine = [sum(one.may_answer for one in of_tiers), sum(one.may_answer for one in of_models)]
        others = len(of_tiers) + len(of_models) - sum(mine)
        told = [f"{sum(mine)} for your answer"] * any(mine) + [f"{others} for somebody else's answer"] * bool(others)
        commands = ["!privguard approval list"] * bool(mine[0]) + ["!privguard model list"] * bool(mine[1])
        return ", ".join(told) or "none wait", commands
    return "cannot be read; %privguard approval says why", []


def _amiss() -> list[str]:
    from ..diagnose import diagnose

    return [check.name for check in diagnose(quick=True) if not check.good]


def _set_up(amiss: list[str]) -> str:
    """What a quick look has found, and what it has passed over."""
    from ..diagnose import not_quick

    found = f"{len(amiss)} amiss ({', '.join(amiss)})" if amiss else "nothing amiss"
    *most, last = not_quick()
    return f"{found} at a quick look, which leaves {', '.join(most)} and {last} to %privguard doctor"


def _next_steps(
    session: Session, tables: Iterable[_Table], amiss: list[str], answer_with: list[str]
) -> tuple[tuple[str, str], ...]:
    steps = []
    if amiss:
        steps.append(("%privguard doctor", "what is amiss, and its cure"))
    steps += [(command, "what others ask of you") for command in answer_with]
    first = next((table.name for table in tables), None)
    if first is None:
        steps.append(("df = pd.read_csv(FILE); df", "load a table and look at it, masked"))
    else:
        steps.append((f"%privguard classify {first}", "why each column is masked as it is"))
        steps.append((f"%privguard set {first}.COLUMN ENTITY", "say what a column holds"))
    if session.experiment is None:
        steps.append(("%%secure --experiment NAME --purpose TEXT", "name what a cell is for, as its first line"))
    else:
        steps.append(("%privguard report", "the compliance file of this experiment"))
    steps.append(("%privguard help", "all commands"))
    return tuple(steps)


def _cells(table: _Table) -> tuple[str, ...]:
    held = ", ".join(f"{name} {count}" if count > 1 else name for name, count in table.entities.items())
    return (table.name, str(table.rows), str(table.columns), str(sum(table.entities.values())), held or "-")
