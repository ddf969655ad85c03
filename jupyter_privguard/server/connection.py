"""The gate between a browser's websocket and a kernel: it records what passes and withholds outputs that show values.

Every message that it does not understand passes unchanged, and the order stays. A request always goes on, whatever
fails here; an output that cannot be looked through is withheld.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from .messages import Message, read_message, read_request, withheld
from .outputs import CHECKED, entities_in, text_of
from .passing import Request
from .plane import Plane

__all__ = ["GuardedConnection"]

_AT_ONCE = 16_000
"""Characters up to which an output is looked through without a thread."""
_RAW_AT_ONCE = 1_000_000
"""Bytes up to which pictures are taken out of an output without a thread."""
_TAIL = 64
"""Characters of a stream's last message that are looked through again with the next."""
_MOST_TAILS = 50
_EVALUATES = frozenset({"evaluate", "setExpression", "setVariable"})


class Gate:
    """What one connection holds back, and what it remembers of its streams."""

    def __init__(self, plane: Plane, connection: Any, send: Callable[[Any, Any], None]) -> None:
        """``send`` lets a message of a stream go on."""
        self._plane = plane
        self._connection = connection
        self._send = send
        self._held: deque[tuple[Any, Any]] = deque()
        self._tails: dict[tuple[str, str], str] = {}

    def ask(self, incoming: Any) -> None:
        """Note a request."""
        connection, passing = self._connection, self._plane.passing
        header, metadata, content, size = read_request(incoming, connection.subprotocol)
        request = Request.read(header, metadata, content, size)
        if request is None or request.kind == "input_reply":
            return
        command = content.get("command") if isinstance(content, Mapping) else None
        if request.kind == "debug_request" and command in _EVALUATES:
            self._plane.evaluated(connection.kernel_id, request.message, str(command), connection.websocket_handler)
        passing.ask(connection.kernel_id, request, connection)

    def answer(self, stream: Any, msg_list: Any) -> None:
        """Let a message from the kernel pass, or hold it and all that follow until it has been looked through."""
        if self._held or not self._pass(stream, msg_list):
            self._held.append((stream, msg_list))

    def leave(self) -> None:
        """The connection is closed."""
        self._held.clear()
        self._plane.passing.leave(self._connection)

    def _pass(self, stream: Any, msg_list: Any) -> bool:
        """Send the message on; False where a thread has to look first."""
        message = read_message(msg_list)
        if message is None:
            self._send(stream, msg_list)
            return True
        try:
            look = self._look(message) if message.kind in CHECKED else None
        except Exception as error:  # noqa: BLE001 - a surface: what cannot be looked through is withheld
            msg_list, look = withheld(msg_list, message, _failed(error)), None
        if look is None:
            self._count(message)
            self._send(stream, msg_list)
            return True
        loop = asyncio.get_running_loop()
        future = self._plane.threads.submit(look)
        future.add_done_callback(lambda done: loop.call_soon_threadsafe(self._go_on, message, done))
        return False

    def _go_on(self, message: Message, looked: Future[frozenset[str]]) -> None:
        """A thread has looked at the first message that is held: send it, and those that follow."""
        if not self._held:
            return  # the connection was closed meanwhile
        stream, msg_list = self._held[0]
        try:
            if found := looked.result():
                self._plane.passing.withhold(self._connection.kernel_id, message.parent, found, self._connection)
                msg_list = withheld(msg_list, message, _shows(found))
                self._forget_end(message.parent)
        except Exception as error:  # noqa: BLE001 - as above
            msg_list = withheld(msg_list, message, _failed(error))
        self._count(message)
        try:
            self._send(stream, msg_list)
        finally:  # a websocket that closes just now must not hold the others back
            self._held.popleft()
            self._pass_held()

    def _pass_held(self) -> None:
        """Send what has waited, up to the next message that a thread has to look at."""
        while self._held:
            try:
                if not self._pass(*self._held[0]):
                    return
            except Exception as error:  # noqa: BLE001 - as where nothing is held: the message is lost, not the others
                self._connection.log.warning("privguard: a message was not sent (%s).", type(error).__name__)
            self._held.popleft()

    def _count(self, message: Message) -> None:
        connection = self._connection
        try:
            self._plane.passing.answer(
                connection.kernel_id, message.parent, message.kind, message.content, message.parsed, connection
            )
        except Exception as error:  # noqa: BLE001 - what cannot be recorded passes
            connection.log.debug("privguard: a message was not recorded (%s).", type(error).__name__)

    def _look(self, message: Message) -> Callable[[], frozenset[str]] | None:
        """What a thread has to do before the message may pass: the entities to withhold it for. None: it may."""
        plane = self._plane
        if message.kind == "update_display_data":
            plane.screens.note(message.parsed(), self._connection.kernel_id, message.parent)
        if len(message.content) > _RAW_AT_ONCE:
            return lambda: self._judge(message, entities_in(_whole(message), plane.policy.patterns))
        before, text = self._to_read(message)
        if len(text) > _AT_ONCE:
            return lambda: self._judge(message, entities_in(text, plane.policy.patterns, before=before))
        found = entities_in(text, plane.policy.patterns, before=before)
        return (lambda: self._judge(message, found)) if found else None

    def _judge(self, message: Message, found: frozenset[str]) -> frozenset[str]:
        if not found:
            return found
        plane, kernel = self._plane, self._connection.kernel_id
        return plane.kernels.withheld(found, kernel=kernel, message=message.parent, policy=plane.policy())

    def _forget_end(self, parent: str) -> None:
        """What was withheld is not the beginning of anything that follows."""
        for key in [key for key in self._tails if key[0] == parent]:
            del self._tails[key]

    def _to_read(self, message: Message) -> tuple[str, str]:
        """The end of what the stream said before, in which a value may have begun, and what may show a value now."""
        said = message.parsed().get("text") if message.kind == "stream" else None
        if not isinstance(said, str):
            return "", _whole(message)
        key = message.parent, str(message.parsed().get("name"))
        before = self._tails.pop(key, "")
        self._tails[key] = (before + said)[-_TAIL:]
        while len(self._tails) > _MOST_TAILS:
            self._tails.pop(next(iter(self._tails)))
        return before, f"{said} {text_of(message.metadata)}"


