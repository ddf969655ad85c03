"""A guarded model as an MLflow pyfunc model: logged, loaded and served like any other, masked by tier, recorded.

Whoever can load the model from its file can take the inner model out of it: the masks hold for what is served.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import InputError
from ..model import Principal

__all__ = ["PARAMS", "guard_model"]

PARAMS: Mapping[str, str] = {"tier": "public", "key": "", "reason": ""}
"""The params of a request, with their defaults, for ``infer_signature(X, y, params=…)``; MLflow drops all others.

``key`` is a bearer key: it says who asks, and the policy which tier they get. Without one everything is public.
"""


def guard_model(
    model: Any,
    *,
    review_on: Any = None,
    deployment: str | None = None,
    version: str | None = None,
    name: str | None = None,
    purpose: str | None = None,
    experiment: str | None = None,
    identity: Callable[[Mapping[str, Any]], Principal | None] | None = None,
) -> Any:
    """`jupyter_privguard.guard_model`."""
    kind = _kind()
    from ..runtime.predictions import guarded

    served = guarded(
        model,
        review_on=review_on,
        deployment=deployment,
        version=version,
        name=name,
        purpose=purpose,
        experiment=experiment,
    )
    return kind(served, identity)


def _kind() -> Any:
    """The class, made when MLflow is there: it derives from MLflow's own."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    try:
        from mlflow.pyfunc import PythonModel
    except ImportError:
        raise InputError(
            "privguard: MLflow is not installed; `pip install 'jupyter-privguard[mlflow]'` brings it, and "
            "`jupyter_privguard.prediction_app` serves without it."
        ) from None
    from ._mlflow_model import kind_of

    return kind_of(PythonModel)
