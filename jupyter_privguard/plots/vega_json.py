"""Charts of Vega and Vega-Lite (altair) as JSON: their data are tables, all else is text."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from .categories import Categories
from .masker import PlotMasker

__all__ = ["is_spec", "masked_spec"]

_LARGEST = 64 * 2**20
"""Bytes of a file of data that is looked into."""
_WITHHELD = "privguard: a chart's data file is too large to be masked and is withheld; give the chart the table itself."


def is_spec(tree: Any) -> bool:
    """Whether ``tree`` says of itself that it is a chart of Vega or Vega-Lite."""
    return isinstance(tree, dict) and "vega.github.io/schema" in str(tree.get("$schema", ""))


def masked_spec(spec: dict[str, Any], masker: PlotMasker) -> dict[str, Any]:
    """``spec`` with what ``masker`` makes of its data and texts; the same object if nothing is in it.

    A local file of data, as altair's transformers write them, comes into the chart where something in it is masked.
    """
    masking = _Masking(masker)
    masked: dict[str, Any] = masking.rebuilt(spec, masking.data_of(spec))
    return masked


class _Masking:
    def __init__(self, masker: PlotMasker) -> None:
        self._categories = Categories(masker)

    def data_of(self, spec: Any) -> dict[int, Any]:
        """By the identity of what holds them, all data with masks. Data come first: texts may name their values."""
        return {id(holder): self._masked_data(holder) for holder in _holders(spec)}

    def _masked_data(self, holder: dict[str, Any]) -> dict[str, Any]:
        if isinstance(holder.get("url"), str):
            return self._loaded(holder)
        if "values" not in holder:
            new = {name: self._masked_values(values, "") for name, values in holder.items()}
            return holder if all(new[name] is holder[name] for name in new) else new
        values = holder["values"]
        masked = self._masked_values(values, _form(holder))
        return holder if masked is values else {**holder, "values": masked}

    def _loaded(self, holder: dict[str, Any]) -> dict[str, Any]:
        text = _text_at(holder["url"])
        if text is None:
            return holder
        form = _form(holder) or Path(urlsplit(holder["url"]).path).suffix[1:]
        values = _parsed(text, form)
        masked = self._masked_values(values, form)
        if masked is values:
            return holder
        return {key: value for key, value in holder.items() if key not in ("url", "format")} | {"values": masked}

    def _masked_values(self, values: Any, form: str) -> Any:
        if isinstance(values, str):
            parsed = _parsed(values, form)
            masked = parsed if isinstance(parsed, str) else self._masked_values(parsed, form)
            return values if masked is parsed else masked
        if not isinstance(values, list) or not values:
            return values
        if all(isinstance(record, dict) for record in values):
            return self._masked_records(values)
        masked = self._categories.column("data", values)
        return values if masked == values else masked

    def _masked_records(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        fields = dict.fromkeys(field for record in records for field in record)
        new: dict[str, list[Any]] = {}
        for field in fields:
            values = [record.get(field) for record in records]
            if any(isinstance(value, (dict, list)) for value in values):
                masked = [self.rebuilt(value, {}) for value in values]
            else:
                masked = self._categories.column(str(field), values)
            if masked != values:
                new[field] = masked
        if not new:
            return records
        return [
            {field: new[field][at] if field in new else value for field, value in record.items()}
            for at, record in enumerate(records)
        ]

    def rebuilt(self, node: Any, data: dict[int, Any]) -> Any:
        """``node`` with ``data`` in place and texts masked; the same object if nothing has changed."""
        if isinstance(node, str):
            return node if node.startswith("data:") else self._categories.text(node)
        if isinstance(node, dict):
            if id(node) in data:
                return data[id(node)]
            out = {key: self.rebuilt(value, data) for key, value in node.items()}
            return node if all(out[key] is node[key] for key in node) else out
        if isinstance(node, list):
            new = [self.rebuilt(item, data) for item in node]
            return node if all(a is b for a, b in zip(new, node, strict=True)) else new
        return node


def _holders(node: Any, *, is_data: bool = False) -> Iterator[dict[str, Any]]:
    """The parts of a chart that hold data: ``data``, and each of ``datasets``."""
    if isinstance(node, list):
        for item in node:
            yield from _holders(item, is_data=is_data)
    elif isinstance(node, dict):
        if is_data and ("values" in node or isinstance(node.get("url"), str)):
            yield node
            return
        for key, value in node.items():
            if key == "datasets" and isinstance(value, dict):
                yield value
            else:
                yield from _holders(value, is_data=key == "data")


def _form(holder: dict[str, Any]) -> str:
    form = holder.get("format")
    return str(form.get("type", "")) if isinstance(form, dict) else ""


def _text_at(url: str) -> str | None:
    """What a data URL or a local file says; None for one elsewhere. ValueError if it is too large."""
    if url.startswith("data:"):
        head, _, body = url.partition(",")
        return base64.b64decode(body).decode() if head.endswith(";base64") else unquote(body)
    parts = urlsplit(url)
    path = Path(unquote(parts.path))
    if parts.scheme not in ("", "file") or parts.netloc or not path.is_file():
        return None
    if path.stat().st_size > _LARGEST:
        raise ValueError(_WITHHELD)
    return path.read_text(encoding="utf-8", errors="replace")


def _parsed(text: str, form: str) -> Any:
    """Records from CSV, TSV or JSON; ``text`` itself if it is neither."""
    if form in ("csv", "tsv"):
        return list(csv.DictReader(io.StringIO(text), delimiter="," if form == "csv" else "\t"))
    try:
        return json.loads(text)
    except ValueError:
        return text
