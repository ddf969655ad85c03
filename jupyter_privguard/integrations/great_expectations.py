"""Great Expectations: suites made from the classification, and validations that keep no value.

What GX itself returns and writes holds raw values, up to all of them (its result formats BASIC and
above), or no figures at all (BOOLEAN_ONLY). There are two ways around that:

`validate` runs any suite in a context of its own, copies a fixed list of figures out, drops GX's
result, and logs the outcome.

The expectations that `expectations` makes are safe wherever they run: they are GX's, but never fetch
a value and report counts only, whatever result format is asked for. So a Checkpoint in a context of
one's own and the Data Docs of it hold no value of theirs either; `checkpoint_action` makes it log each
run as well. GX knows them under names of their own (``…_without_values``): a process that loads such a
suite from a file calls `register` first; without that GX leaves them out and says so. When one cannot
run at all, its ``exception_info`` holds the words of GX and pandas. Expectations of the user's own in
the same Checkpoint report as GX does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal

from .. import runtime
from .._listing import first_of
from ..classification.classifier import shown_label
from ..errors import InputError
from ..frames import FrameView, frame_of, pandas_frame
from ..model import ColumnVerdict
from ._forms import expected_of
from ._own_run import run
from ._safe_kinds import SAFE_TYPE, great_expectations, safe_kinds

__all__ = ["Check", "QualityResult", "checkpoint_action", "expectations", "register", "validate"]

# `Any` in this file is an object of Great Expectations or of the user's; neither has types that help.

_MOST_LOGGED = 500
_MOST_NAMED = 10
_RENAME = "Great Expectations names columns by texts that are there once and are no value, so rename first"


@dataclass(frozen=True, slots=True)
class Check:
    """What became of one expectation."""

    column: str | None
    """Label as it may be shown; None for an expectation on the table."""
    kind: str
    """GX's name of the expectation, such as ``expect_column_values_to_not_be_null``."""
    success: bool
    element_count: int | None = None
    unexpected_count: int | None = None
    """Cells that are not as expected; None where GX counts none or could not run the expectation."""
    unexpected_basis_points: int | None = None
    """Their share of the cells that are not null, in hundredths of a percent."""


