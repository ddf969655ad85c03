"""The exits of an ipykernel: every message passes its session's ``send``, and one copy beside it.

What ipykernel catches at file descriptors 1 and 2 it also copies to the process's original stdout,
that is into the server's terminal. That copy goes to the null device while the guard is on.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from ..guard.pictures.watcher import Pictures
from ..guard.session import Session
from .messages import clean_buffers, clean_content, withheld_content
from .tail import Tail

__all__ = ["KernelExits"]

_HOLD_S = 0.05
_OUTPUTS = ("execute_result", "display_data", "update_display_data")


class KernelExits:
    """Wraps ``session.send`` of a kernel until `restore` is called."""

    def __init__(
        self,
        jupyter_session: Any,
        guard: Session,
        replied: Callable[[str, dict[str, Any]], None],
        pictures: Pictures,
    ) -> None:
        self._jupyter = jupyter_session
        self._guard = guard
        self._pictures = pictures
        self._replied = replied
        self._original = jupyter_session.send
        self._tails: dict[tuple[str, str], tuple[Tail, Any, dict[str, Any]]] = {}
        self._lock = threading.RLock()
        self._timer: threading.Timer | None = None
        self._descriptors: list[tuple[int, int]] = []
        jupyter_session.send = self.send
        self._silence_terminal()

    def restore(self) -> None:
        """Give out what is held back and take the wrapper away."""
        self._release()
        self._jupyter.__dict__.pop("send", None)
        for descriptor, saved in self._descriptors:
            os.dup2(saved, descriptor)
            os.close(saved)
        self._descriptors.clear()

    @property
    def in_place(self) -> bool:
        """Whether nobody has replaced the wrapper."""
        return bool(self._jupyter.__dict__.get("send") == self.send)

    def send_granted(self, kind: str, content: dict[str, Any], publisher: Any) -> None:
        """Send what somebody was granted to see, as it is, after all that was written before it.

        Past the ``publisher``, a kernel's ``display_pub``: it may keep a history of what it sends, or hand it to hooks.
        """
        sys.stdout.flush()
        sys.stderr.flush()
        self._release()
        message = self._jupyter.msg(kind, content, parent=publisher.parent_header)
        self._original(publisher.pub_socket, message, ident=publisher.topic)

    def _silence_terminal(self) -> None:
        null = os.open(os.devnull, os.O_WRONLY)
        for number, stream in ((1, sys.stdout), (2, sys.stderr)):
            # Where ipykernel does not catch the descriptor itself, what is written there is lost, not shown.
            descriptor = getattr(stream, "_original_stdstream_copy", number)
            self._descriptors.append((descriptor, os.dup(descriptor)))
            os.dup2(null, descriptor)
        os.close(null)

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *args: Any, **kwargs: Any) -> Any:
        """`jupyter_client.session.Session.send`, both call forms, with what leaves made safe."""
        if isinstance(msg_or_type, str):
            kind, parent = msg_or_type, args[0] if args else kwargs.get("parent")
        else:
            kind, parent = msg_or_type["header"]["msg_type"], msg_or_type.get("parent_header")
            content = msg_or_type["content"]
        key = _message_id(parent)
        if kind == "stream":
            return self._send_stream(stream, msg_or_type, content, key, args, kwargs)
        self._release()
        content, given = self._safe(kind, content or {}, key, args, kwargs)
        if kind == "execute_reply" and key:
            self._replied(key, content)
        if isinstance(msg_or_type, str):
            return self._original(stream, msg_or_type, content, **given)
        message = {**msg_or_type, "content": content}
        try:
            message["metadata"] = clean_content("metadata", dict(message.get("metadata") or {}), self._cleaner(key))
        except Exception:  # noqa: BLE001 - nothing instead of something unchecked
            message["metadata"] = {}
        return self._original(stream, message, None, **given)

    def _cleaner(self, key: str) -> Callable[[str], str]:
        run = self._guard.run_of(key) if key else None
        return lambda text: self._guard.clean(text, run)

    def _safe(
        self, kind: str, content: dict[str, Any], key: str, args: Any, kwargs: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The content cleaned, and the further arguments by name with metadata and buffers cleaned."""
        clean = self._cleaner(key)
        names = ("parent", "ident", "buffers", "track", "header", "metadata")
        given = dict(zip(names, args, strict=False)) | kwargs
        try:
            run = self._guard.run_of(key) if key else None
            if kind in _OUTPUTS and (sentence := self._guard.withheld(run)) is not None:
                content = {**content, "data": {"text/plain": sentence.strip()}}
            pictured = self._pictures.exchanged(kind, content, run)
            content = clean_content(kind, pictured, clean)
            if given.get("buffers"):
                given["buffers"] = clean_buffers(
                    self._pictures.buffers(given["buffers"]), clean, lambda data: self._guard.numbers_rounded(data, run)
                )
            if given.get("metadata"):
                given["metadata"] = clean_content("metadata", given["metadata"], clean)
        except Exception as error:  # noqa: BLE001 - a surface: what cannot be masked is withheld
            content = withheld_content(kind, content, error)
            given = {k: v for k, v in given.items() if k not in ("buffers", "metadata")}
        return content, given

    def _send_stream(self, stream: Any, message: Any, content: Any, key: str, args: Any, kwargs: Any) -> Any:
        with self._lock:
            name = content.get("name", "stdout")
            template = message if isinstance(message, dict) else None
            run = self._guard.run_of(key) if key else None
            if (sentence := self._guard.withheld(run)) is not None:
                return self._send_text(stream, message, name, sentence, key, args, kwargs) if sentence else message
            tail = self._tails.get((name, key), (self._new_tail(),))[0]
            text = tail.feed(self._guard.with_renderings(content.get("text", ""), run))
            if template is None:  # the form with separate arguments has no template to send later
                text += tail.flush()
            if tail.held:
                self._tails[(name, key)] = (tail, stream, template or {})
                self._start_timer()
            else:
                self._tails.pop((name, key), None)
            if not text:
                return message
            return self._send_text(stream, message, name, text, key, args, kwargs)

    def _new_tail(self) -> Tail:
        return Tail(self._guard.may_go_on, self._guard.row_may_go_on)

    def _send_text(self, stream: Any, message: Any, name: str, text: str, key: str, args: Any, kwargs: Any) -> Any:
        try:
            content = {"name": name, "text": self._cleaner(key)(text)}
        except Exception as error:  # noqa: BLE001
            content = withheld_content("stream", {"name": name}, error)
        if isinstance(message, str):
            return self._original(stream, message, content, *args, **kwargs)
        return self._original(stream, {**message, "content": content}, None, *args, **kwargs)

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(_HOLD_S, self._release)
            self._timer.daemon = True
            self._timer.start()

    def _release(self) -> None:
        """Send what is held back: nothing more came, or something else is to be sent after it."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            tails, self._tails = self._tails, {}
            for (name, key), (tail, stream, template) in tails.items():
                text = tail.flush()
                header = self._jupyter.msg_header("stream")
                message = {**template, "header": header, "msg_id": header["msg_id"]}
                self._send_text(stream, message, name, text, key, (), {})


def _message_id(parent: Any) -> str:
    if not parent:
        return ""
    header = parent.get("header", parent) if isinstance(parent, dict) else {}
    return str(header.get("msg_id", ""))
