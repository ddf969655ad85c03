"""``%privguard approval``: ask others for what one's roles do not give, and see what became of it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from .. import runtime
from ..guard.columns.assess import column_names
from ..model import Tier
from ..policy.approvals import Asked, State, parse_term, term_text, time_text
from ..policy.schema import nearest
from .options import Options

if TYPE_CHECKING:
    from ..guard.session import Session
    from .extension import Extension

__all__ = ["about", "approval"]

_USAGE = (
    "privguard: approval takes list, or request --tier T --dataset D --reason R, and --columns, --experiment, "
    "--purpose, --for if wished."
)


def approval(extension: Extension, words: list[str]) -> None:
    """Requests and their answers: list, or request --tier T --dataset D [--columns A,B] --reason R [--for 8h]."""
    if extension.session is None:
        raise UsageError(extension.refusal)
    if words in ([], ["list"]):
        _list()
    elif words[0] == "request":
        _request(extension.session, words[1:])
    elif words[0] in ("grant", "deny"):
        raise UsageError(f"privguard: requests are answered in a terminal, with `privguard approval {words[0]} ID`.")
    else:
        raise UsageError(_USAGE)


def about(asked: Asked) -> str:
    """What is asked for: ``compliance on customers (email)``."""
    return f"{asked.tier.label} on {asked.dataset} ({', '.join(asked.columns) or 'all columns'})"


def _list() -> None:
    known = runtime.known_requests()
    if not known:
        print("privguard: nothing is asked of you, and you have asked for nothing.")
    for one in known:
        asked, standing = one.asked, one.standing
        ends = ", to be answered until" if standing.state is State.PENDING else " until"
        until = f"{ends} {time_text(standing.expires)}" if standing.expires is not None else ""
        by = f" by {', '.join(standing.answered_by)}" if standing.answered_by else ""
        more = f", needs {standing.missing} more" if standing.missing and standing.answered_by else ""
        print(f"{asked.id}  {standing.state.value}{by}{until}{more}")
        print(f"  {asked.by}: tier {about(asked)} for {term_text(asked.term)}: {asked.reason}")


def _request(session: Session, words: list[str]) -> None:
    parser = Options(_USAGE)
    parser.add_argument("--tier", "-t", required=True, choices=("internal", "compliance"))
    parser.add_argument("--dataset", "-d", required=True)
    parser.add_argument("--columns", "-c")
    parser.add_argument("--experiment")
    parser.add_argument("--purpose")
    parser.add_argument("--reason", "-r", required=True)
    parser.add_argument("--for", dest="term", default="8h")
    given = parser.parse_args(words)
    try:
        term = parse_term(given.term)
    except ValueError as error:
        raise UsageError(f"privguard: {error}.") from None
    columns = [column.strip() for column in given.columns.split(",")] if given.columns is not None else []
    _check_columns(session, given.dataset, columns)
    made = runtime.request_approval(
        tier=Tier.parse(given.tier),
        dataset=given.dataset,
        columns=columns,
        experiment=given.experiment,
        purpose=given.purpose,
        reason=given.reason,
        term=term,
    )
    print(made.asked.id)
    print(made.what_now)


def _check_columns(session: Session, dataset: str, columns: list[str]) -> None:
    """UsageError for a column that the data set does not have, where a table of it is loaded."""
    labels: set[str] = set()
    with session.locked():
        for _, obj, seen in session.knowledge.tables():
            found = session.knowledge.data_set(obj)
            if found is not None and any(fnmatchcase(name, dataset) for name in (found.name, found.source)):
                labels.update(column_names(seen))
    for column in columns:
        if labels and column not in labels:
            near = nearest(column, sorted(labels))
            hint = f"did you mean {session.safe(near)}?" if near is not None else "%privguard classify NAME lists them."
            raise UsageError(f"privguard: that data set has no column of a name that you gave; {hint}")