@dataclass(frozen=True, slots=True)
class QualityResult:
    """What became of a suite. Holds counts and labels, and no value of the table."""

    success: bool
    checks: tuple[Check, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain objects, as they are logged."""
        return {"success": self.success, "checks": [asdict(check) for check in self.checks]}

    def to_frame(self) -> Any:
        """A DataFrame, a row a check."""
        names = Check.__dataclass_fields__
        return frame_of({name: [getattr(check, name) for check in self.checks] for name in names})

    def __repr__(self) -> str:
        failed = sum(not check.success for check in self.checks)
        return f"QualityResult({len(self.checks)} expectations, {failed} failed)"


def expectations(df: Any, *, name: str | None = None) -> Any:
    """A Great Expectations suite for tables like the DataFrame ``df``, made from its classification.

    Columns of entities get the forms, lengths and ranges that define these entities, so a suite may
    fail on the very table it was made from; columns without null may not have any, and ids that are
    unique must stay so. No value of the table goes into it, and no pattern of the policy, whose time
    GX would not bound. Columns whose label is not text, is there twice or is a value itself are left
    out: GX cannot name them. One line on the standard error says which, and so does
    ``suite.meta["privguard"]["left_out"]``. ``name`` is the data set's name for the policy and becomes
    the name of the suite. Raises InputError for what is no DataFrame of pandas, and where nothing can be
    expected of any column. GX loads for seconds.
    """
    seen = _frame(df)
    verdicts = runtime.classify_object(df, name=name, header_only=False, full=False).columns
    usable = list(_usable(seen, verdicts))
    left_out = [verdicts[position].column for position in range(seen.width) if position not in usable]
    made = [
        safe_kinds()[kind](column=seen.labels[position], **arguments)
        for position in usable
        for kind, arguments in expected_of(seen, position, verdicts[position])
    ]
    if not made:
        raise InputError(_nothing_expected(left_out))
    if left_out:
        print(f"privguard: the suite says nothing of {_listed(left_out)}; {_RENAME}.", file=sys.stderr)
    meta = {"privguard": {"left_out": left_out}}
    return great_expectations().ExpectationSuite(name=name or "privguard", expectations=made, meta=meta)


def _nothing_expected(left_out: Sequence[str]) -> str:
    if left_out:
        return f"privguard: a suite could say nothing of {_listed(left_out)}; {_RENAME}."
    return "privguard: there is nothing to expect of this table; pass one with rows and at least one filled column."


def _listed(labels: Sequence[str]) -> str:
    named = first_of([label or "(no name)" for label in labels], _MOST_NAMED)
    return f"the column{'s' if len(labels) > 1 else ''} {named}"


def validate(df: Any, suite: Any) -> QualityResult:
    """``suite`` run over the DataFrame ``df``; the outcome is logged as ``quality.check``.

    Raises InputError when ``df`` is no DataFrame or ``suite`` no suite of GX, LogUnavailable when
    the event cannot be written. Blocks for as long as GX takes.
    """
    seen = _frame(df)
    register()
    gx = great_expectations()
    if not isinstance(suite, gx.ExpectationSuite):
        raise InputError(
            f"privguard: an object of type {type(suite).__name__} is no suite; make one with pg.expectations(df)."
        )
    try:
        raw = run(gx, df, suite)
    except Exception as error:  # noqa: BLE001 - what GX and the cells' own code say may quote values
        raise InputError(
            f"privguard: Great Expectations cannot run this suite on this table ({type(error).__name__}); "
            "look for cells that are no plain values, and for expectations that this version does not know."
        ) from None
    return _logged(suite.name, raw, rows=seen.rows)


def register() -> None:
    """Make the expectations of our suites known to GX in this process, to load such a suite from a file.

    `expectations`, `validate` and `checkpoint_action` do it themselves.
    """
    safe_kinds()


def checkpoint_action(name: str = "privguard") -> Any:
    """An action for a Checkpoint of one's own: each of its validations is logged as ``quality.check``.

    When the event cannot be written it raises LogUnavailable, so that the Checkpoint ends without a result.
    """
    register()
    return _action()(name=name)


@cache
def _action() -> Any:
    """The class of `checkpoint_action`, which can exist once GX is imported."""
    from great_expectations.checkpoint import ValidationAction

    class QualityCheckAction(ValidationAction):  # type: ignore[misc]  # GX's own types are not in reach here
        """Each validation of a Checkpoint goes into the log, without values."""

        type: Literal["privguard_quality_check"] = "privguard_quality_check"

        def run(self, checkpoint_result: Any, action_context: Any = None) -> dict[str, Any]:
            """Log all validations of ``checkpoint_result``; how many there were."""
            results = list(checkpoint_result.run_results.values())
            for one in results:
                _logged(one.suite_name, one, rows=None)
            return {"logged": len(results)}

    return QualityCheckAction


def _usable(seen: FrameView, verdicts: Sequence[ColumnVerdict]) -> Iterator[int]:
    """Positions of columns that GX can name, and whose names may be written down."""
    labels = seen.labels[: seen.width]
    for position, label in enumerate(labels):
        if isinstance(label, str) and verdicts[position].column == label and labels.count(label) == 1:
            yield position


def _logged(suite: object, raw: Any, *, rows: int | None) -> QualityResult:
    """What is kept of GX's result ``raw``, once it is in the log."""
    patterns = runtime.policy().all_patterns

    def shown(label: object) -> str:
        return shown_label(str(label), patterns)

    checks = tuple(_checks(raw, shown))
    result = QualityResult(all(check.success for check in checks), checks)
    runtime.record_here(
        "quality.check",
        suite=shown(suite),
        rows=rows,
        success=result.success,
        expectations=len(checks),
        failed=sum(not check.success for check in checks),
        checks=[asdict(check) for check in sorted(checks, key=lambda check: check.success)[:_MOST_LOGGED]],
    )
    return result


def _frame(df: Any) -> FrameView:
    seen = pandas_frame(df)
    if seen is None:
        raise InputError(
            f"privguard: an object of type {type(df).__name__} from {_package(df)} is no DataFrame of pandas; "
            "pass one, such as its to_pandas()."
        )
    return seen


def _package(obj: Any) -> str:
    return str(type(obj).__module__).partition(".")[0]


def _checks(raw: Any, shown: Callable[[object], str]) -> Iterator[Check]:
    for one in raw.results:
        figures = one.result if isinstance(one.result, dict) else {}
        column = one.expectation_config.kwargs.get("column")
        percent = figures.get("unexpected_percent")
        yield Check(
            column=None if column is None else shown(column),
            kind=str(one.expectation_config.type)[:100].removesuffix(SAFE_TYPE),
            success=bool(one.success),
            element_count=_whole(figures.get("element_count")),
            unexpected_count=_whole(figures.get("unexpected_count")),
            unexpected_basis_points=None if not isinstance(percent, (int, float)) else round(100 * percent),
        )


def _whole(figure: object) -> int | None:
    return int(figure) if isinstance(figure, (int, float)) and figure == figure else None
