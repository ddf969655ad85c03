"""VerifiedLog → notebook → one HTML file, which is checked before it is handed out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ..audit.verify import VerifiedLog
from ..errors import PrivguardError
from ..model import Pattern
from .context import SecondRecord, gather
from .offline import fetches
from .page import make_notebook, to_html
from .raw import raw_sections
from .section import sections

__all__ = ["build", "check_page"]


def build(
    experiment: str,
    log: VerifiedLog,
    *,
    notebook: Path | None = None,
    now: datetime,
    patterns: tuple[Pattern, ...] = (),
    anchors: tuple[str, ...] = (),
    second: SecondRecord | None = None,
) -> str:
    """The report on ``experiment`` as one HTML page; the same bytes for the same log and ``now``.

    ``now`` is aware. ``notebook`` is named with its SHA-256 in the report; nothing of its content
    enters. ``patterns`` are the policy's own forms of values, ``anchors`` where somebody else keeps
    checkpoints that the log was held against, ``second`` what the Jupyter server's log tells beside
    it. Raises InputError for an unknown experiment or an unreadable notebook, PrivguardError when the
    finished page would fetch something or still shows what looks like a person's data.
    """
    context = gather(experiment, log, notebook=notebook, now=now, anchors=anchors, second=second)
    parts = [(section, section.build(context)) for section in sections()]
    page = to_html(make_notebook(parts, experiment=experiment, now=now))
    check_page(page, patterns)
    return page


def check_page(page: str, patterns: tuple[Pattern, ...] = ()) -> None:
    """Raises PrivguardError if ``page`` must not be handed out; names the section, never the value.

    ``patterns`` are the policy's own forms of values.
    """
    active = fetches(page)
    if active:
        raise PrivguardError(
            f"privguard: the report would make a browser fetch or run something ({active[0]}); nothing was written."
        )
    raw = raw_sections(page, patterns)
    if raw:
        section, entity = raw[0]
        raise PrivguardError(
            f"privguard: section `{section}` of the report shows what looks like {entity}; nothing was written: "
            "rename the experiment, purpose, notebook, file or column that holds it."
        )
