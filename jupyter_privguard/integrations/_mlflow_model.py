"""The pyfunc model itself, over whichever base class the installed MLflow has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ..errors import InputError, Refused
from ..model import Principal, Tier
from ..serving.asgi import body_of

__all__ = ["asked", "kind_of", "opened"]


@cache
def kind_of(base: type) -> type:
    """The class of guarded models: a ``PythonModel`` that serves a `runtime.GuardedModel`."""

    class GuardedPyfunc(base):  # type: ignore[misc] # MLflow is not there when types are checked
        """Serves the guarded model; params as `integrations.mlflow.PARAMS`."""

        def __init__(self, served: Any, identity: Callable[[Mapping[str, Any]], Principal | None] | None) -> None:
            self._served = served
            self._identity = identity

        # Without annotations: MLflow would take them for the signature of the model.
        def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            """The output for ``model_input`` as whoever asks may have it; JSON that any client reads."""
            return asked(self._served, self._identity, model_input, params or {})

        def __reduce__(self) -> tuple[Any, ...]:
            return opened, (self._served, self._identity)

    GuardedPyfunc.__qualname__ = GuardedPyfunc.__name__
    return GuardedPyfunc


def opened(served: Any, identity: Callable[[Mapping[str, Any]], Principal | None] | None) -> Any:
    """The model again, where it was saved: its class is made anew by the MLflow that loads it."""
    from mlflow.pyfunc import PythonModel

    return kind_of(PythonModel)(served, identity)


def asked(
    served: Any,
    identity: Callable[[Mapping[str, Any]], Principal | None] | None,
    inputs: Any,
    params: Mapping[str, Any],
) -> Any:
    """What ``served`` answers for these params: the tier is a wish, the key says whose."""
    try:
        tier = Tier.parse(str(params.get("tier") or Tier.PUBLIC.label))
    except ValueError as error:
        raise InputError(f"privguard: {error}.") from None
    key, reason = str(params.get("key") or ""), str(params.get("reason") or "") or None
    who = identity(params) if identity is not None else served.known(key) if key else None
    if who is None and (key or identity is not None):
        raise Refused("privguard: nobody is known by this key; ask for one that holds.", "identity")
    if who is None and tier is not Tier.PUBLIC:
        # Whoever reaches the endpoint is not the account that runs it.
        raise Refused(f"privguard: tier {tier.label} takes a key that says who asks; pass one as `key`.", "identity")
    return body_of(served.predict(inputs, who=who, tier=tier, reason=reason))
