"""Settings of a deployment that look protective and do nothing: no SDK of the vendor's knows them.

Checked against the public reference of the IBM watsonx.ai and Watson OpenScale clients: a deployment has a name, an
asset, tags, ``online`` or ``batch`` and hardware; masking and activity tracking are no parts of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .findings import Setting

__all__ = ["is_deployment", "unreal_settings"]

_DEPLOYMENT = frozenset(
    """
    deployment deployments deployment_id deployment_name asset asset_id asset_uid space_id space_uid online batch
    serving_name hardware_spec hybrid_pipeline_hardware_specs endpoint endpoint_name model_uri served_models
    served_entities traffic_config entity metadata scaling replicas
    """.split()
)
_UNREAL = {
    r"output_?masking|mask_?outputs?|data_?masking|masking(_?(rules|config|enabled))?": (
        "no deployment masks its output by a setting: mask it before it is served"
    ),
    r"(enable_?)?audit_?log(s|ging)?": (
        "no deployment writes an audit log by a setting: the platform's activity tracker records calls, not contents"
    ),
    r"(pre|post)_?process(ing|or)?(_?script)?|output_?transform(er)?(_?script)?": (
        "no script of this name is run by a deployment: wrap the model in a function, and deploy that"
    ),
    r"(set_?)?activity_?tracker(_?(instance|crn))?": (
        "a deployment has no such call or setting: activity tracking is set up for the service instance"
    ),
    r"anonymi[sz](e|ation|ed_?output)|pseudonymi[sz](e|ation)|privacy_?(mode|filter)|pii_?(filter|redaction|masking)": (
        "no deployment protects people by a setting of this name: do it before the output is served"
    ),
}
_MOST = 100_000


def is_deployment(record: Mapping[Any, Any]) -> bool:
    """Whether ``record`` describes a deployment rather than being the output of a model."""
    keys = {str(key).casefold() for key in record}
    if len(keys & _DEPLOYMENT) > 1:
        return True
    return bool(keys & _DEPLOYMENT) and any(_unreal(str(key)) for key in record)


def unreal_settings(record: Mapping[Any, Any]) -> list[Setting]:
    """The settings in ``record``, at any depth, that look protective; where they stand and what is true instead."""
    return [Setting(path, f"{says}.") for path, says in _found(record)]


def _found(record: Any) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[str, Any]] = [("", record)]
    for _ in range(_MOST):
        if not waiting:
            return
        path, value = waiting.pop()
        if isinstance(value, Mapping):
            for key, inner in value.items():
                place = f"{path}.{key}" if path else str(key)
                if (says := _unreal(str(key))) and not _is_measure(inner):
                    yield place, says
                else:
                    waiting.append((place, inner))
        elif isinstance(value, (list, tuple)):
            waiting += [(f"{path}[{at}]", inner) for at, inner in enumerate(value)]


def _is_measure(value: Any) -> bool:
    """Whether ``value`` is what a model says and no setting."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _unreal(key: str) -> str | None:
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])|[-. ]", "_", key).casefold()
    return next((says for name, says in _UNREAL.items() if re.fullmatch(name, plain)), None)
