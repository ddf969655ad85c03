"""What texts such as paths, addresses and queries say about the data sets that are read by them. Pure but for links."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path, PurePath

from ..._later import later
from ...model import Used
from ...policy.purposes import is_one_of
from ...policy.rules import Policy
from ..columns.datasets import local_path, name_of_source
from .lineage import statements_run

__all__ = [
    "data_sets_of",
    "has_table_ending",
    "is_named",
    "is_query",
    "looks_like_source",
    "queries_in",
    "restricts",
]

_TABLE_ENDINGS = frozenset(
    """
    csv tsv tab psv parquet pq feather arrow ipc orc avro xls xlsx xlsm ods sav dta sas7bdat xpt h5 hdf hdf5 jsonl
    ndjson sealed
    """.split()
)
_PACKED = frozenset("gz bz2 xz zip zst".split())
_LONGEST = 4096
_QUERY = later(r"\s*(?:select|with|from|insert|update|delete|copy|create|describe|summarize)\s", re.IGNORECASE)
_PLAIN_QUERY = later(r"\s*(?:select|with)\s.*\bfrom\s", re.IGNORECASE | re.DOTALL)
_CLAUSE = later(
    r"\b(?:from|join|update|into|table|copy)\s+(.*?)(?=\b(?:where|group|order|join|left|right|inner|outer|full|cross|on|"
    r"using|limit|union|having|from|select|set|values|to)\b|[;)]|$)",
    re.IGNORECASE | re.DOTALL,
)
_TABLE = later(r"""\s*(?:"([^"]+)"|`([^`]+)`|\[([^\]]+)\]|'([^']+)'|([^\s"'`(),;]+))""")
_COMMON_TABLE = later(r"([A-Za-z_]\w*)\s+as\s*\(", re.IGNORECASE)
_QUOTED = later(r"'([^']+)'")


def restricts(policy: Policy, purpose: str | None) -> bool:
    """Whether ``policy`` binds data sets to environments, or ``purpose`` to data sets."""
    return bool(_bound(policy) or _globs_of(policy, purpose))


def _globs_of(policy: Policy, purpose: str | None) -> list[str]:
    named = ((layer.purposes or {}).get(purpose or "") for layer in policy.layers)
    return [glob for one in named if one is not None for glob in one.datasets]


def data_sets_of(source: str, policy: Policy) -> list[Used]:
    """The data sets that are used by reading ``source``: a path, an address, a name, or a query's tables.

    A link is what it points to as well, where ``policy`` binds that to an environment.
    """
    if is_query(source):
        found = [Used(table, source) for table in _tables_of(source)]
        found = found or [Used(name_of_source(source), source)]
        others = [Used(one.name.rpartition(".")[2], source) for one in found]
    else:
        found = [Used(name_of_source(source), source)]
        others = [Used(name_of_source(path), path) for path in _paths_of(source)]
    return [*found, *(used for used in others if used not in found and _is_bound(used, policy))]


def is_query(text: str) -> bool:
    """Whether ``text`` is SQL."""
    return _QUERY.match(text) is not None and bool(_tables_of(text))


def queries_in(source: str) -> list[str]:
    """The texts in a cell's code that are SQL."""
    texts = [
        node.value
        for statement in statements_run(source)
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [text for text in texts if is_query(text)]


def looks_like_source(text: str, *, is_read: bool) -> bool:
    """Whether ``text`` has the look of a path, an address or a query; where something is read, of any one name."""
    if not text or len(text) > _LONGEST or "\0" in text:
        return False
    if "://" in text or (is_query(text) if is_read else _PLAIN_QUERY.match(text) is not None):
        return True
    if "\n" in text:
        return False
    name = PurePath(text.replace("\\", "/")).name
    has_ending = re.fullmatch(r"[^/]+\.\w{1,10}", name) is not None
    if text.split() != [text] and not has_ending:
        return False
    return has_ending or "/" in text or "\\" in text or (is_read and re.fullmatch(r"[\w.-]+", text) is not None)


def has_table_ending(text: str) -> bool:
    """Whether a path ends like a file of tables."""
    *_, last = parts = PurePath(text).name.lower().split(".")
    return len(parts) > 1 and (last in _TABLE_ENDINGS or (last in _PACKED and parts[-2] in _TABLE_ENDINGS))


def is_named(used: Used, policy: Policy, purpose: str | None) -> bool:
    """Whether ``policy`` binds that data set, or any of the purpose's globs means it."""
    return _is_bound(used, policy) or is_one_of(used, _globs_of(policy, purpose))


def _is_bound(used: Used, policy: Policy) -> bool:
    return is_one_of(used, _bound(policy))


def _bound(policy: Policy) -> list[str]:
    return [rule.glob for layer in policy.layers for rule in layer.datasets if rule.environment is not None]


def _paths_of(source: str) -> Iterator[str]:
    """The whole path of a local file, and that of what it is a link to."""
    local = local_path(source)
    if local is None:
        return
    try:
        path = Path(local).expanduser()
        yield str(path.absolute())
        yield str(path.resolve())
    except (OSError, ValueError, RuntimeError):  # no path at all
        return


def _tables_of(query: str) -> list[str]:
    """The tables and files that SQL names after FROM, JOIN and their like, without those that it makes itself."""
    own = {name.lower() for name in _COMMON_TABLE.findall(query)}
    found: dict[str, None] = {}
    for clause in _CLAUSE.findall(query):
        for match in filter(None, map(_TABLE.match, clause.split(","))):
            name = next(filter(None, match.groups()))
            if name.lower() not in own:
                found[name_of_source(name) if match[4] else name] = None
    for text in _QUOTED.findall(query):
        if has_table_ending(text):
            found[name_of_source(text)] = None
    return list(found)
