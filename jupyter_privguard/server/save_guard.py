"""Cleans what is about to be saved as a notebook, in whichever form it comes, and records what it found."""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import nbformat
from tornado import web

from ..model import Principal, Tier
from .plane import Plane
from .saving import Found, cleaned_notebook, redacted

__all__ = ["SaveGuard"]

Model = dict[str, Any]


class SaveGuard:
    """One saving, for one person. Blocks: it reads the kernels' log; use it in a thread where there is a loop."""

    def __init__(self, plane: Plane, who: Principal) -> None:
        self._plane = plane
        self._who = who

    def cleaned(self, model: Model, path: str) -> Model:
        """``model`` as it may be saved at ``path``: the same object where nothing was found.

        HTTPError 403 where the policy refuses to save such a notebook, 500 where it could not be looked through.
        """
        path = path.strip("/")
        if not _is_notebook(model, path) or model.get("chunk") is not None or "content" not in model:
            return model
        try:
            content, write = _opened(model)
            cleaned, found = self._look(content, path)
        except web.HTTPError:
            raise
        except Exception as error:  # noqa: BLE001 - a surface: what cannot be looked through is not saved
            raise web.HTTPError(500, _FAILED.format(type(error).__name__)) from None
        if not found:
            return model
        how = self._plane.policy().on_save
        outcome = {"refuse": "refused", "redact": "redacted", "record": "recorded"}[how]
        self._record(path, found, outcome)
        if how == "refuse":
            raise web.HTTPError(403, _REFUSED)
        return {**model, "content": write(cleaned)} if how == "redact" else model

    def converted(self, model: Any, path: str) -> Any:
        """``model``, of a notebook whose content is there, as `cleaned` says, for its way out in another form."""
        if not isinstance(model, Mapping) or model.get("type") != "notebook" or model.get("content") is None:
            return model
        kept = self.cleaned(dict(model), path)
        return {**kept, "content": nbformat.from_dict(kept["content"])}

    def _look(self, content: Any, path: str) -> tuple[Any, Found]:
        plane = self._plane
        policy, kernels = plane.policy(), plane.kernels

        def hidden(cell: Mapping[str, Any], entities: frozenset[str]) -> frozenset[str]:
            return kernels.withheld_in_file(entities, path, _id(cell), _number(cell), policy=policy)

        def is_for_screen(cell: Mapping[str, Any], output: Mapping[str, Any] | None) -> bool:
            if output is None:
                tier = kernels.tier_of_cell(path, _id(cell), _number(cell))
                return tier not in (None, Tier.PUBLIC.label)
            about = output.get("metadata")
            if isinstance(about, Mapping) and about.get("privguard") == "revealed":
                return True
            source = plane.screens.source(output)
            return source is not None and kernels.tier_of_message(*source) not in (None, Tier.PUBLIC.label)

        if isinstance(content, Mapping):
            return cleaned_notebook(content, patterns=policy.all_patterns, hidden=hidden, is_for_screen=is_for_screen)
        values: Counter[str] = Counter()
        text = redacted(str(content), policy.all_patterns, lambda entities: hidden({}, entities), values)
        return text, Found(values=values)

    def _record(self, path: str, found: Found, outcome: str) -> None:
        values, outputs = dict(sorted(found.values.items())), found.outputs
        self._plane.record.add(
            "file.save",
            self._who,
            lambda keys: {"path": keys.safe(path), "withheld": values, "outputs": outputs},
            outcome=outcome,
        )


def _is_notebook(model: Mapping[str, Any], path: str) -> bool:
    return model.get("type") == "notebook" or path.lower().endswith(".ipynb")


def _opened(model: Model) -> tuple[Any, Callable[[Any], Any]]:
    """The notebook in a model, or a text that is none, and how to write it back in the form in which it came."""
    content = model["content"]
    if not isinstance(content, str):
        return content, lambda made: made
    is_base64 = model.get("format") == "base64"
    text = content
    if is_base64:
        try:
            text = base64.b64decode(content).decode("utf-8", "replace")
        except (ValueError, binascii.Error):
            return content, lambda made: made  # the manager refuses it

    def write(made: Any) -> str:
        out = made if isinstance(made, str) else json.dumps(made, indent=1, ensure_ascii=False)
        return base64.b64encode(out.encode("utf-8", "surrogatepass")).decode() if is_base64 else out

    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text, write
    return (found, write) if isinstance(found, dict) else (text, write)


def _id(cell: Mapping[str, Any]) -> str | None:
    found = cell.get("id")
    return found if isinstance(found, str) else None


def _number(cell: Mapping[str, Any]) -> int | None:
    found = cell.get("execution_count", cell.get("prompt_number"))
    return found if isinstance(found, int) else None


_REFUSED = (
    "privguard: the notebook was not saved, for its outputs show values that the policy keeps out of files "
    "(`save: refuse`); clear these outputs and save again."
)
_FAILED = (
    "privguard: the notebook was not saved, for its outputs could not be looked through ({}); "
    "clear them and save again, or ask `privguard doctor`."
)
