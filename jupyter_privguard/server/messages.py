"""Jupyter's messages in both forms in which they come: parts of bytes (``v1.kernel.websocket``), and dictionaries."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_binary_message, deserialize_msg_from_ws_v1

from .._json import as_mapping
from .outputs import stands_instead

__all__ = ["Message", "read_message", "read_request", "withheld"]

_V1 = "v1.kernel.websocket.jupyter.org"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Message:
    """A message from a kernel, as far as the gate needs it."""

    kind: str
    parent: str
    """Id of the message that it answers; empty for none."""
    content: bytes
    """JSON."""
    metadata: bytes
    """JSON."""
    body: Mapping[str, Any] | None = None
    """The content, where it came parsed."""
    buffers: Sequence[Any] = ()
    """What came beside the content: bytes."""

    @property
    def size(self) -> int:
        """Bytes of the content and of all beside it."""
        return len(self.content) + sum(memoryview(one).nbytes for one in self.buffers)

    def raw(self) -> bytes:
        """Content and metadata, and of the buffers those that are texts: pictures and packed numbers are none."""
        return b" ".join([self.content, self.metadata, *filter(_is_text, map(bytes, self.buffers))])

    def parsed(self) -> Mapping[str, Any]:
        """The content; empty for what is no object."""
        found = self.body if self.body is not None else json.loads(self.content)
        return as_mapping(found)


def read_request(incoming: Any, subprotocol: Any) -> tuple[Mapping[str, Any], object, object, int]:
    """Header, metadata and content of what a browser sent, and the bytes of the content; any error for another form."""
    if subprotocol == _V1:
        _, parts = deserialize_msg_from_ws_v1(incoming)
        header, _, metadata, content = (json.loads(part) for part in parts[:4])
        return as_mapping(header), metadata, content, len(parts[3])
    message = deserialize_binary_message(incoming) if isinstance(incoming, bytes) else json.loads(incoming)
    content = message.get("content")
    return as_mapping(message.get("header")), message.get("metadata"), content, len(_json(content))


def read_message(message: Any) -> Message | None:
    """What a kernel sends; None for what is not understood, which passes unchanged."""
    try:
        if isinstance(message, Mapping):
            body = as_mapping(message.get("content"))
            header, parent = as_mapping(message.get("header")), as_mapping(message.get("parent_header"))
            buffers = message.get("buffers") or ()
            return _message(header, parent, _json(body), _json(message.get("metadata")), body, buffers)
        header, parent = json.loads(bytes(message[0])), json.loads(bytes(message[1]))
        content, metadata, buffers = bytes(message[3]), bytes(message[2]), message[4:]
        return _message(as_mapping(header), as_mapping(parent), content, metadata, None, buffers)
    except Exception:  # noqa: BLE001 - parts may be anything
        return None


def _message(
    header: Mapping[str, Any], parent: Mapping[str, Any], content: bytes, metadata: bytes, body: Any, buffers: Any
) -> Message | None:
    kind, asked = header.get("msg_type"), parent.get("msg_id")
    if not isinstance(kind, str):
        return None
    parent_id = asked[:_LONGEST] if isinstance(asked, str) else ""
    return Message(kind, parent_id, content, metadata, body, tuple(buffers))


def withheld(original: Any, message: Message, sentence: str) -> Any:
    """``original`` with ``sentence`` in place of what it shows, in the form in which it came."""
    try:
        body = message.parsed()
    except Exception:  # noqa: BLE001 - what is no JSON has nothing to keep
        body = {}
    content = stands_instead(message.kind, body, sentence)
    if isinstance(original, Mapping):
        return {**original, "content": content, "metadata": {}, "buffers": []}
    parts: Sequence[Any] = original
    return [*parts[:2], b"{}", _json(content)]


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
