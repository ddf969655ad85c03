"""Governance inside Jupyter: sensitive columns are recognised, masked and logged.

``%load_ext jupyter_privguard`` in a notebook is all that most people need. From Python there are
`classify`, `mask`, `review`, `read_sealed` and `expectations`, and two things to look at: ``session``, the
guard that runs in this process, and ``audit``, the log to read. Importing this package loads nothing heavy.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ._version import __version__ as __version__

if TYPE_CHECKING:
    from .guard.columns.assess import Classification
    from .reviewing.findings import Review
    from .runtime.public import AuditAccess, SessionView
    from .serving.asgi import PredictionApp

__all__ = [
    "classify",
    "expectations",
    "guard_model",
    "load_ipython_extension",
    "mask",
    "prediction_app",
    "read_sealed",
    "review",
    "unload_ipython_extension",
]


def classify(df: Any, *, name: str | None = None, header_only: bool = False, full: bool = False) -> Classification:
    """What each column of the table ``df`` holds, and why we think so.

    A table is a DataFrame, Series or Index of pandas, a DataFrame, Series or LazyFrame of polars, a
    Table, RecordBatch, Array or ChunkedArray of pyarrow, a relation of DuckDB, or an array of numpy
    that is structured or has one or two dimensions. A LazyFrame is collected; of a relation a sample
    of rows is queried. The same data get the same answer whatever the library. Lists, records and
    arrays in cells are looked into.

    The verdicts are in column order; ``found["email"]`` is that on the only column of this label,
    ``found[0]`` that on the first column, ``found.labels`` are the table's own labels.

    ``name`` is the data set's name for the policy's ``datasets``; ``header_only`` reads no value and
    executes nothing; ``full`` looks at every cell instead of a sample. Raises InputError for other
    objects, for a query that fails, and where both options are given.
    """
    from . import runtime

    return runtime.classify_object(df, name=name, header_only=header_only, full=full)


def expectations(df: Any, *, name: str | None = None) -> Any:
    """A Great Expectations suite made from the classification of the DataFrame ``df``; no value goes into it.

    ``name`` is the data set's name for the policy and that of the suite. Run it with
    `jupyter_privguard.integrations.great_expectations.validate`, whose result holds no value either.
    Columns that Great Expectations cannot name are left out, and are named on the standard error. Raises
    InputError for other objects, and where the suite would be empty. The first call loads Great
    Expectations, which takes seconds.
    """
    from .integrations.great_expectations import expectations as made

    return made(df, name=name)


def mask(df: Any, *, tier: str = "public", policy: str | None = None, name: str | None = None) -> Any:
    """A new object like ``df`` in which everything is masked that ``tier`` may not see.

    ``df`` is a table as `classify` takes it. Same type, shape, row and column order; index values and
    labels are masked too; nulls stay null; the input is never changed; dtypes are kept where the
    masked values allow. In sensitive columns lists keep their structure, records and lists of several
    entities are withheld; so is a cell that has no text. A masked LazyFrame or relation has its rows in
    memory, a relation, which is queried once, on DuckDB's default connection; a masked Arrow table has
    no metadata; masked categories of polars are text.
    In a guarded notebook a table is masked as it is shown there: parts, pivots and tables on their side
    keep what is known of the whole, statistics over five rows and more (the policy's ``k``) stay exact.
    Elsewhere labels are masked that are called like a sensitive column, match a detector or stand in the table itself.
    ``policy`` is a policy file that may only tighten; ``name`` is the data set's name for the policy's
    ``datasets`` and ``domains``. Raises Refused if the tier is not granted,
    InputError for other objects.
    """
    from . import runtime

    return runtime.mask_object(df, tier=tier, tighten_by=policy, name=name)


def read_sealed(path: str, *, reason: str | None = None) -> Any:
    """The table in a file that ``privguard seal`` made of a CSV, TSV or Parquet file, as a pandas DataFrame.

    It is opened in memory: nothing of it is written to a disk. In a guarded notebook everybody may,
    for there it is shown masked; elsewhere a policy with ``principals`` asks for tier compliance,
    and its role may ask for a ``reason``. Each use is logged, refused ones too. Raises Refused,
    KeyStoreError where the file was changed or its key is gone, InputError for what is no table.
    """
    from . import runtime

    return runtime.read_sealed(path, reason=reason)


def review(
    model_or_output: Any,
    X: Any = None,  # noqa: N803 - as in scikit-learn
    *,
    tier: str = "public",
    name: str | None = None,
    version: str | None = None,
) -> Review:
    """Whether a model's output may leave as it is, field by field, and the masking under which it passes.

    ``model_or_output`` is an output (a DataFrame, a record, a list of records, JSON, the envelope of a scoring
    service), an MLflow signature, a model with ``predict``, or the metadata of a deployment. ``X`` are the inputs: a
    model predicts for the first thousand of them, and fields that repeat one of them are found. ``tier`` is who is to
    see it, ``name`` and ``version`` what the model is called in the log, where the review is a ``model.review`` event
    on which an approval of that version rests.

    The answer has ``blocked``, ``to_frame()``, and ``transform``, which masks an output of the same form. Raises
    InputError for other objects and where the model raises.
    """
    from . import runtime

    return runtime.review_object(model_or_output, X, tier=tier, name=name, version=version)


def guard_model(model: Any, *, review_on: Any = None, **options: Any) -> Any:
    """An MLflow pyfunc model that masks what ``model`` says by tier, and records each prediction.

    ``review_on`` are inputs by whose predictions it is decided, once, what each tier sees; they are not kept. Without
    them each output is judged by itself. ``options`` are ``name`` and ``version`` (as a registry has
    them), ``deployment``, ``purpose`` and ``experiment``, texts for the record, and ``identity``, which names whoever
    sends these params. Who asks is known by the param ``key`` (see `privguard keys issue`), the tier asked for is
    ``tier``; without a key everything is public. Save it with
    ``infer_signature(…, params=jupyter_privguard.integrations.mlflow.PARAMS)``, and without an ``input_example``.

    Raises InputError where MLflow is not installed, or ``model`` has no ``predict`` or raises on the inputs.
    """
    from .integrations.mlflow import guard_model as made

    return made(model, review_on=review_on, **options)


def prediction_app(model: Any, *, review_on: Any = None, **options: Any) -> PredictionApp:
    """An ASGI application that serves ``model`` at ``/predict`` and ``/invocations``, masked by tier and recorded.

    Arguments as `guard_model`; here ``identity`` gets the headers of a request, and ``largest_body`` is in bytes. A
    request has a bearer key of `privguard keys issue`, or nobody is known by it; ``anonymous=True`` gives those without
    one what is public. The header ``X-Privguard-Tier`` asks for a tier, which the policy gives or not. Raises as
    `guard_model`, but needs no MLflow.
    """
    from . import runtime

    return runtime.prediction_app(model, review_on=review_on, **options)


def load_ipython_extension(ipython: Any) -> None:
    """``%load_ext jupyter_privguard``: guard every cell from now on."""
    from .notebook.extension import load

    load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """``%unload_ext jupyter_privguard``: take everything out again and record that."""
    from .notebook.extension import unload

    unload(ipython)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    from .server.extension import _jupyter_labextension_paths as paths

    return paths()


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "jupyter_privguard"}]


def _link_jupyter_server_extension(server_app: Any) -> None:
    from .server.extension import _link_jupyter_server_extension as link

    link(server_app)


def _load_jupyter_server_extension(server_app: Any) -> None:
    from .server.extension import _load_jupyter_server_extension as load

    load(server_app)


class _Package(ModuleType):
    """This package, with what can only be looked up at the moment when it is asked for."""

    @property
    def session(self) -> SessionView | None:
        """The guard that runs in this process, as it is now: tier, purpose, experiment; None where none runs."""
        from . import runtime

        return runtime.session_view()

    @property
    def audit(self) -> AuditAccess:
        """The log of this deployment, to read: ``events()``, ``query(…)``, ``predictions()``, ``inputs()``, others."""
        from . import runtime

        return runtime.AuditAccess()

    @audit.setter
    def audit(self, module: ModuleType) -> None:
        """The import system names the sub-package of the log like this; ``from jupyter_privguard.audit.…`` finds it."""


sys.modules[__name__].__class__ = _Package
