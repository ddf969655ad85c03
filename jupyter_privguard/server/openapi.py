"""The routes as OpenAPI 3.1 describes them, made from the handlers themselves: ``GET openapi.json``.

``python -m jupyter_privguard.server.openapi > docs/openapi.json`` writes the copy that the documentation has.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from typing import Any, NamedTuple

from jupyter_server.auth.decorator import authorized
from tornado import web

from .routes import LARGEST_BODY, ROOT, PrivguardHandler, handlers

__all__ = ["OpenApiHandler", "document"]

Schema = dict[str, Any]

_METHODS = ("get", "post", "put", "patch", "delete")
_TEXT: Schema = {"type": "string", "minLength": 1}
_NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": 2**53 - 1}


class _Told(NamedTuple):
    """What a handler's signature does not tell."""

    answer: str
    """Keys of the answer."""
    query: dict[str, Schema] = {}  # noqa: RUF012 - never changed
    body: Schema | None = None


def _body(required: str, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


_TERM: Schema = {"type": "string", "description": "How long, such as `30m`, `8h` or `2d`."}
_ANSWER = _body("grant reason", grant={"type": "boolean"}, reason=_TEXT, **{"for": _TERM})
_TOLD = {
    "get status": _Told("version log record"),
    "get session/{kernel_id}": _Told(
        "kernel next session guard purpose experiments last usage datasets events log", {"after": _NUMBER}
    ),
    "get gaps": _Told("present size hidden total gaps"),
    "post report": _Told(
        "experiment file_name sha256 html",
        body=_body("experiment", experiment={**_TEXT, "maxLength": 200}, notebook={"type": "string"}),
    ),
    "post report/notebook": _Told(
        "experiment file_name sha256 notebook",
        body=_body("experiment", experiment={**_TEXT, "maxLength": 200}, notebook={"type": "string"}),
    ),
    "get verification": _Told("checked whole size anchor problem"),
    "post verification": _Told("checked whole size anchor problem"),
    "get entities": _Told("entities"),
    "get experiment": _Told("experiment controls", {"name": {**_TEXT, "maxLength": 200}}),
    "get models": _Told("models total flags"),
    "get models/requests": _Told("available requests"),
    "post models/requests/{request_id}": _Told(
        "id state missing by is_own may_answer model version alias sha256 reviewed reason for asked until answered_by",
        body=_ANSWER,
    ),
    "get requests": _Told("available requests"),
    "post requests": _Told(
        "id message",
        body=_body(
            "tier dataset reason",
            tier={"enum": ["internal", "compliance"]},
            dataset=_TEXT,
            reason=_TEXT,
            columns={"type": "array", "items": _TEXT, "maxItems": 100},
            experiment=_TEXT,
            purpose=_TEXT,
            **{"for": _TERM},
        ),
    ),
    "post requests/{request_id}": _Told(
        "id state missing by is_own may_answer tier dataset columns experiment purpose reason for asked until "
        "answered_by",
        body=_ANSWER,
    ),
    "get openapi.json": _Told("openapi info servers security paths components"),
}
_PROBLEM: Schema = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("code", "message", "hint")},
    "required": ["code", "message", "hint"],
    "additionalProperties": False,
}


def document() -> dict[str, Any]:
    """Every route, with what it takes and gives. Paths are below the server's base URL."""
    paths: dict[str, dict[str, Any]] = {}
    for pattern, handler in handlers("/"):
        for method in _METHODS:
            call = inspect.unwrap(getattr(handler, method))
            if method.upper() in handler.SUPPORTED_METHODS and not _is_unset(call):
                path = _path(pattern, call)
                paths.setdefault(path, {})[method] = _operation(method, path, handler, call)
    return {
        "openapi": "3.1.0",
        "info": {"title": "jupyter_privguard", "version": "1", "description": _first_line(sys.modules[__name__])},
        "servers": [{"url": f"{{base_url}}{ROOT}", "variables": {"base_url": {"default": ""}}}],
        "security": [{"token": []}, {"cookie": []}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM},
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`token …`"},
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "username-…",
                    "description": "As the server's log-in sets it; all but GET also take the header `X-XSRFToken`.",
                },
            },
        },
    }


def _is_unset(call: Any) -> bool:
    """Whether a method is what tornado or Jupyter's server have for those that a handler does not."""
    return call.__module__.partition(".")[0] in ("tornado", "jupyter_server")


def _path(pattern: str, call: Any) -> str:
    """A route's pattern with the names of the method's parameters in place of its groups."""
    names = iter([name for name in inspect.signature(call).parameters if name != "self"])
    below = pattern.removeprefix(ROOT).replace("\\.", ".")
    return re.sub(r"\([^()]*\)", lambda _: f"{{{next(names)}}}", below)


def _operation(method: str, path: str, handler: type[PrivguardHandler], call: Any) -> dict[str, Any]:
    told = _TOLD.get(f"{method} {path.strip('/')}", _Told(""))
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _TEXT} for name in re.findall(r"\{(\w+)\}", path)
    ] + [{"name": name, "in": "query", "schema": schema} for name, schema in told.query.items()]
    answer: Schema = {"type": "object"}
    if told.answer:
        answer |= {"required": told.answer.split()}
    made: dict[str, Any] = {
        "summary": _first_line(handler),
        "description": _first_line(call),
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {"schema": answer}}},
            "default": {
                "description": "What went wrong, and what to do now; never a value.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
    if parameters:
        made["parameters"] = parameters
    if told.body is not None:
        about = f"At most {LARGEST_BODY // 1024} KiB."
        made["requestBody"] = {
            "required": True,
            "description": about,
            "content": {"application/json": {"schema": told.body}},
        }
    return made


def _first_line(thing: Any) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0].replace("``", "`")


class OpenApiHandler(PrivguardHandler):
    """``GET openapi.json``: this description."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """The same for everybody, and the same as in the documentation."""
        await self.answer(document)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(document(), indent=2, ensure_ascii=False) + "\n")