class GuardedConnection:
    """Put before a kernel websocket connection class; ``privguard`` is the server's plane."""

    privguard: Plane

    # `Any`: the class behind this one is whichever the server is configured to use.
    @property
    def _privguard_gate(self: Any) -> Gate:
        found: Gate | None = self.__dict__.get("_privguard_made")
        if found is None:
            found = Gate(self.privguard, self, self._privguard_send)
            self.__dict__["_privguard_made"] = found
        return found

    def _privguard_send(self: Any, stream: Any, msg_list: Any) -> None:
        super()._on_zmq_reply(stream, msg_list)  # type: ignore[misc]

    def handle_incoming_message(self: Any, incoming_msg: Any) -> None:
        """Note the request and let it go on."""
        try:
            if self.channels:
                self._privguard_gate.ask(incoming_msg)
        except Exception as error:  # noqa: BLE001 - what is not understood goes on
            self.log.debug("privguard: a request was not understood (%s).", type(error).__name__)
        super().handle_incoming_message(incoming_msg)  # type: ignore[misc]

    def _on_zmq_reply(self: Any, stream: Any, msg_list: Any) -> None:
        self._privguard_gate.answer(stream, msg_list)

    def disconnect(self: Any) -> Any:
        """Somebody else sees the rest of what this connection asked for."""
        self._privguard_gate.leave()
        return super().disconnect()  # type: ignore[misc]


def _whole(message: Message) -> str:
    return text_of(message.content + b" " + message.metadata)


def _shows(found: frozenset[str]) -> str:
    return (
        f"privguard: the server withheld an output that shows {', '.join(sorted(found))} unmasked; load the guard "
        "with `%load_ext jupyter_privguard` and show it again."
    )


def _failed(error: Exception) -> str:
    return (
        f"privguard: the server could not look through an output ({type(error).__name__}) and withheld it; "
        "`privguard doctor` in a terminal looks for the cause."
    )
