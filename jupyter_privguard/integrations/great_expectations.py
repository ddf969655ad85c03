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

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal

from .. import runtime
from ..classification.classifier import shown_label
from ..errors import InputError
from ..frames import FrameView, frame_of, view
from ..frames.codes import group_sizes
from ..frames.engine import Kind
from ..model import NATIONAL_IDS, ColumnVerdict
from ..settings import refuse_analytics

__all__ = ["Check", "QualityResult", "checkpoint_action", "expectations", "register", "validate"]

# `Any` in this file is an object of Great Expectations or of the user's; neither has types that help.

_UNIQUE = NATIONAL_IDS | frozenset(
    "CUSTOMER_ID EMPLOYEE_ID NATIONAL_ID PASSPORT DRIVER_LICENSE VOTER_ID TAX_ID MEDICAL_RECORD_NUMBER IBAN"
    " BANK_ACCOUNT DEVICE_ID".split()
)
# Forms and lengths by definition, never by what the table holds: RFC 5321 4.5.3.1 (e-mail), ISO 13616 (IBAN),
# ISO/IEC 7812-1 (cards), ITU-T E.164 (phone), UIDAI (Aadhaar), Income Tax Department (PAN), SSA (SSN), RFC 7043 (MAC),
# RFC 4291 (IP).
_FORMS = {
    "EMAIL_ADDRESS": r"^[^@\s]{1,64}@[^@\s]+$",
    "PHONE_NUMBER": r"^[+(]?[0-9](?:[ ()./-]{0,3}[0-9]){5,14}$",
    "IBAN": r"^[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]){11,30}$",
    "CREDIT_CARD": r"^[0-9](?:[ -]?[0-9]){11,18}$",
    "IN_AADHAAR": r"^[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}$",
    "IN_PAN": r"^[A-Z]{5}[0-9]{4}[A-Z]$",
    "US_SSN": r"^[0-9]{3}-?[0-9]{2}-?[0-9]{4}$",
    "BR_CPF": r"^[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}$",
    "MAC_ADDRESS": r"^(?:[0-9A-Fa-f]{2}[:.-]?){5}[0-9A-Fa-f]{2}$",
    "IP_ADDRESS": r"^[0-9A-Fa-f:.]{2,45}(?:/[0-9]{1,3})?$",
}
_LENGTHS = {"EMAIL_ADDRESS": (3, 254), "IBAN": (15, 42), "PERSON_NAME": (1, 200)}
_RANGES = {"AGE": (0, 130), "GEO_COORDINATE": (-180, 180)}
_MOST_LOGGED = 500
_SAFE = "WithoutValues"
_SAFE_TYPE = "_without_values"
"""What the names of expectations and of their types end with that report no value."""
_MADE_OF = (
    "ExpectColumnValuesToNotBeNull",
    "ExpectColumnValuesToBeUnique",
    "ExpectColumnValuesToMatchRegex",
    "ExpectColumnValueLengthsToBeBetween",
    "ExpectColumnValuesToBeBetween",
)
_FIGURES = (
    "element_count",
    "unexpected_count",
    "unexpected_percent",
    "missing_count",
    "missing_percent",
    "unexpected_percent_total",
    "unexpected_percent_nonmissing",
)
"""What is kept of GX's result; all are counts or shares of cells."""


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
    GX would not bound. Columns are left out whose label is not text, is there twice or is a value
    itself. ``name`` is the data set's name for the policy and becomes the name of the suite. Raises
    InputError for what is no DataFrame. GX loads for seconds.
    """
    seen = _frame(df)
    found = runtime.classify_object(df, name=name, header_only=False, full=False)
    made = [
        _kinds()[kind](column=seen.labels[position], **arguments)
        for position in _usable(seen, list(found))
        for kind, arguments in _of_column(seen, position, found[position])
    ]
    return _great_expectations().ExpectationSuite(name=name or "privguard", expectations=made)


def validate(df: Any, suite: Any) -> QualityResult:
    """``suite`` run over the DataFrame ``df``; the outcome is logged as ``quality.check``.

    Raises InputError when ``df`` is no DataFrame or ``suite`` no suite of GX, LogUnavailable when
    the event cannot be written. Blocks for as long as GX takes.
    """
    seen = _frame(df)
    register()
    gx = _great_expectations()
    if not isinstance(suite, gx.ExpectationSuite):
        raise InputError(f"privguard: a {type(suite).__name__} is no suite; make one with pg.expectations(df).")
    try:
        raw = _run(gx, df, suite)
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
    _kinds()


def checkpoint_action(name: str = "privguard") -> Any:
    """An action for a Checkpoint of one's own: each of its validations is logged as ``quality.check``.

    When the event cannot be written it raises LogUnavailable, so that the Checkpoint ends without a result.
    """
    register()
    return _action()(name=name)


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
    seen = view(df)
    if seen is None or not hasattr(df, "columns"):
        raise InputError(f"privguard: a {type(df).__name__} is no DataFrame; pass one.")
    return seen


def _great_expectations() -> Any:
    refuse_analytics()
    import great_expectations

    return great_expectations


class _FiguresOnly:
    """Before a class of GX's: the same expectation, of which counts come out and nothing else goes in."""

    def get_validation_dependencies(self, execution_engine: Any = None, runtime_configuration: Any = None) -> Any:
        """What GX has to compute: as for BOOLEAN_ONLY and a count, never a list of values or of rows."""
        needed = super().get_validation_dependencies(execution_engine, _asking(runtime_configuration))  # type: ignore[misc]
        for name in [name for name in needed.metric_configurations if not name.endswith("count")]:
            needed.remove_metric_configuration(name)
        return needed

    def metrics_validate(
        self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None, **more: Any
    ) -> Any:
        """GX's result without all that is no count."""
        asked = _asking(runtime_configuration)
        result = super().metrics_validate(metrics, asked, execution_engine, **more)  # type: ignore[misc]
        figures = result.result if isinstance(result.result, dict) else {}
        result.result = {name: figures[name] for name in _FIGURES if name in figures}
        return result


