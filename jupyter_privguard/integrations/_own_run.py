"""A validation in a context of our own, which leaves that of the user alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["run"]

# `Any` in this file is an object of Great Expectations or of the user's; neither has types that help.


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


def run(gx: Any, df: Any, suite: Any) -> Any:
    """GX's own result for ``suite`` over ``df``; it holds raw values, so whoever calls copies figures and drops it."""
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
