"""A document against schema.json: every problem at once, with line and column, never with a value."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from .custom import custom_entities
from .yaml12 import Document, Place, shown_key

__all__ = ["nearest", "published", "schema", "schema_problems"]

_MOST = 500

_TYPES = {
    "object": "a block of `key: value` lines",
    "array": "a list, such as [a, b]",
    "boolean": "true or false (yes, no, on and off are text)",
    "string": "text",
    "integer": "a whole number",
}


@cache
def schema() -> Any:  # a JSON Schema document
    """The JSON Schema (2020-12) of a policy; it is the one source of what may stand where."""
    return json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))


def published() -> Any:
    """The JSON Schema for editors: it also takes entities of one's own, which only `policy check` can look up."""
    own = copy.deepcopy(schema())
    entity = own["$defs"]["entity"]
    name = own["$defs"]["pattern"]["properties"]["entity"]["pattern"]
    own["$defs"]["entity"] = {"anyOf": [entity, {"type": "string", "pattern": name}]}
    columns = own["properties"]["datasets"]["additionalProperties"]["properties"]["columns"]
    columns["additionalProperties"] = {
        "anyOf": [columns["additionalProperties"], {"type": "string", "pattern": name}],
    }
    return own


@lru_cache(maxsize=4)
def _validator(custom: frozenset[str]) -> Any:  # jsonschema_rs has no stubs for what it returns here
    import jsonschema_rs

    if not custom:
        return jsonschema_rs.Draft202012Validator(schema())
    # Entities that the document's own patterns add are as good as the built-in ones.
    own = copy.deepcopy(schema())
    columns = own["properties"]["datasets"]["additionalProperties"]["properties"]["columns"]
    for choice in (own["$defs"]["entity"], columns["additionalProperties"]):
        choice["enum"] += sorted(custom)
    return jsonschema_rs.Draft202012Validator(own)


def schema_problems(document: Document) -> list[tuple[Place, str]]:
    """Where and how ``document`` departs from the schema; of very many departures the first found."""
    return list(islice(_all_told(document), _MOST))


def _all_told(document: Document) -> Iterator[tuple[Place, str]]:
    for error in _validator(frozenset(custom_entities(document))).iter_errors(document.value):
        # What is no block cannot name an entity either: one problem is told, not its consequences.
        if isinstance(error.instance, dict) or error.kind.name != "oneOf":
            yield from _told(error, document)


def _told(error: Any, document: Document) -> Iterator[tuple[Place, str]]:
    kind, path = error.kind.as_dict(), _path(error.instance_path, document.value)
    name = error.kind.name
    at = document.values.get(path, (1, 1))
    what = _called(path)
    if name == "additionalProperties":
        for key in kind["unexpected"]:
            yield document.keys.get((*path, key), at), _unknown(key, path)
    elif name == "anyOf" and len(kind["context"]) == 2 and path[-1:] in (("entity",), ("class",)):
        # One name or a list of names: tell of the form that was meant.
        for inner in kind["context"][isinstance(error.instance, list)]:
            yield from _told(inner, document)
    elif name == "required":
        yield at, f"{what} needs `{kind['property']}{': 1' if kind['property'] == 'version' else ''}`"
    elif name == "type":
        yield at, f"{what} must be {' or '.join(_TYPES.get(t, t) for t in kind['types'])}"
    elif path == ("audit", "store"):
        yield at, f"{what} must be sqlite or postgresql://HOST/DATABASE, without a password: that belongs in ~/.pgpass"
    elif name == "enum":
        yield at, _choice(what, error.instance, kind["options"], path)
    elif name == "pattern":
        yield at, _wrong_form(what, path)
    elif name == "const":
        yield at, f"{what} must be {kind['expected_value']}"
    elif name == "oneOf":
        yield at, f"{what} names either `entity` or `class`, not both"
    elif name == "anyOf" and path[:1] == ("patterns",):
        yield at, f"{what} needs `regex`, `header` or both"
    elif name == "anyOf":
        yield at, f"{what} says nothing for `public`, `internal` or `compliance`"
    elif name == "maxLength":
        yield at, f"{what} is longer than {kind['limit']} characters"
    elif name in ("minimum", "maximum"):
        lowest, highest = (_node(path)[bound] for bound in ("minimum", "maximum"))
        yield at, f"{what} must be from {lowest} to {highest:,}"
    elif name in ("maxItems", "maxProperties"):
        yield at, f"{what} has more than {kind['limit']:,} entries"
    elif name in ("minItems", "minProperties"):
        yield at, f"{what} is {'an empty list' if name == 'minItems' else 'empty'}"
    elif name == "propertyNames":
        inner = kind["error"]
        yield document.keys.get((*path, inner.instance), at), _wrong_name(what, path, inner.kind.name)
    else:
        yield at, f"{what} is too short or too long"


