"""A fresh kernel of this Python, and everything that a front end receives from it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import PrivguardError
from .channel import CONTROL, SHELL
from .decoding import leaves

__all__ = ["Kernel", "KernelLost", "NoKernel", "Received", "TooLong", "running"]

_START_S = 60.0
_TICK_MS = 250
_MOST_PROMPTS = 20
_NOT_OUTPUT = frozenset({"execute_input", "status", "iopub_welcome"})
"""What says nothing, and the echo of the source."""


class NoKernel(PrivguardError):
    """No kernel can be started here."""


class TooLong(PrivguardError):
    """A request was not over in its time."""


class KernelLost(PrivguardError):
    """The kernel's process has ended by itself."""


@dataclass(slots=True)
class Received:
    """Messages of all channels, in the order in which they came, and the reply to the last request."""

    messages: list[dict[str, Any]] = field(default_factory=list)  # Any: JSON
    reply: dict[str, Any] = field(default_factory=dict)
    prompts: int = 0

    def kinds(self) -> set[str]:
        """The kinds of messages among them."""
        return {str(message["msg_type"]) for message in self.messages}

    def contents(self, *kinds: str) -> list[Any]:
        """Contents of the messages of these kinds."""
        return [message["content"] for message in self.messages if message["msg_type"] in kinds]

    def leaves(self) -> Iterator[str | bytes]:
        """All texts, numbers and bytes in contents, metadata and buffers; streams whole, not in chunks."""
        streams: dict[str, list[str]] = {}
        for message in self.messages:
            content = message["content"]
            if message["msg_type"] == "stream":
                streams.setdefault(content["name"], []).append(content["text"])
            else:
                yield from leaves(content)
            yield from leaves(message.get("metadata") or {})
            yield from leaves([bytes(buffer) for buffer in message.get("buffers") or ()])
        yield from ("".join(chunks) for chunks in streams.values())


@contextmanager
def running(folder: Path, environment: Mapping[str, str]) -> Iterator[Kernel]:
    """A kernel with ``folder`` as its working directory, ended at last. Raises NoKernel."""
    kernel = Kernel(folder, environment)
    try:
        kernel.start()
        yield kernel
    finally:
        kernel.stop()


class Kernel:
    """One kernel process at a time, and a front end for it. What its process prints goes into `terminal`."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.terminal = folder / "terminal.txt"
        self._folder = folder
        self._environment = {**os.environ, **environment}
        self._manager: Any = None  # Any: jupyter_client is not followed
        self._client: Any = None

    def start(self) -> None:
        """Start a process and wait until it answers. Raises NoKernel."""
        try:
            self._manager = _manager(self._folder)
            with self.terminal.open("ab") as terminal:
                self._manager.start_kernel(
                    cwd=str(self._folder), env=dict(self._environment), stdout=terminal, stderr=subprocess.STDOUT
                )
            self._client = self._manager.client()
            self._client.start_channels()
            self._client.wait_for_ready(timeout=_START_S)
        except (ImportError, OSError, RuntimeError) as error:
            raise NoKernel(
                f"privguard: no kernel of this Python could be started ({type(error).__name__}); "
                f"`{Path(sys.executable).name} -m ipykernel_launcher` in a terminal says why."
            ) from None

    def stop(self) -> None:
        """End the process; nothing where none runs."""
        if self._client is not None:
            self._client.stop_channels()
        if self._manager is not None and self._manager.has_kernel:
            self._manager.shutdown_kernel(now=True)
        self._client = self._manager = None

    def restart(self) -> None:
        """A new process in place of the one there was. Raises NoKernel."""
        self.stop()
        self.start()

    def run(
        self,
        code: str,
        into: Received,
        *,
        timeout_s: float,
        silent: bool = False,
        expressions: Mapping[str, str] | None = None,
        answers: Sequence[str] = (),
    ) -> None:
        """Run a cell; what comes until it is over goes into ``into``. Raises TooLong and KernelLost."""
        content = {
            "code": code,
            "silent": silent,
            "store_history": not silent,
            "user_expressions": dict(expressions or {}),
            "allow_stdin": True,
            "stop_on_error": False,
        }
        self.ask("execute_request", content, into, timeout_s=timeout_s, answers=answers)

    def ask(
        self,
        kind: str,
        content: Mapping[str, Any],
        into: Received,
        *,
        timeout_s: float,
        by: str = SHELL,
        answers: Sequence[str] = (),
    ) -> None:
        """Send a request and gather all that comes until reply and idle status are there. Raises as `run` does."""
        import zmq

        client = self._client
        asked = client.control_channel if by == CONTROL else client.shell_channel
        request = client.session.msg(kind, dict(content))
        asked.send(request)
        sources = {channel.socket: channel for channel in (client.iopub_channel, asked, client.stdin_channel)}
        poller = zmq.Poller()
        for socket in sources:
            poller.register(socket, zmq.POLLIN)
        typed = iter(answers)
        wanted = {"reply", "idle"}
        deadline = time.monotonic() + timeout_s
        while wanted:
            if time.monotonic() > deadline:
                raise TooLong(f"privguard: not over after {timeout_s:.0f} s")
            ready = dict(poller.poll(_TICK_MS))
            if not ready and not self._manager.is_alive():
                raise KernelLost("privguard: the kernel ended by itself")
            for socket in ready:
                message = sources[socket].get_msg(timeout=1)
                wanted -= self._take(message, request["header"]["msg_id"], into)
                if message["msg_type"] == "input_request":
                    into.prompts += 1
                    if into.prompts > _MOST_PROMPTS:
                        raise TooLong(f"privguard: asked more than {_MOST_PROMPTS} times")
                    client.input(next(typed, ""))

    @staticmethod
    def _take(message: dict[str, Any], request: str, into: Received) -> set[str]:
        """Keep ``message``; what of the request is over by it."""
        kind, content = message["msg_type"], message["content"]
        if kind not in _NOT_OUTPUT:
            into.messages.append(message)
        if message.get("parent_header", {}).get("msg_id") != request:
            return set()
        if kind.endswith("_reply"):
            into.reply = content
            return {"reply"}
        return {"idle"} if kind == "status" and content["execution_state"] == "idle" else set()


def _manager(folder: Path) -> Any:
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import KernelManager

    class Manager(KernelManager):  # type: ignore[misc]  # jupyter_client is not followed
        """Starts this Python; no kernel needs to be installed for it."""

        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(
                argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                display_name="Python 3",
                language="python",
            )

    # The person's own runtime folder is not written to.
    return Manager(connection_file=str(folder / "connection.json"))
