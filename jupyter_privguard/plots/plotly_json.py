"""Figures of plotly as JSON: what stands in titles, names, hover texts and arrays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from typing import Any, NamedTuple

from .arrays import flat, is_array, rows_of
from .categories import Categories
from .masker import PlotMasker

__all__ = ["masked_figure", "masked_traces"]

_HOVER = re.compile(r"([^<>=%{}]+)=%\{([\w.]+(?:\[\d+\])?)[^}]*\}")
_SAME = {"label": "labels", "value": "values", "parent": "parents", "id": "ids", "location": "locations"}
"""Names of arrays in hover templates that are called otherwise in a trace."""
_NO_VALUES = frozenset("colorscale domain range tickvals template colorway dash symbol".split())
"""Arrays and trees that say how something looks."""
_NO_TEXT = ("data:image", "#")


class _Slot(NamedTuple):
    """An array in a figure."""

    label: str
    """What the figure calls its values; empty if nothing."""
    values: list[Any]
    put: Callable[[list[Any]], None]


def masked_figure(figure: dict[str, Any], masker: PlotMasker) -> dict[str, Any]:
    """``figure`` (data, layout, frames) with what ``masker`` makes of it; the same object if nothing is in it."""
    masked: dict[str, Any] = _Masking(masker, figure.get("layout") or {}).masked(figure)
    return masked


def masked_traces(part: Any, masker: PlotMasker, layout: dict[str, Any]) -> Any:
    """Traces, a layout or another part of a figure with this ``layout``, masked in the same way."""
    return _Masking(masker, layout).masked(part)


class _Masking:
    def __init__(self, masker: PlotMasker, layout: dict[str, Any]) -> None:
        self._masker = masker
        self._layout = layout
        self._categories = Categories(masker)
        self._new: dict[tuple[int, str], Any] = {}
        """What to write into dicts, by their identity and key."""

    def masked(self, tree: Any) -> Any:
        """``tree`` with its arrays masked first: texts may name their values."""
        slots = [*self._names(tree), *self._slots(tree, "", {})]
        labelled: dict[str, list[_Slot]] = {}
        for slot in slots:
            labelled.setdefault(slot.label, []).append(slot)
        for label, together in labelled.items():
            # What has one name is one column, cut into traces; what has none stands for itself.
            for group in [together] if label else [[slot] for slot in together]:
                values = [value for slot in group for value in slot.values]
                masked, at = self._categories.column(label, values), 0
                for slot in group:
                    part = masked[at : at + len(slot.values)]
                    at += len(slot.values)
                    if part != slot.values:
                        slot.put(part)
        return self._rebuilt(tree)

    def _names(self, tree: Any) -> Iterator[_Slot]:
        """The names of traces, in one list: a legend's texts. What they become holds wherever they stand."""
        traces = tree.get("data") if isinstance(tree, dict) else tree
        if not isinstance(traces, list):
            return
        names = [trace["name"] for trace in traces if isinstance(trace, dict) and isinstance(trace.get("name"), str)]
        if names:
            yield _Slot(_title(self._layout.get("legend")), names, _nowhere)

    def _slots(self, node: Any, path: str, labels: dict[str, str]) -> Iterator[_Slot]:
        if isinstance(node, (list, tuple)):
            for item in node:
                yield from self._slots(item, path, labels)
            return
        if not isinstance(node, dict):
            return
        labels = self._labels_of(node) or labels
        if node.get("type") == "indicator" and isinstance(node.get("value"), (int, float)):
            yield _Slot("", [node["value"]], lambda masked: self._put(node, "value", masked[0]))
        for key, value in node.items():
            if key in _NO_VALUES:
                continue
            if is_array(value):
                yield from self._of_array(node, key, value, path, labels)
            elif isinstance(value, (dict, list, tuple)):
                inside = "" if key in ("data", "frames", "layout") or not labels else f"{path}{key}."
                yield from self._slots(value, inside, self._axis(key, value) or labels)

    def _labels_of(self, trace: dict[str, Any]) -> dict[str, str]:
        """What a trace calls its arrays: by its hover template, else by its axes."""
        if not trace.keys() & {"hovertemplate", "x", "y", "header"} or "domain" in trace:
            return {}
        labels = {
            axis: _title(self._layout.get(str(trace.get(f"{axis}axis", axis)).replace(axis, f"{axis}axis", 1)))
            for axis in ("x", "y")
        }
        template = trace.get("hovertemplate")
        for one in [template] if isinstance(template, str) else template if isinstance(template, (list, tuple)) else ():
            labels.update({_SAME.get(name, name): label.strip() for label, name in _HOVER.findall(str(one))})
        heads = trace["header"].get("values") if isinstance(trace.get("header"), dict) else None
        if heads is not None and is_array(heads):
            labels.update({f"cells.values[{at}]": str(head) for at, head in enumerate(flat(rows_of(heads)))})
        return labels

    def _axis(self, key: str, value: Any) -> dict[str, str] | None:
        is_axis = re.fullmatch(r"[xyz]axis\d*", key) is not None and isinstance(value, dict)
        return {"categoryarray": _title(value), "ticktext": _title(value)} if is_axis else None

    def _of_array(
        self, node: dict[str, Any], key: str, value: Any, path: str, labels: dict[str, str]
    ) -> Iterator[_Slot]:
        rows, name = rows_of(value), f"{path}{key}"
        if not any(isinstance(row, list) for row in rows):
            yield _Slot(_label(labels, name, key, node), rows, lambda masked: self._put(node, key, masked))
        elif name == "customdata":
            yield from self._of_columns(node, key, _turned(rows), labels, put=_turned)
        elif name == "cells.values":
            yield from self._of_columns(node, key, rows, labels, put=list)
        else:
            label = _label(labels, name, key, node)
            yield _Slot(label, flat(rows), lambda masked: self._put(node, key, _shaped(rows, iter(masked))))

    def _of_columns(
        self, node: dict[str, Any], key: str, columns: list[Any], labels: dict[str, str], *, put: Callable[[Any], Any]
    ) -> Iterator[_Slot]:
        new = list(columns)

        def put_one(at: int, masked: list[Any]) -> None:
            new[at] = masked
            self._put(node, key, put(new))

        for at, values in enumerate(columns):
            if isinstance(values, list):
                label = labels.get(f"customdata[{at}]" if key == "customdata" else f"cells.values[{at}]", "")
                yield _Slot(label, values, partial(put_one, at))

    def _put(self, node: dict[str, Any], key: str, value: Any) -> None:
        self._new[id(node), key] = value

    def _rebuilt(self, node: Any) -> Any:
        """``node`` with what was put and with texts masked; the same object if nothing has changed."""
        if isinstance(node, str):
            return node if node.startswith(_NO_TEXT) else self._categories.text(node)
        if isinstance(node, dict):
            out = {}
            for key, value in node.items():
                if (id(node), key) in self._new:
                    out[key] = self._new[id(node), key]
                elif key in _NO_VALUES or is_array(value):
                    out[key] = value
                else:
                    out[key] = self._rebuilt(value)
            return node if all(out[key] is node[key] for key in node) else out
        if isinstance(node, (list, tuple)):
            new = [self._rebuilt(item) for item in node]
            return node if all(a is b for a, b in zip(new, node, strict=True)) else new
        return node


def _nowhere(masked: list[Any]) -> None:
    """For values that stand elsewhere too, where they are texts."""


def _label(labels: dict[str, str], name: str, key: str, node: dict[str, Any]) -> str:
    own = node.get("label")
    if key == "values" and isinstance(own, str):  # a dimension says itself what it is
        return own
    return labels.get(name, labels.get(key, ""))


def _title(holder: Any) -> str:
    title = holder.get("title") if isinstance(holder, dict) else None
    text = title.get("text") if isinstance(title, dict) else title
    return text if isinstance(text, str) else ""


def _turned(rows: list[Any]) -> list[Any]:
    """Rows as columns, or columns as rows; what a row lacks is None."""
    return [list(items) for items in zip_longest(*(row if isinstance(row, list) else [row] for row in rows))]


def _shaped(rows: Sequence[Any], values: Iterator[Any]) -> list[Any]:
    return [_shaped(row, values) if isinstance(row, list) else next(values) for row in rows]
