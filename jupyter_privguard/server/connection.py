"""The gate between a browser's websocket and a kernel: it records what passes and withholds outputs that show values.

Every message that it does not understand passes unchanged, and the order stays. A request always goes on, whatever
fails here; an output that cannot be looked through is withheld. One that shows a value which the kernel's guard knows,
and which no pattern would find, passes and raises an alert.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any, NamedTuple, TypeVar

from .messages import Message, read_message, read_request, withheld
from .outputs import UNCHECKED, entities_in, text_of
from .passing import Request
from .plane import Plane

__all__ = ["GuardedConnection"]

_T = TypeVar("_T")

_AT_ONCE = 16_000
"""Characters up to which an output is looked through without a thread."""
_RAW_AT_ONCE = 1_000_000
"""Bytes up to which pictures are taken out of an output without a thread."""
_TAIL = 64
"""Characters of a stream's last message that are looked through again with the next."""
_MOST_TAILS = 50
_EVALUATES = frozenset({"evaluate", "setExpression", "setVariable"})


class Found(NamedTuple):
    """The entities of what shows in an output."""

    by_form: frozenset[str]
    """By a pattern or a check digit."""
    known: frozenset[str]
    """As a value that the kernel's guard knows."""


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
            look = self._look(message) if message.kind not in UNCHECKED else None
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
        if message.size > _RAW_AT_ONCE:
            return self._later(lambda loop: self._judge(message, self._found("", _whole(message)), loop))
        before, text = self._to_read(message)
        if len(text) > _AT_ONCE:
            return self._later(lambda loop: self._judge(message, self._found(before, text), loop))
        found = self._found(before, text)
        if found.by_form:
            return self._later(lambda loop: self._judge(message, found, loop))
        if found.known:  # it passes: what tells whether it may is asked meanwhile
            plane.threads.submit(self._later(lambda loop: self._raise_alert(message, found.known, loop)))
        return None

    @staticmethod
    def _later(work: Callable[[asyncio.AbstractEventLoop], _T]) -> Callable[[], _T]:
        """``work`` for a thread, which tells this loop what it found."""
        return partial(work, asyncio.get_running_loop())

    def _found(self, before: str, text: str) -> Found:
        plane = self._plane
        values = plane.fingerprints.known_to(self._connection.kernel_id)
        return Found(
            entities_in(text, plane.policy.patterns, before=before),
            values.entities_in(text, before=_from_a_word(before)) if values is not None else frozenset(),
        )

    def _judge(self, message: Message, found: Found, loop: asyncio.AbstractEventLoop) -> frozenset[str]:
        """What the message is withheld for. Where it is not, known values in it may be an alert."""
        withheld_for = self._hidden(message, found.by_form) if found.by_form else found.by_form
        if found.known and not withheld_for:
            self._raise_alert(message, found.known, loop)
        return withheld_for

    def _raise_alert(self, message: Message, known: frozenset[str], loop: asyncio.AbstractEventLoop) -> None:
        try:
            known = self._hidden(message, known)
        except Exception as error:  # noqa: BLE001 - what cannot be looked up is no reason to say nothing
            self._connection.log.error("privguard: the kernels' log was not asked (%s).", type(error).__name__)
        if known:
            loop.call_soon_threadsafe(self._plane.shown, self._connection.kernel_id, message.parent, known)

    def _hidden(self, message: Message, entities: frozenset[str]) -> frozenset[str]:
        plane, kernel = self._plane, self._connection.kernel_id
        return plane.kernels.withheld(entities, kernel=kernel, message=message.parent, policy=plane.policy())

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
    return text_of(message.raw())


def _from_a_word(before: str) -> str:
    """``before`` without the end of a word whose beginning was cut off."""
    return before if len(before) < _TAIL else before.lstrip("".join(filter(str.isalnum, before)))


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
