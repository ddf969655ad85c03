"""A model as its output: what it predicts for given inputs, or, without any, what it can predict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from ..errors import InputError

__all__ = ["called_by", "called_in", "classes_of", "is_model", "keeps_only", "predicted", "signature_of"]

_ROWS = 1000
"""Inputs that a review predicts for."""


def is_model(obj: Any) -> bool:
    """Whether ``obj`` predicts, as scikit-learn's estimators and MLflow's models do."""
    return not isinstance(obj, type) and callable(getattr(obj, "predict", None))


def keeps_only(obj: Any) -> bool:
    """Whether ``obj`` is fitted and predicts nothing, as encoders, scalers and searches for neighbours."""
    return not isinstance(obj, type) and not is_model(obj) and callable(getattr(obj, "fit", None))


def predicted(model: Any, inputs: Any) -> dict[str, Any]:
    """What ``model`` says of the first thousand of ``inputs``: its prediction, and probabilities where it has them.

    InputError where it raises: its words may quote a value, so only the kind of error is named.
    """
    some = inputs[:_ROWS] if hasattr(inputs, "__getitem__") and not isinstance(inputs, Mapping) else inputs
    found = {"prediction": _called(model, "predict", some)}
    if callable(getattr(model, "predict_proba", None)):
        found["probability"] = _called(model, "predict_proba", some)
    return found


def _called(model: Any, method: str, inputs: Any) -> Any:
    try:
        return getattr(model, method)(inputs)
    except Exception as error:  # noqa: BLE001 - a model of anybody's; its words may quote values
        raise InputError(
            f"privguard: the model's `{method}` raised {type(error).__name__} on these inputs; pass inputs as it takes "
            "them."
        ) from None


def called_by(asked: str) -> Callable[[list[str]], list[str]]:
    """Names for fields without one: what was asked for, and their positions where there are several."""

    def called(names: list[str]) -> list[str]:
        if names in (["output"], ["None"], ["0"]):
            return [asked]
        return [f"{asked}_{name}" if name.isdigit() else name for name in names]

    return called


def called_in(fields: Collection[str]) -> Callable[[list[str]], list[str]]:
    """What fields without a name of an output of a model are called among its ``fields``."""

    def called(names: list[str]) -> list[str]:
        for known in (list, called_by("prediction"), called_by("probability")):
            if all(name in fields for name in known(names)):
                return known(names)
        return names

    return called


def classes_of(model: Any) -> list[Any] | None:
    """The classes that ``model`` tells apart, which are all that it can predict; None where it names none."""
    found = _of(_last(model), "classes_")
    return None if found is None or not hasattr(found, "tolist") else [*_flat(found.tolist())]


def _of(model: Any, name: str) -> Any:
    """An attribute of anybody's model, which may compute it and fail; None then."""
    try:
        return getattr(model, name, None)
    except Exception:  # noqa: BLE001 - as above: its words may quote values
        return None


def signature_of(obj: Any) -> Any:
    """The signature of an MLflow model, or ``obj`` where it is one; None for anything else."""
    if hasattr(obj, "outputs") and hasattr(obj, "inputs") and callable(getattr(obj, "to_dict", None)):
        return obj
    return getattr(getattr(obj, "metadata", None), "signature", None)


def _last(model: Any) -> Any:
    """The estimator at the end of a pipeline or within a search."""
    for _ in range(10):
        inner = _of(model, "best_estimator_")
        inner = _of(model, "_final_estimator") if inner is None else inner
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
