"""The exits of an ipykernel: every message passes its session's ``send``, and one copy beside it.

What ipykernel catches at file descriptors 1 and 2 it also copies to the process's original stdout,
that is into the server's terminal. That copy goes to the null device while the guard is on.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ..guard.locks import renew_in_children
from ..guard.withheld import PASSING
from .messages import clean_buffers, clean_content, is_bare
from .plain import plain, plain_metadata
from .tail import Tail
from .withheld_messages import withheld_content

if TYPE_CHECKING:
    from ..guard.cells.cell import CellRun
    from ..guard.pictures.watcher import Pictures
    from ..guard.session import Session
    from ..guard.withheld import Withhold

__all__ = ["KernelExits"]

_HOLD_S = 0.05
_COPIES = "_privguard_copies"
_OUTPUTS = ("execute_result", "display_data", "update_display_data")


Send = Callable[..., Any]
"""`jupyter_client.session.Session.send`."""


class KernelExits:
    """What a kernel sends, made safe from `wrap` to `restore`.

    ``replied`` hears of each reply to a cell, ``begins`` when a request to run one is taken up.
    """

    def __init__(
        self,
        shell: Any,
        guard: Session,
        *,
        replied: Callable[[str, dict[str, Any]], None],
        begins: Callable[[], None],
        pictures: Callable[[], Pictures],
        withhold: Withhold,
    ) -> None:
        self._shell = shell
        self._jupyter = shell.kernel.session
        self._original: Send = self._jupyter.send
        self._guard = guard
        self._pictures = pictures
        self._replied = replied
        self._begins = begins
        self._withhold = withhold
        self._tails: dict[tuple[str, str], _Held] = {}
        self._lock = threading.RLock()
        renew_in_children(self, "_lock", threading.RLock)
        self._timer: threading.Timer | None = None
        self._descriptors: list[tuple[int, int]] = []
        self._is_off = False
        self._silence_terminal()

    def sessions(self) -> list[Any]:
        """The Jupyter sessions that the kernel and its streams send with; in a kernel as it starts they are one."""
        holders = self._shell.kernel, self._shell.display_pub, self._shell.displayhook, sys.stdout, sys.stderr
        found = [getattr(holder, "session", None) for holder in holders]
        # Each once: a text that is wrapped twice is looked at twice.
        return list({id(session): session for session in found if isinstance(session, type(self._jupyter))}.values())

    def wrap(self, original: Send) -> Send:
        """``original``, a session's ``send``, with what leaves made safe."""
        return partial(self.send, original)

    def restore(self) -> None:
        """Give out what is held back; what is wrapped sends all as it is from now on."""
        self._release()
        self._is_off = True
        for descriptor, saved in self._descriptors:
            os.dup2(saved, descriptor)
            os.close(saved)
        self._descriptors.clear()

    def say(self, sentence: str) -> None:
        """Show ``sentence`` with the running cell, whatever the program made of the text streams."""
        kernel = self._shell.kernel
        message = self._jupyter.msg("stream", {"name": "stderr", "text": f"{sentence}\n"}, parent=kernel.get_parent())
        self._original(kernel.iopub_socket, message, ident=b"stream.stderr")

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
        streams = (1, sys.stdout), (2, sys.stderr)
        # Where ipykernel does not catch the descriptor itself, what is written there is lost, not shown. When the
        # guard is loaded anew, the program may have put streams of its own in the place of ipykernel's.
        found = [getattr(stream, "_original_stdstream_copy", number) for number, stream in streams]
        null = os.open(os.devnull, os.O_WRONLY)
        for descriptor in self._shell.__dict__.setdefault(_COPIES, found):
            self._descriptors.append((descriptor, os.dup(descriptor)))
            os.dup2(null, descriptor)
        os.close(null)

    def send(
        self, original: Send, stream: Any, msg_or_type: Any, content: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        """What `wrap` makes of ``original``, in both of its call forms."""
        if self._is_off:
            return original(stream, msg_or_type, content, *args, **kwargs)
        if isinstance(msg_or_type, str):
            kind, parent = msg_or_type, args[0] if args else kwargs.get("parent")
        else:
            kind, parent = msg_or_type["header"]["msg_type"], msg_or_type.get("parent_header")
            content = msg_or_type["content"]
        key = _message_id(parent)
        if kind == "stream":
            return self._send_stream(original, stream, msg_or_type, content, key, args, kwargs)
        self._release()
        if kind == "status" and _is_cell_begun(content, parent):
            self._begins()
        content, given = self._safe(kind, content or {}, key, args, kwargs)
        if kind == "execute_reply" and key:
            self._replied(key, content)
        if isinstance(msg_or_type, str):
            return original(stream, msg_or_type, content, **given)
        message = {**msg_or_type, "content": content}
        try:
            metadata = plain_metadata(dict(message.get("metadata") or {}))
            message["metadata"] = clean_content("metadata", metadata, self._cleaner(key))
        except PASSING:
            raise
        except BaseException:  # noqa: BLE001 - nothing instead of something unchecked
            message["metadata"] = {}
        return original(stream, message, None, **given)

    def _cleaner(self, key: str) -> Callable[[str], str]:
        run = self._guard.run_of(key) if key else None
        return self._guard.cleaner(run)

    def _safe(
        self, kind: str, content: dict[str, Any], key: str, args: Any, kwargs: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The content cleaned, and the further arguments by name with metadata and buffers cleaned."""
        clean = self._cleaner(key)
        names = ("parent", "ident", "buffers", "track", "header", "metadata")
        given = dict(zip(names, args, strict=False)) | kwargs
        try:
            content, run = plain(content), self._run(key)
            if kind in _OUTPUTS and (sentence := self._guard.withheld(run)) is not None:
                content = {**content, "data": {"text/plain": sentence.strip()}}
            if not is_bare(kind, content):
                content = self._pictures().exchanged(kind, content, run)
            content = clean_content(kind, content, clean)
            if given.get("buffers"):
                given["buffers"] = clean_buffers(
                    self._pictures().buffers(given["buffers"], run),
                    clean,
                    lambda data: self._guard.numbers_rounded(data, run),
                )
            if given.get("metadata"):
                given["metadata"] = clean_content("metadata", plain_metadata(given["metadata"]), clean)
        except BaseException as error:  # a surface: what cannot be masked is withheld
            if isinstance(error, PASSING) and not kind.endswith("_reply"):
                raise  # a reply that is not sent would be waited for for ever
            content = withheld_content(kind, content, self._withhold(error, kind, self._run(key)))
            given = {k: v for k, v in given.items() if k not in ("buffers", "metadata")}
        return content, given

    def _run(self, key: str) -> CellRun | None:
        return self._guard.run_of(key) if key else None

    def _send_stream(
        self, original: Send, stream: Any, message: Any, content: Any, key: str, args: Any, kwargs: Any
    ) -> Any:
        with self._lock:
            name = content.get("name", "stdout")
            send = partial(self._send_text, original, stream, message, name)
            template = message if isinstance(message, dict) else None
            try:
                run = self._run(key)
                if (sentence := self._guard.withheld(run)) is not None:
                    return send(sentence, key, args, kwargs) if sentence else message
                held = self._tails.get((name, key))
                tail = held.tail if held is not None else self._new_tail()
                text = tail.feed(self._guard.with_renderings(content.get("text", ""), run))
            except PASSING:
                raise
            except BaseException as error:  # noqa: BLE001 - a surface: what cannot be masked is withheld
                self._tails.pop((name, key), None)
                withheld = withheld_content("stream", {"name": name}, self._withhold(error, "stream", self._run(key)))
                return _sent(original, stream, message, withheld, args, kwargs)
            if template is None:  # the form with separate arguments has no template to send later
                text += tail.flush()
            try:
                return send(text, key, args, kwargs, tail=tail) if text else message
            finally:  # to look through what is sent may take longer than what is held back waits
                if tail.held:
                    self._tails[(name, key)] = _Held(tail, original, stream, template or {}, time.monotonic())
                    self._start_timer(_HOLD_S)
                else:
                    self._tails.pop((name, key), None)

    def _new_tail(self) -> Tail:
        return Tail(self._guard.may_go_on, self._guard.row_may_go_on, self._guard.places_in)

    def _send_text(
        self,
        original: Send,
        stream: Any,
        message: Any,
        name: str,
        text: str,
        key: str,
        args: Any,
        kwargs: Any,
        *,
        tail: Tail | None = None,
        may_go_on: bool = False,
    ) -> Any:
        try:
            clean = self._cleaner(key)
            safe = clean(text) if tail is None else tail.cleaned(text, clean, may_go_on=may_go_on)
            content = {"name": name, "text": safe}
        except PASSING:
            raise
        except BaseException as error:  # noqa: BLE001 - a surface: what cannot be masked is withheld
            content = withheld_content("stream", {"name": name}, self._withhold(error, "stream", self._run(key)))
        try:
            return _sent(original, stream, message, content, args, kwargs)
        except (ValueError, TypeError, MemoryError) as error:  # a lone surrogate has no UTF-8
            content = withheld_content("stream", {"name": name}, self._withhold(error, "stream", self._run(key)))
            return _sent(original, stream, message, content, args, kwargs)

    def _start_timer(self, after: float) -> None:
        if self._timer is None:
            self._timer = threading.Timer(after, self._release_late)
            self._timer.daemon = True
            self._timer.start()

    def _release_late(self) -> None:
        """Send what nothing came to complete; what was just fed is waited for as long as anything else."""
        with self._lock:
            self._timer = None
            began = time.monotonic() - _HOLD_S
            waiting = {place: held for place, held in self._tails.items() if held.tail.held}
            late = [place for place, held in waiting.items() if held.since <= began]
            for place in late:
                # It stays: what comes later is the rest of it.
                self._send_held(place, waiting.pop(place), may_go_on=True)
            if waiting:
                self._start_timer(max(0.0, min(held.since for held in waiting.values()) - began))

    def _release(self) -> None:
        """Send what is held back: something else is to be sent after it."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            tails, self._tails = self._tails, {}
            for place, held in tails.items():
                self._send_held(place, held)

    def _send_held(self, place: tuple[str, str], held: _Held, *, may_go_on: bool = False) -> None:
        name, key = place
        text = held.tail.flush()
        if text:
            header = self._jupyter.msg_header("stream")
            message = {**held.template, "header": header, "msg_id": header["msg_id"]}
            send = partial(self._send_text, held.original, held.stream, message, name)
            send(text, key, (), {}, tail=held.tail, may_go_on=may_go_on)


class _Held(NamedTuple):
    """The end of a stream that waits for its continuation."""

    tail: Tail
    original: Send
    stream: Any
    template: dict[str, Any]
    since: float
    """When the last piece came, on the monotonic clock."""


def _sent(original: Send, stream: Any, message: Any, content: dict[str, Any], args: Any, kwargs: Any) -> Any:
    if isinstance(message, str):
        return original(stream, message, content, *args, **kwargs)
    return original(stream, {**message, "content": content}, None, *args, **kwargs)


def _is_cell_begun(content: Any, parent: Any) -> bool:
    """Whether a status says that the kernel is busy with a request to run a cell."""
    if not (isinstance(content, Mapping) and content.get("execution_state") == "busy" and isinstance(parent, Mapping)):
        return False
    header = parent.get("header", parent)
    return isinstance(header, Mapping) and header.get("msg_type") == "execute_request"


def _message_id(parent: Any) -> str:
    if not parent:
        return ""
    header = parent.get("header", parent) if isinstance(parent, dict) else {}
    return str(header.get("msg_id", ""))
