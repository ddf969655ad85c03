"""The log as OpenLineage run events, a JSON object a line: cells as runs, with the lineage of columns.

Source: OpenLineage 2-0-2 (run events) and its facets schema 1-2-0, columnLineage 1-2-0, tags 1-0-0 and
errorMessage 1-0-1. A cell that touched data is a START and one COMPLETE, FAIL or ABORT; other events are no
lineage and are left out. Frames in memory and files that were written are outputs, what was read is input.
Events must come from the beginning of the log: what a column holds is told when its table is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from ..._json import as_mapping
from ..accesses import Classes, Event, Part, parts_of, said_by
from ..lineage import Frame, Frames
from .identity import PRODUCER, run_uuid

__all__ = ["SCHEMA", "rows"]

_SPEC = "https://openlineage.io/spec"
SCHEMA = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_ENDS = {"ok": "COMPLETE", "error": "FAIL", "refused": "FAIL"}
"""All other outcomes are aborts."""
_TRANSFORMATIONS = {
    "recorded": ("DIRECT", "TRANSFORMATION"),
    "by name": ("DIRECT", "IDENTITY"),
    "by use": ("INDIRECT", ""),
}

Json = dict[str, Any]


def rows(events: Iterable[Event], *, origin: str) -> Iterator[bytes]:
    """OpenLineage events in the order of the log, each ended by a newline; ``origin`` is the name of the log."""
    frames, begun = Frames(), dict[str, str]()
    for event in events:
        frames.take_in(event)
        if event.get("action") == "cell.start":
            begun[str(event.get("run"))] = str(event.get("time"))
        elif event.get("action") == "cell.run":
            start = begun.pop(str(event.get("run")), str(event.get("time")))
            cell = _Cell(event, frames, origin)
            if cell.touches_data:
                yield _line(cell.begun(start))
                yield _line(cell.ended())


class _Cell:
    """One ``cell.run`` on its way out."""

    def __init__(self, event: Event, frames: Frames, origin: str) -> None:
        self._event, self._frames, self._origin = event, frames, origin
        self._parts = [part for part in parts_of(event) if part.variables or part.source]
        self._files = [
            str(sink["target"])
            for sink in event.get("sinks") or ()
            if isinstance(sink, Mapping) and sink.get("kind") in ("file", "table") and sink.get("target")
        ]

    @property
    def touches_data(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self._parts or self._files)

    def begun(self, time: str) -> Json:
        """The run has started."""
        return self._run_event("START", time, {})

    def ended(self) -> Json:
        """The run has ended, with what it read and made."""
        kind = _ENDS.get(str(self._event.get("outcome")), "ABORT")
        facets = {"privguard": _facet("urn:jupyter_privguard:run", self._about())}
        said = self._event.get("refusal") or self._event.get("reason")
        if kind == "FAIL" and said:
            content = {"message": str(said), "programmingLanguage": "python"}
            facets["errorMessage"] = _facet(f"{_SPEC}/facets/1-0-1/ErrorMessageRunFacet.json", content)
        made = self._run_event(kind, str(self._event.get("time")), facets)
        return made | {"inputs": list(self._inputs()), "outputs": list(self._outputs())}

    def _run_event(self, kind: str, time: str, facets: Json) -> Json:
        return {
            "eventType": kind,
            "eventTime": time,
            "producer": PRODUCER,
            "schemaURL": SCHEMA,
            "run": {"runId": run_uuid(self._origin, str(self._event.get("run"))), "facets": facets},
            "job": {"namespace": self._origin, "name": self._job()},
            "inputs": [],
            "outputs": [],
        }

    def _job(self) -> str:
        """The cell's place: the same when it runs again."""
        cell = as_mapping(self._event.get("cell"))
        place = str(self._event.get("notebook") or f"session {self._event.get('session')}")
        return f"{place}#{cell.get('id') or cell.get('execution_count')}"

    def _about(self) -> Json:
        wanted = ("tier", "purpose", "experiment", "masked", "outcome", "seq")
        about = {name: self._event[name] for name in wanted if self._event.get(name) is not None}
        return about | {"principal": ", ".join(said_by(self._event))}

    def _inputs(self) -> Iterator[Json]:
        for part in self._parts:
            if part.source:
                yield self._dataset(part.source, part.dataset) | {"facets": self._facets(part, part.columns)}

    def _outputs(self) -> Iterator[Json]:
        for part in self._parts:
            if not part.source:
                (frame, *behind) = self._frames.behind(self._event, part.dataset)
                facets = self._facets(part, [column.label for column in frame.columns])
                if fields := self._fields(frame, [frame, *behind]):
                    facets["columnLineage"] = _column_lineage(fields)
                yield self._dataset("", part.dataset) | {"facets": facets}
        exported = [part for part in self._parts if "exported" in part.how]
        for file in self._files:
            facets = {}
            if fields := {label: [self._field(part, label)] for part in exported for label in part.columns}:
                facets = {"schema": _schema(fields), "columnLineage": _column_lineage(fields)}
            yield self._dataset(file, "") | {"facets": facets}

    def _fields(self, frame: Frame, frames: list[Frame]) -> dict[str, list[Json]]:
        return {
            column.label: [
                self._dataset(frames[origin.frame].source, frames[origin.frame].name)
                | {"field": origin.label, "transformations": [_transformation(origin.basis)]}
                for origin in column.origins
            ]
            for column in frame.columns
            if column.origins
        }

    def _field(self, part: Part, label: str) -> Json:
        transformations = [_transformation("by name")]
        return self._dataset(part.source, part.dataset) | {"field": label, "transformations": transformations}

    def _dataset(self, source: str, name: str) -> Json:
        """Namespace and name: of a source as OpenLineage names it, of a frame in memory by session and name."""
        if not source:
            return {"namespace": f"{self._origin}/{self._event.get('session')}", "name": name}
        try:
            parts = urlsplit(source) if "://" in source else None
        except ValueError:
            parts = None
        if parts is not None and parts.scheme and parts.scheme != "file":
            return {
                "namespace": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
                "name": parts.path.lstrip("/") or "/",
            }
        path = parts.path if parts is not None else source
        if PurePath(path).is_absolute():
            return {"namespace": "file", "name": path}
        return {"namespace": f"{self._origin}/sources", "name": source}

    def _facets(self, part: Part, labels: Iterable[str]) -> Json:
        made = {"schema": _schema(labels)}
        tags = _tags(part, self._frames.classes)
        return made | ({"tags": _facet(f"{_SPEC}/facets/1-0-0/TagsDatasetFacet.json", {"tags": tags})} if tags else {})


def _schema(labels: Iterable[str]) -> Json:
    return _facet(f"{_SPEC}/facets/1-2-0/SchemaDatasetFacet.json", {"fields": [{"name": label} for label in labels]})


def _tags(part: Part, classes: Classes) -> list[Json]:
    return [
        {"key": "entity", "value": entity, "source": "jupyter_privguard", "field": label}
        for label in part.columns
        for entity in sorted(classes.of(part, label))
        if entity and entity != "NONE"
    ]


def _column_lineage(fields: Mapping[str, list[Json]]) -> Json:
    content = {"fields": {label: {"inputFields": inputs} for label, inputs in fields.items()}}
    return _facet(f"{_SPEC}/facets/1-2-0/ColumnLineageDatasetFacet.json", content)


def _transformation(basis: str) -> Json:
    kind, subtype = _TRANSFORMATIONS[basis]
    return {"type": kind, "description": basis} | ({"subtype": subtype} if subtype else {})


def _facet(schema: str, content: Json) -> Json:
    return {"_producer": PRODUCER, "_schemaURL": schema, **content}


def _line(made: Json) -> bytes:
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
