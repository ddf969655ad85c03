"""Expectations of Great Expectations that report counts and nothing else, and its analytics turned off."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..settings import refuse_analytics

__all__ = ["FIGURES", "SAFE_TYPE", "great_expectations", "safe_kinds"]

# `Any` in this file is an object of Great Expectations, which has no types that help.

_SAFE = "WithoutValues"
SAFE_TYPE = "_without_values"
"""What the names of expectations and of their types end with that report no value."""
_MADE_OF = (
    "ExpectColumnValuesToNotBeNull",
    "ExpectColumnValuesToBeUnique",
    "ExpectColumnValuesToMatchRegex",
    "ExpectColumnValueLengthsToBeBetween",
    "ExpectColumnValuesToBeBetween",
)
FIGURES = (
    "element_count",
    "unexpected_count",
    "unexpected_percent",
    "missing_count",
    "missing_percent",
    "unexpected_percent_total",
    "unexpected_percent_nonmissing",
)
"""What is kept of GX's result; all are counts or shares of cells."""


def great_expectations() -> Any:
    """The module, imported when it is first asked for, which takes seconds."""
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
        result.result = {name: figures[name] for name in FIGURES if name in figures}
        return result


def _asking(configuration: Any) -> dict[str, Any]:
    return {**(configuration or {}), "result_format": {"result_format": "BASIC", "partial_unexpected_count": 0}}


@cache
def safe_kinds() -> dict[str, Any]:
    """The expectations that our suites are made of, by GX's name; GX registers a class as it is made."""
    great_expectations()
    import great_expectations.expectations as kinds

    found = [getattr(kinds, name) for name in _MADE_OF]
    return {
        kind.__name__: type(kind)(f"{kind.__name__}{_SAFE}", (_FiguresOnly, kind), {"__doc__": kind.__doc__})
        for kind in found
    }
