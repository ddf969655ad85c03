"""The evidence on an experiment: the signed page, the notebook that makes it anew, and what that notebook calls."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..audit.checkpoint import Checkpoint, sign
from ..audit.merkle import leaf_hash
from ..audit.proofs import Tree
from ..audit.verify import VerifiedLog, verify
from ..errors import InputError, LogError, Refused
from ..model import Tier
from ..policy.rules import Policy
from .anchors import held_against
from .events import log_reader, record
from .keys import log_key
from .place import check_allowed, home
from .place import policy as current_policy
from .planes import second_record
from .reading import Reading

if TYPE_CHECKING:
    from ..report.context import Context

__all__ = ["Evidence", "Pin", "Report", "evidence", "report", "report_context", "report_page"]

Done = Callable[[float], None]
_READ = 0.3
"""Share of the work of a report that reading the log is."""


class Pin(NamedTuple):
    """The state of a log that a report was made from."""

    size: int
    """Its records."""
    root: str
    """The root over them, in hexadecimal, or in base64 as earlier versions wrote it."""
    made: datetime
    """When that was, aware; what the server's log has from later on is left out too."""

    @classmethod
    def told(cls, size: int, root: str, made: str) -> Pin:
        """The state that a report's notebook tells of, ``made`` as an ISO 8601 text; InputError for no such time."""
        return cls(size, root, _moment(made))


def report_context(
    experiment: str,
    in_force: Policy,
    *,
    notebook: Path | None = None,
    pinned: Pin | None = None,
    packs: Sequence[str] = (),
) -> Context:
    """What a report on ``experiment`` reads. The log is verified first. Blocks for seconds.

    ``pinned``: as it was then, so that the report says the same again. ``packs``: of which controls, by names and
    files as `report.packs.chosen` takes them. LogError when the log or the server's is
    damaged, or has another past; InputError when it tells of no such experiment; Refused when the policy does not
    let this account export, or read events of others that the log holds: evidence is whole.
    """
    from ..report.context import gather
    from ..report.packs import chosen

    frameworks = chosen(packs)
    check_allowed("report", Tier.PUBLIC, in_force, experiment=experiment)
    verified = verify(log_reader())
    made = pinned.made if pinned is not None else _now()
    if pinned is not None:
        verified = _as_it_was(verified, pinned)
    try:
        Reading("report", in_force).check_whole(verified.events)
    except Refused as refused:
        record("report.export", in_force, outcome="refused", rule=refused.rule)
        raise
    return gather(
        experiment,
        verified,
        notebook=notebook,
        now=made,
        anchors=held_against(in_force),
        second=second_record(in_force, verified, until=made),
        frameworks=frameworks,
    )


class Report:
    """What was read for one experiment, in each form in which it is handed out. Each blocks for seconds."""

    def __init__(self, context: Context, in_force: Policy, done: Done = lambda _: None) -> None:
        """``done`` hears of the share of the work that is done; reading is over by now."""
        self._context = context
        self._in_force = in_force
        done(_READ)
        self._done: Done = lambda share: done(_READ + (1 - _READ) * share)

    def page(self) -> str:
        """The compliance HTML, signed by the log's key; errors as `report.build.render`."""
        from ..report.build import signed_page

        return signed_page(self._context, log_key(home()), patterns=self._in_force.all_patterns, done=self._done)

    def notebook(self) -> str:
        """The notebook that makes the page anew, as the text of its file; errors as `page`."""
        from ..report.build import render
        from ..report.executable import executable

        page = render(self._context, patterns=self._in_force.all_patterns, done=self._done)
        return executable(self._context, page)

    def csv_files(self) -> dict[str, str]:
        """File name → text of the parts that are handed out as CSV too; errors as `page`."""
        from ..report.build import check_csv
        from ..report.csv_files import csv_files

        found = csv_files(self._context)
        for name, text in found.items():
            check_csv(name, text, self._in_force.all_patterns)
        return found


def report(
    experiment: str,
    in_force: Policy,
    *,
    notebook: Path | None = None,
    packs: Sequence[str] = (),
    done: Done = lambda _: None,
) -> Report:
    """The report on ``experiment``, read and proven; arguments and errors as `report_context`."""
    return Report(report_context(experiment, in_force, notebook=notebook, packs=packs), in_force, done)


def report_page(
    experiment: str,
    in_force: Policy,
    *,
    notebook: Path | None = None,
    pinned: Pin | None = None,
    packs: Sequence[str] = (),
) -> str:
    """The compliance HTML of ``experiment``, signed by the log's key; arguments and errors as `report_context`."""
    context = report_context(experiment, in_force, notebook=notebook, pinned=pinned, packs=packs)
    return Report(context, in_force).page()


class Evidence:
    """The sections of a report, for its notebook."""

    def __init__(self, context: Context, in_force: Policy) -> None:
        """Those on ``context``, which are made when the first is asked for."""
        self._context = context
        self._in_force = in_force

    def __repr__(self) -> str:
        log = self._context.log
        return f"<evidence on {self._context.experiment.name}: {log.size} records, verified>"

    @cached_property
    def _sections(self) -> dict[str, str]:
        from ..report.build import render
        from ..report.executable import sections_of

        return sections_of(render(self._context, patterns=self._in_force.all_patterns))

    def section(self, name: str) -> _Html:
        """The section ``name`` of the report; InputError for one that it does not have."""
        if name not in self._sections:
            raise InputError(f"privguard: a report has no section of that name; it has {', '.join(self._sections)}.")
        return _Html(self._sections[name])


class _Html:
    """Markup that a notebook shows as such."""

    def __init__(self, text: str) -> None:
        self._text = text

    def _repr_html_(self) -> str:
        return self._text


def evidence(experiment: str, *, size: int, root: str, made: str, packs: Sequence[str] = ()) -> Evidence:
    """What the log of this deployment has on ``experiment``, as it was with ``size`` records.

    ``root`` is its root then, in hexadecimal or base64, and ``made`` the time, as an ISO 8601 text; ``packs`` and
    errors as `report_context`.
    """
    in_force = current_policy()
    pinned = Pin.told(size, root, made)
    return Evidence(report_context(experiment, in_force, pinned=pinned, packs=packs), in_force)


def _now() -> datetime:
    """Now, in milliseconds as the times of the log."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min
    if found.tzinfo is None:
        raise InputError("privguard: `made` is no time with its zone; take it from the report's notebook again.")
    return found


def _as_it_was(log: VerifiedLog, pinned: Pin) -> VerifiedLog:
    """The first records of ``log``, with a checkpoint of their own; LogError where they are not those of ``pinned``."""
    lines = log.lines[: pinned.size]
    root = Tree(leaf_hash(line.encode()) for line in lines).root()
    try:
        is_hex = len(pinned.root) == 2 * len(root)
        wanted = bytes.fromhex(pinned.root) if is_hex else base64.b64decode(pinned.root, validate=True)
    except (binascii.Error, ValueError):
        raise InputError("privguard: `root` is no root of a log; take it from the report's notebook again.") from None
    if len(lines) != pinned.size or root != wanted:
        raise LogError(
            f"privguard: this log does not begin with the {pinned.size:,} records that the report was made from; "
            "open its notebook where that log is."
        )
    if len(lines) == log.size:
        return log
    key = log_key(home())
    return VerifiedLog(len(lines), root, sign(Checkpoint(key.origin, len(lines), root), key), log.vkey, lines)
