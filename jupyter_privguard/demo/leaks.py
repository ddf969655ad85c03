"""Whether an executed notebook shows a value that its tier should not have seen.

This is a second opinion on the guard: it knows nothing of how the notebook was masked. It takes
the raw data, masks it under the same policy, and looks for every text that the mask changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from .. import runtime
from ..errors import PrivguardError
from ..frames import FrameView, read_table, view
from ..guard.columns.datasets import name_of_source
from ..keys.keyring import KeyRing
from ..model import Tier
from ..policy.rules import Policy

__all__ = ["LeakError", "check_notebook", "hidden_values", "search"]

_SHORTEST = 6


class LeakError(PrivguardError):
    """An output shows a raw value; says which cell and column, never the value."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class _Words:
    """Texts by their first letters, so that one pass over an output finds all of them."""

    by_start: Mapping[str, Sequence[tuple[str, str]]]

    @classmethod
    def of(cls, values: Mapping[str, str]) -> _Words:
        by_start: dict[str, list[tuple[str, str]]] = {}
        for value, column in values.items():
            by_start.setdefault(value[:_SHORTEST], []).append((value, column))
        return cls(by_start)


def check_notebook(
    notebook: Mapping[str, Any],
    tables: Sequence[Path],
    *,
    tiers: Mapping[int, Tier],
    policy: Policy,
    keyring: KeyRing,
) -> None:
    """Raises LeakError if an output of ``notebook`` shows a value of ``tables`` that is masked at its tier.

    ``tiers`` maps execution counts to the tier each cell ran at; others ran at the least.
    Text of fewer than six letters, numbers and dates are not looked for: they occur by chance.
    """
    views = [(path, read_table(str(path))) for path in tables]
    words: dict[Tier, _Words] = {}
    for position, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] != "code":
            continue
        tier = tiers.get(cell.get("execution_count") or 0, Tier.PUBLIC)
        if tier not in words:
            words[tier] = _Words.of(_hidden(views, tier=tier, policy=policy, keyring=keyring))
        for text in _texts(cell["outputs"]):
            column = search(text, words[tier])
            if column:
                raise LeakError(
                    f"privguard: cell {position} of the executed notebook shows a value of column {column}; "
                    "neither notebook nor report was kept."
                )


def search(text: str, words: _Words) -> str | None:
    """The column whose value stands in ``text`` as a word of its own; None if there is none."""
    for start in range(len(text) - _SHORTEST + 1):
        for value, column in words.by_start.get(text[start : start + _SHORTEST], ()):
            end = start + len(value)
            if text.startswith(value, start) and not _joined(text, start) and not _joined(text, end):
                return column
    return None


def _joined(text: str, at: int) -> bool:
    """Whether a word goes on across position ``at``."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _hidden(views: Iterable[tuple[Path, FrameView]], *, tier: Tier, policy: Policy, keyring: KeyRing) -> dict[str, str]:
    found: dict[str, str] = {}
    shown: set[str] = set()
    for path, seen in views:
        hidden, clear = hidden_values(seen, path, tier=tier, policy=policy, keyring=keyring)
        found |= hidden
        shown |= clear
    # What another column may show is no secret: a family name that is also a city.
    return {value: column for value, column in found.items() if value not in shown}


def hidden_values(
    seen: FrameView, path: Path, *, tier: Tier, policy: Policy, keyring: KeyRing
) -> tuple[dict[str, str], set[str]]:
    """The texts of ``seen`` that ``tier`` may not see, with their columns, and those that it may."""
    name = name_of_source(str(path))
    verdicts = runtime.assess(seen, policy=policy, dataset=name, source=str(path))
    masked = runtime.mask_table(
        seen, tier=tier, policy=policy, keyring=keyring, dataset=name, classification=verdicts
    ).native
    after = view(masked)
    assert after is not None  # noqa: S101 - a mask keeps the library of its table
    hidden: dict[str, str] = {}
    clear: set[str] = set()
    for position, verdict in enumerate(verdicts):
        kept = _long_texts(after.distinct(position))
        clear |= kept
        hidden |= dict.fromkeys(_long_texts(seen.distinct(position)) - kept, f"`{verdict.column}`")
    return hidden, clear


def _long_texts(values: Iterable[Any]) -> set[str]:
    return {value for value in values if isinstance(value, str) and len(value) >= _SHORTEST}


def _texts(outputs: Any) -> Iterator[str]:
    if isinstance(outputs, str):
        yield outputs
        plain = unescape(outputs)
        if plain != outputs:
            yield plain
    elif isinstance(outputs, Mapping):
        for name, item in outputs.items():
            if name != "image/png":
                yield from _texts(item)
    elif isinstance(outputs, (list, tuple)):
        for item in outputs:
            yield from _texts(item)
