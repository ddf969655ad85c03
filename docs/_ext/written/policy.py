"""The reference of the policy, from the JSON Schema by which policies are checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jupyter_privguard.policy.schema import schema
from jupyter_privguard.policy.starter import STARTER

from .markdown import code, fence, table

__all__ = ["page", "starter"]

_MANY = 12
"""Lists of more names than this stand on a page of their own."""


def starter() -> str:
    """What `privguard policy init` writes."""
    return fence(STARTER, "yaml")


def page() -> str:
    """A section a key."""
    whole = schema()
    return "\n\n".join(
        _section(whole, key, part, key in whole["required"]) for key, part in whole["properties"].items()
    )


def _section(whole: Mapping[str, Any], key: str, part: Mapping[str, Any], is_needed: bool) -> str:
    says = part["description"] + (" Needed." if is_needed else "")
    lines = [f"## `{key}`", says, f"Form: {_form(whole, part)}."]
    rows = list(_inner(whole, part, key))
    if rows:
        lines.append(table(["key", "form", "says"], rows))
    return "\n\n".join(lines)


def _inner(whole: Mapping[str, Any], part: Mapping[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    """A row for every key below ``part``."""
    part = _resolved(whole, part)
    inside = [(f"{path}.{name}", one, name in part.get("required", ())) for name, one in _named(part)]
    other = part.get("additionalProperties")
    if isinstance(other, Mapping):
        inside.append((f"{path}.NAME", other, False))
    if isinstance(part.get("items"), Mapping) and _resolved(whole, part["items"]).get("properties"):
        yield from _inner(whole, part["items"], f"{path}[]")
    for name, one, is_needed in inside:
        one = _resolved(whole, one)
        yield code(name), _form(whole, one), one.get("description", "") + (" Needed." if is_needed else "")
        yield from _inner(whole, one, name)


def _named(part: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return list(part.get("properties", {}).items())


def _resolved(whole: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in part:
        return part
    found: Mapping[str, Any] = whole["$defs"][part["$ref"].removeprefix("#/$defs/")]
    return {**found, **{key: value for key, value in part.items() if key != "$ref"}}


def _form(whole: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    """In words, what may stand there."""
    part = _resolved(whole, part)
    if "const" in part:
        return f"always {code(part['const'])}"
    if "enum" in part:
        return _choice(part["enum"])
    for several in ("oneOf", "anyOf"):
        if several in part and "type" not in part:
            return " or ".join(dict.fromkeys(_form(whole, one) for one in part[several]))
    kind = part.get("type")
    if kind == "array":
        return f"list of {_form(whole, part.get('items', {}))}{_counts(part)}"
    if kind == "object":
        other = part.get("additionalProperties")
        return "block of names" if isinstance(other, Mapping) else "block of keys"
    if kind == "integer":
        return f"whole number, {part.get('minimum')} to {part.get('maximum')}"
    if kind == "string":
        return _text(part)
    return {"boolean": "true or false", None: "any text"}.get(kind, str(kind))


def _choice(names: list[Any]) -> str:
    if len(names) > _MANY:
        return "an [entity](entities.md)" if "PERSON_NAME" in names else f"one of {len(names)} names"
    return ", ".join(code(str(name).lower() if isinstance(name, bool) else name) for name in names)


def _counts(part: Mapping[str, Any]) -> str:
    if "maxItems" in part:
        return f", at most {part['maxItems']:,}"
    return ", at least one" if part.get("minItems") else ""


def _text(part: Mapping[str, Any]) -> str:
    if part.get("format") == "date":
        return "a day, `YYYY-MM-DD`"
    longest = f" of at most {part['maxLength']:,} characters" if "maxLength" in part else ""
    return f"text{longest}"