def _path(parts: Sequence[str | int], value: Any) -> tuple[str | int, ...]:
    """The path with keys as the document has them; the validator makes a number of one that is written like it."""
    path: list[str | int] = []
    for part in parts:
        if isinstance(value, dict) and part not in value:
            part = next(key for key in value if re.fullmatch(r"\+?[0-9]+", key) and int(key) == part)
        path.append(part)
        value = value[part]
    return tuple(path)


def _wrong_form(what: str, path: Sequence[str | int]) -> str:
    forms = {
        "domains": "a data set and a column of it, such as customers.customer_id",
        "audit": "a number of days, months or years, such as 90d, 18m or 7y",
        "purposes": "a date such as 2027-06-30",
        "approvals": "the whole path of a folder, such as /srv/privguard/approvals",
    }
    form = forms.get(str(path[0]), "written in capitals, digits and single underscores, such as STAFF_NO")
    return f"{what} must be {form}"


def _wrong_name(what: str, path: Sequence[str | int], rule: str) -> str:
    if tuple(path) == ("principals",) and rule == "anyOf":
        return f"a group under {what} is written `group:NAME`, without blanks around"
    if tuple(path) == ("domains",):
        return f"{what} has a name that is not of small letters, digits, - and _, 40 at most"
    return f"{what} has a key that is empty or longer than 200 characters"


def _called(path: Sequence[str | int]) -> str:
    """The path as a message names it, list places counted from 1: ``rules 2, public``."""
    if not path:
        return "the policy"
    words: list[str] = []
    for part in path:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        else:
            words.append(shown_key(part))
    return f"`{', '.join(words)}`"


def _unknown(key: str, path: tuple[str | int, ...]) -> str:
    known = list(_node(path)["properties"])
    return f"unknown key `{shown_key(key)}` in {_called(path)}{_hint(key, known) or '; known: ' + ', '.join(known)}"


def _node(path: tuple[str | int, ...]) -> Any:
    """What schema.json says of the place ``path``."""
    node = schema()
    for part in path:
        node = (
            node["items"]
            if isinstance(part, int)
            else node.get("properties", {}).get(part) or node["additionalProperties"]
        )
        if "$ref" in node:
            node = schema()["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return node


def _choice(what: str, given: Any, options: list[str], path: tuple[str | int, ...]) -> str:
    if isinstance(given, str):
        hint = _hint(given, options)
        if hint:
            return f"{what} names no known {_noun(path, options)}{hint}"
    if len(options) > 10:
        return (
            f"{what} must be one of the {len(options)} {_noun(path, options)} names, such as {', '.join(options[:3])}"
        )
    return f"{what} must be one of {', '.join(options)}"


def _noun(path: tuple[str | int, ...], options: list[str]) -> str:
    if "redact" in options:
        return "operator"
    if "EMAIL_ADDRESS" in options:
        return "entity"
    if "gdpr" in options:
        return "pack"
    return "class" if "class" in path else "choice"


def _hint(given: str, known: Sequence[str]) -> str:
    near = nearest(given, known)
    return f"; did you mean `{near}`?" if near is not None else ""


def nearest(given: str, known: Sequence[str]) -> str | None:
    """The known name that ``given`` is most likely a slip of, or None."""
    import difflib

    by_fold = {name.casefold().replace("_", "").replace("-", ""): name for name in known}
    folded = given[:80].casefold().replace("_", "").replace("-", "").replace(" ", "")
    if folded != "none":
        by_fold.pop("none", None)  # a slip must not lay a column open
    near = difflib.get_close_matches(folded, by_fold, n=1, cutoff=0.6)
    if not near and len(folded) >= 3:
        near = [name for name in by_fold if name.startswith(folded)]
    return by_fold[near[0]] if near else None
