"""What of a notebook's outputs may stand in its file. Pure: a new notebook comes out, the old one stays as it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..classification.spans import find_spans
from ..model import Pattern

__all__ = ["Found", "cleaned_notebook", "redacted"]

_REDACTED = "[redacted]"
_NOT_SAVED = "privguard: this output is for the screen and is not saved; run the cell again to see it."
_BINARY = ("image/", "application/pdf", "audio/", "video/")
_BINARY_KEYS = frozenset({"png", "jpeg", "pdf"})
"""Pictures in notebooks of format 3."""
_BASE64 = re.compile(r"[A-Za-z0-9+/=\r\n]*")
_LEAST_NUMBER, _LARGEST_NUMBER = 10**8, 10**40
"""Between them a number may show by its form whose it is."""
_PROTOCOL = frozenset({"output_type", "execution_count", "prompt_number"})

Shown = Callable[[Mapping[str, Any], frozenset[str]], frozenset[str]]
"""Those of some entities that the outputs of a cell may not show in a file."""


@dataclass(slots=True)
class Found:
    """What was found in the outputs of a notebook."""

    outputs: int = 0
    """Outputs that are for the screen alone."""
    values: Counter[str] = field(default_factory=Counter)
    """Values that show by their form, by entity."""

    def __bool__(self) -> bool:
        return bool(self.outputs or self.values)


def cleaned_notebook(
    notebook: Mapping[str, Any],
    *,
    patterns: tuple[Pattern, ...],
    hidden: Shown,
    is_for_screen: Callable[[Mapping[str, Any], Mapping[str, Any] | None], bool],
) -> tuple[dict[str, Any], Found]:
    """The notebook as it may be saved, and what was found in it.

    ``is_for_screen`` is asked of a cell alone, and of a cell with one of its outputs. Sources of cells stay.
    """
    found = Found()

    def clean_cell(cell: Any) -> Any:
        if not isinstance(cell, Mapping) or not isinstance(cell.get("outputs"), list) or not cell["outputs"]:
            return cell
        if is_for_screen(cell, None):
            found.outputs += len(cell["outputs"])
            return {**cell, "outputs": [_instead(cell["outputs"][0])]}
        return {**cell, "outputs": [clean_output(cell, output) for output in cell["outputs"]]}

    def clean_output(cell: Mapping[str, Any], output: Any) -> Any:
        if not isinstance(output, Mapping):
            return output
        if is_for_screen(cell, output):
            found.outputs += 1
            return _instead(output)
        of_form = {key: value for key, value in output.items() if key in _PROTOCOL}
        return {**_redacted_tree(output, lambda text: redact(cell, text)), **of_form}

    def redact(cell: Mapping[str, Any], text: str) -> str:
        return redacted(text, patterns, lambda entities: hidden(cell, entities), found.values)

    made: dict[str, Any] = dict(notebook)
    if isinstance(made.get("cells"), list):
        made["cells"] = [clean_cell(cell) for cell in made["cells"]]
    if isinstance(made.get("worksheets"), list):  # format 3
        made["worksheets"] = [
            {**sheet, "cells": [clean_cell(cell) for cell in sheet["cells"]]}
            if isinstance(sheet, Mapping) and isinstance(sheet.get("cells"), list)
            else sheet
            for sheet in made["worksheets"]
        ]
    about = made.get("metadata")
    if isinstance(about, Mapping) and "widgets" in about:
        made["metadata"] = {**about, "widgets": _redacted_tree(about["widgets"], lambda text: redact({}, text))}
    return made, found


def redacted(
    text: str,
    patterns: tuple[Pattern, ...],
    hidden: Callable[[frozenset[str]], frozenset[str]],
    values: Counter[str],
) -> str:
    """``text`` without the values that show by their form and are ``hidden``; they are counted in ``values``."""
    spans = find_spans(text, patterns)
    if not spans:
        return text
    closed = hidden(frozenset(span.entity for span in spans))
    parts, last = [], 0
    for span in spans:
        if span.entity in closed:
            parts += [text[last : span.start], _REDACTED]
            last = span.end
            values[span.entity] += 1
    return "".join([*parts, text[last:]])


def _instead(output: Any) -> dict[str, Any]:
    if isinstance(output, Mapping) and output.get("output_type") == "stream":
        return {"output_type": "stream", "name": output.get("name", "stdout"), "text": f"{_NOT_SAVED}\n"}
    return {"output_type": "display_data", "metadata": {}, "data": {"text/plain": _NOT_SAVED}}


def _redacted_tree(value: Any, redact: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return _redacted_mapping(value, redact)
    if isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            return _redacted_lines(value, redact)
        return [_redacted_tree(item, redact) for item in value]
    if isinstance(value, int) and _LEAST_NUMBER <= abs(value) < _LARGEST_NUMBER:
        text = str(abs(value))
        return value if (clean := redact(text)) == text else clean
    return value


def _redacted_mapping(found: Mapping[Any, Any], redact: Callable[[str], str]) -> dict[Any, Any]:
    """Its names may be values, as where something was counted; none takes the place of another."""
    made: dict[Any, Any] = {}
    for key, item in found.items():
        name = clean = redact(key) if isinstance(key, str) else key
        number = 2
        while clean != key and (name in made or name in found):
            name, number = f"{clean} {number}", number + 1
        made[name] = item if _is_kept(key, item) else _redacted_tree(item, redact)
    return made


def _redacted_lines(lines: list[str], redact: Callable[[str], str]) -> list[str]:
    """A text that a file has split into lines, or a list of texts that are none of one another's."""
    if not all(line.endswith("\n") for line in lines[:-1]):
        return [redact(line) for line in lines]
    text = "".join(lines)
    clean = redact(text)
    return lines if clean == text else clean.splitlines(keepends=True)


def _is_kept(key: object, value: object) -> bool:
    if not isinstance(key, str):
        return False
    is_binary = (key.startswith(_BINARY) and not key.startswith("image/svg")) or key in _BINARY_KEYS
    return is_binary and _is_base64(value)


def _is_base64(value: object) -> bool:
    """Whether this can be a picture; what cannot is a text, whatever it claims to be."""
    lines = value if isinstance(value, list) else [value]
    return all(isinstance(line, str) and _BASE64.fullmatch(line) for line in lines)
