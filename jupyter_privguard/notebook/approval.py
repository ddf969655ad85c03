"""``%privguard approval``: ask others for what one's roles do not give, and see what became of it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

from IPython.core.error import UsageError

from .. import runtime
from ..model import Tier
from ..policy.approvals import parse_term, time_text

if TYPE_CHECKING:
    from .extension import Extension

__all__ = ["approval"]

_HOW = (
    "privguard: approval takes list, or request --tier T --dataset D --reason R, and --columns, --experiment, "
    "--purpose, --for if wished."
)


class _Words(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(_HOW)


def approval(extension: Extension, words: list[str]) -> None:
    """Requests and their answers: list, or request --tier T --dataset D [--columns A,B] --reason R [--for 8h]."""
    if extension.session is None:
        raise UsageError(extension.refusal)
    if words in ([], ["list"]):
        _list()
    elif words[0] == "request":
        _request(words[1:])
    else:
        raise UsageError(_HOW)  # answers are given by other accounts, and so elsewhere


def _list() -> None:
    known = runtime.known_requests()
    if not known:
        print("privguard: nothing is asked of you, and you have asked for nothing.")
    for one in known:
        asked, standing = one.asked, one.standing
        until = f" until {time_text(standing.expires)}" if standing.expires is not None else ""
        by = f" by {', '.join(standing.answered_by)}" if standing.answered_by else ""
        more = f", needs {standing.missing} more" if standing.missing and standing.answered_by else ""
        columns = ", ".join(asked.columns) or "all columns"
        print(f"{asked.id}  {standing.state.value}{by}{until}{more}")
        print(f"  {asked.by}: tier {asked.tier.label} on {asked.dataset} ({columns}): {asked.reason}")


def _request(words: list[str]) -> None:
    parser = _Words(add_help=False)
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
    made = runtime.request_approval(
        tier=Tier.parse(given.tier),
        dataset=given.dataset,
        columns=[column.strip() for column in given.columns.split(",")] if given.columns is not None else [],
        experiment=given.experiment,
        purpose=given.purpose,
        reason=given.reason,
        term=term,
    )
    print(made.asked.id)
    print(made.what_now)
