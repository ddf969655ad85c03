"""Numbers within JSON that leaves: somebody's income is one as a number too, not as text alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["clean_numbers"]

_CHARTS = ("application/vnd.plotly", "application/vnd.vega")
"""Their numbers were rounded before they were drawn, and have to stay numbers."""
_PROTOCOL = frozenset({"buffer_paths"})

_Clean = Callable[[str], str]


def clean_numbers(value: Any, clean: _Clean) -> Any:  # Any: JSON
    """``value`` with the masked text in place of each number that ``clean`` would change in a text.

    A number is looked at with the key before it, as in ``income: 51234``. The same object where none changes.
    """
    written = [_written(key, number) for key, number in _numbers(value, "")]
    text = "\n".join(written)
    return value if not written or clean(text) == text else _cleaned(value, clean, "")


def _numbers(value: Any, label: str) -> Iterator[tuple[str, int | float]]:
    if _is_number(value):
        yield label, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if not _is_left(key):
                yield from _numbers(item, str(key))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _numbers(item, label)


def _cleaned(value: Any, clean: _Clean, label: str) -> Any:
    if _is_number(value):
        written = _written(label, value)
        cleaned = clean(written)
        if cleaned == written or cleaned.endswith(repr(value)):
            return value
        return cleaned.removeprefix(f"{label}: ")
    if isinstance(value, dict):
        return {key: item if _is_left(key) else _cleaned(item, clean, str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(item, clean, label) for item in value]
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_left(key: Any) -> bool:
    return isinstance(key, str) and (key in _PROTOCOL or key.startswith(_CHARTS))


def _written(label: str, number: float) -> str:
    return f"{label}: {number!r}" if label else repr(number)
