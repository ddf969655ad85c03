"""Files that come and go through the server, and terminals: each is an event with path, size and digest."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from jupyter_server import CallContext
from jupyter_server.files.handlers import FilesHandler
from jupyter_server.nbconvert.handlers import NbconvertFileHandler

from .file_policy import check_file, check_terminal
from .people import asking, person
from .plane import Plane

__all__ = ["Uploads", "is_converting", "note_download", "noting", "watch_terminals"]

_MOST_AT_ONCE = 100


class Uploads:
    """Files that are saved, whole or in chunks."""

    def __init__(self, plane: Plane) -> None:
        self._plane = plane
        self._parts: dict[str, tuple[Any, int]] = {}

    def note(self, model: Mapping[str, Any], path: str) -> None:
        """``model`` was saved at ``path``. Notebooks are told of by what was found in them."""
        path, data = path.strip("/"), _bytes_of(model)
        if model.get("type") != "file" or data is None:
            return
        chunk = model.get("chunk")
        begun = self._parts.pop(path, None)
        digest, size = begun if begun is not None and chunk not in (None, 1) else (hashlib.sha256(), 0)
        digest.update(data)
        size += len(data)
        if chunk in (None, -1):
            self._plane.file_passed("file.upload", path, size, digest.hexdigest())
            return
        self._parts[path] = digest, size
        while len(self._parts) > _MOST_AT_ONCE:
            self._parts.pop(next(iter(self._parts)))


def note_download(plane: Plane, path: str, model: object) -> None:
    """A model was read; where a request for it is answered, and it holds a file, a browser gets it."""
    request = getattr(CallContext.get(CallContext.JUPYTER_HANDLER), "request", None)
    if not isinstance(model, Mapping) or getattr(request, "method", None) != "GET":
        return
    data = _bytes_of(model)
    if model.get("type") == "file" and data is not None:
        plane.file_passed("file.download", path, len(data), hashlib.sha256(data).hexdigest())
    elif is_converting() and model.get("type") == "notebook":
        plane.file_passed("file.download", path, None, None, converted=True)


def is_converting() -> bool:
    """Whether the request that is answered now asks for a notebook in another form."""
    return isinstance(CallContext.get(CallContext.JUPYTER_HANDLER), NbconvertFileHandler)


def _bytes_of(model: Mapping[str, Any]) -> bytes | None:
    content = model.get("content")
    if not isinstance(content, str):
        return None
    if model.get("format") != "base64":
        return content.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(content)
    except (ValueError, binascii.Error):
        return None


def noting(plane: Plane, handler: Any) -> Any:
    """A handler's specification, for one that records the file which it gave out.

    Jupyter's `FilesHandler` reads through the contents manager, where that is recorded already.
    """
    pattern, kind, *rest = handler
    if not isinstance(kind, type) or issubclass(kind, FilesHandler):
        return handler
    return (pattern, type(f"Privguard{kind.__name__}", (_NotesFile, kind), {"privguard": plane}), *rest)


class _NotesFile:
    """Put before a static file handler."""

    privguard: Plane

    def validate_absolute_path(self: Any, root: str, absolute_path: str) -> Any:
        """Called for each file, once it is known who asks."""
        check_file(self.privguard, absolute_path.replace("\\", "/"), person(self))
        return super().validate_absolute_path(root, absolute_path)  # type: ignore[misc]

    def write(self: Any, chunk: Any) -> Any:
        """Digest what is sent."""
        if isinstance(chunk, (bytes, str)):
            data = chunk.encode() if isinstance(chunk, str) else chunk
            state = self.__dict__.setdefault("_privguard_sent", [hashlib.sha256(), 0])
            state[0].update(data)
            state[1] += len(data)
        return super().write(chunk)  # type: ignore[misc]  # of the class behind this one

    def on_finish(self: Any) -> None:
        """Record the file, if one was sent."""
        sent = self.__dict__.get("_privguard_sent")
        if sent is not None and self.request.method == "GET" and self.get_status() in (200, 206):
            path = self.path_args[0] if self.path_args else ""
            self.privguard.file_passed("file.download", str(path), sent[1], sent[0].hexdigest())
        super().on_finish()  # type: ignore[misc]


def watch_terminals(plane: Plane, settings: Mapping[str, Any]) -> bool:
    """Record each terminal that the server begins from now on; False where it has no terminals."""
    manager = settings.get("terminal_manager")
    begin = getattr(manager, "new_terminal", None)
    if manager is None or begin is None:
        return False

    def new_terminal(*args: Any, **kwargs: Any) -> Any:
        check_terminal(plane, asking())
        terminal = begin(*args, **kwargs)
        plane.record.add("terminal.start", asking())
        return terminal

    manager.new_terminal = new_terminal
    return True
