"""A model as its output: what it predicts for given inputs, or, without any, what it can predict and what it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import InputError

__all__ = ["classes_of", "is_model", "kept_rows", "predicted", "signature_of"]

_ROWS = 1000
"""Inputs that a review predicts for."""
_KEPT = ("_fit_X", "support_vectors_", "X_train_", "X_", "_X", "training_data", "X_fit_", "dual_coef_X", "shape_fit_X")
"""Where estimators keep rows that they were fitted on: neighbours, support vectors, Gaussian processes, kernels."""


def is_model(obj: Any) -> bool:
    """Whether ``obj`` predicts, as scikit-learn's estimators and MLflow's models do."""
    return not isinstance(obj, type) and callable(getattr(obj, "predict", None))


def predicted(model: Any, inputs: Any) -> dict[str, list[Any]]:
    """What ``model`` says of the first thousand of ``inputs``: its prediction, and probabilities where it has them.

    InputError where it raises: its words may quote a value, so only the kind of error is named.
    """
    some = inputs[:_ROWS]
    found = _columns("prediction", _called(model, "predict", some))
    if callable(getattr(model, "predict_proba", None)):
        found |= _columns("probability", _called(model, "predict_proba", some))
    return found


def _called(model: Any, method: str, inputs: Any) -> Any:
    try:
        return getattr(model, method)(inputs)
    except Exception as error:  # noqa: BLE001 - a model of anybody's; its words may quote values
        raise InputError(
            f"privguard: the model's `{method}` raised {type(error).__name__} on these inputs; pass inputs as it takes "
            "them."
        ) from None


def _columns(name: str, output: Any) -> dict[str, list[Any]]:
    """``output`` as columns: a table by its labels, an array of two dimensions by its positions."""
    if hasattr(output, "columns") and hasattr(output, "to_dict"):
        return {str(label): list(values.values()) for label, values in output.to_dict().items()}
    rows = output.tolist() if hasattr(output, "tolist") else list(output)
    if rows and isinstance(rows[0], list):
        return {f"{name}_{at}": [row[at] for row in rows] for at in range(len(rows[0]))}
    return {name: rows}


def classes_of(model: Any) -> list[Any] | None:
    """The classes that ``model`` tells apart, which are all that it can predict; None where it names none."""
    found = getattr(_last(model), "classes_", None)
    return None if found is None or not hasattr(found, "tolist") else [*_flat(found.tolist())]


def kept_rows(model: Any) -> list[tuple[str, int]]:
    """Attributes in which ``model`` keeps rows of its training data, and how many."""
    last = _last(model)
    found = [(name, len(getattr(last, name))) for name in _KEPT if hasattr(getattr(last, name, None), "__len__")]
    return [(name, count) for name, count in found if count]


def signature_of(obj: Any) -> Any:
    """The signature of an MLflow model, or ``obj`` where it is one; None for anything else."""
    if hasattr(obj, "outputs") and hasattr(obj, "inputs") and callable(getattr(obj, "to_dict", None)):
        return obj
    return getattr(getattr(obj, "metadata", None), "signature", None)


def _last(model: Any) -> Any:
    """The estimator at the end of a pipeline or within a search."""
    for _ in range(10):
        inner = getattr(model, "best_estimator_", None) or getattr(model, "_final_estimator", None)
        if inner is None or inner is model or isinstance(inner, str):
            return model
        model = inner
    return model


def _flat(values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from _flat(value)
        else:
            yield value