def _asking(configuration: Any) -> dict[str, Any]:
    return {**(configuration or {}), "result_format": {"result_format": "BASIC", "partial_unexpected_count": 0}}


@cache
def _kinds() -> dict[str, Any]:
    """The expectations that our suites are made of, by GX's name; GX registers a class as it is made."""
    _great_expectations()
    import great_expectations.expectations as kinds

    found = [getattr(kinds, name) for name in _MADE_OF]
    return {
        kind.__name__: type(kind)(f"{kind.__name__}{_SAFE}", (_FiguresOnly, kind), {"__doc__": kind.__doc__})
        for kind in found
    }


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


def _of_column(seen: FrameView, position: int, verdict: ColumnVerdict) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        codes, kind = seen.codes(position), seen.kind(position)
    except Exception:  # noqa: BLE001 - a column's own code may raise anything; nothing can be expected of it
        return
    if seen.rows and bool((codes.values != 0).all()):  # 0 is null
        yield "ExpectColumnValuesToNotBeNull", {}
    if not verdict.is_sensitive:
        return
    if verdict.entity in _UNIQUE and seen.rows and group_sizes([codes]).unique == seen.rows:
        yield "ExpectColumnValuesToBeUnique", {}
    if kind is Kind.TEXT and verdict.entity in _FORMS:
        yield "ExpectColumnValuesToMatchRegex", {"regex": _FORMS[verdict.entity]}
    if kind is Kind.TEXT and verdict.entity in _LENGTHS:
        low, high = _LENGTHS[verdict.entity]
        yield "ExpectColumnValueLengthsToBeBetween", {"min_value": low, "max_value": high}
    if kind in (Kind.INTEGER, Kind.NUMBER) and verdict.entity in _RANGES:
        low, high = _RANGES[verdict.entity]
        yield "ExpectColumnValuesToBeBetween", {"min_value": low, "max_value": high}


@contextmanager
def _own_context(gx: Any) -> Iterator[Any]:
    """A context in memory; the one that the user works in is the current one again afterwards."""
    from great_expectations.data_context.data_context.context_factory import project_manager
    from great_expectations.exceptions import DataContextRequiredError

    try:
        users = project_manager.get_current_project()
    except DataContextRequiredError:
        users = None
    try:
        yield gx.get_context(mode="ephemeral")
    finally:
        project_manager.set_project(users)


def _run(gx: Any, df: Any, suite: Any) -> Any:
    """GX's own result; it holds raw values and must not leave this module."""
    with _own_context(gx) as context:
        return _run_in(context, gx, df, suite)


def _run_in(context: Any, gx: Any, df: Any, suite: Any) -> Any:
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("privguard")
    batch = source.add_dataframe_asset("table").add_batch_definition_whole_dataframe("whole")
    # Copies without ids: a suite and its expectations belong to the context that they were first added to.
    copies = [expectation.copy(update={"id": None}) for expectation in suite.expectations]
    own = context.suites.add(gx.ExpectationSuite(name=suite.name, expectations=copies))
    definition = context.validation_definitions.add(gx.ValidationDefinition(name="check", data=batch, suite=own))
    return definition.run(batch_parameters={"dataframe": df}, result_format="BASIC")


def _checks(raw: Any, shown: Callable[[object], str]) -> Iterator[Check]:
    for one in raw.results:
        figures = one.result if isinstance(one.result, dict) else {}
        column = one.expectation_config.kwargs.get("column")
        percent = figures.get("unexpected_percent")
        yield Check(
            column=None if column is None else shown(column),
            kind=str(one.expectation_config.type)[:100].removesuffix(_SAFE_TYPE),
            success=bool(one.success),
            element_count=_whole(figures.get("element_count")),
            unexpected_count=_whole(figures.get("unexpected_count")),
            unexpected_basis_points=None if not isinstance(percent, (int, float)) else round(100 * percent),
        )


def _whole(figure: object) -> int | None:
    return int(figure) if isinstance(figure, (int, float)) and figure == figure else None
