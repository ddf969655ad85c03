"""A real ipykernel, with everything that a front end receives from it, and what its process prints."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from jupyter_privguard import runtime, settings

EMAIL = "asha.kulkarni77@corp.example"
NAME = "Asha Kulkarni"
PEOPLE = f"""
import pandas as pd
df = pd.DataFrame({{
    "email": ["{EMAIL}", "ravi.menon42@corp.example"] * 4,
    "full_name": ["{NAME}", "Ravi Menon"] * 4,
    "income": [51234, 48765] * 4,
    "plan": ["gold", "basic"] * 4,
    "amount": [137, 254] * 4,
}})
"""


RENEW = """
if "jupyter_privguard" in get_ipython().extension_manager.loaded:
    get_ipython().run_line_magic("unload_ext", "jupyter_privguard")
import os
os.chdir({folder!r})
os.environ.pop("PRIVGUARD_POLICY", None)
os.environ.update({env!r})
get_ipython().reset(new_session=False)
"""


@dataclass
class Cell:
    """What one request brought: messages of all channels, the reply, the text of it all."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.reply.get("status") == "ok"

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        return [m["content"] for m in self.messages if m["msg_type"] in kinds]

    @property
    def streams(self) -> str:
        return "".join(c["text"] for c in self.of("stream"))

    @property
    def data(self) -> list[dict[str, Any]]:
        return [c["data"] for c in self.of("execute_result", "display_data", "update_display_data")]

    @property
    def screen(self) -> str:
        """Everything received but the echo of the source."""
        seen = [m["content"] for m in self.messages if m["msg_type"] not in ("execute_input", "status")]
        buffers = [bytes(b).decode("latin-1") for m in self.messages for b in m.get("buffers") or []]
        return json.dumps([seen, self.reply, buffers], ensure_ascii=False, default=str)


class Kernel:
    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.log = folder / "process.log"
        self.manager = KernelManager()
        self.manager._kernel_spec = KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="test",
            language="python",
        )
        with self.log.open("wb") as output:
            self.manager.start_kernel(
                cwd=str(folder),
                # ipykernel leaves the descriptors alone when it believes to run inside pytest.
                env={k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}
                | {"IPYTHONDIR": str(folder / "ipython"), "COLUMNS": "120", **env},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.client = self.manager.client()
        self.client.start_channels()
        wait_until_ready(self.client, self.manager)

    def run(
        self, code: str, *, silent: bool = False, interrupt_on: str = "", timeout: float = 60, **kwargs: Any
    ) -> Cell:
        """Run ``code`` and gather all that comes until it is over; interrupt when ``interrupt_on`` is printed."""
        cell = Cell()
        request = self.client.execute(code, silent=silent, allow_stdin=False, **kwargs)
        deadline = time.monotonic() + timeout
        idle = False
        while not (idle and cell.reply):
            assert time.monotonic() < deadline, f"the cell did not end: {cell.messages[-3:]}"
            try:
                message = self.client.get_iopub_msg(timeout=0.05)
                cell.messages.append(message)
                mine = message["parent_header"].get("msg_id") == request
                idle = idle or (mine and message["content"].get("execution_state") == "idle")
                if interrupt_on and interrupt_on in str(message["content"].get("text")):
                    self.manager.interrupt_kernel()
            except queue.Empty:
                pass
            if not cell.reply and self.client.shell_channel.msg_ready():
                reply = self.client.get_shell_msg(timeout=1)
                if reply["parent_header"].get("msg_id") == request:
                    cell.reply = reply["content"]
        return cell

    def ask(self, method: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The reply to a request of another kind: complete, inspect, history."""
        reply: dict[str, Any] = getattr(self.client, method)(*args, reply=True, timeout=30, **kwargs)
        return reply["content"]

    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def renew(self, folder: Path, **env: str) -> None:
        """Take the guard out with all that was defined and shown, and go on in ``folder``: what is imported stays."""
        cell = self.run(RENEW.format(folder=str(folder), env=env))
        assert cell.ok, cell
        self.folder = folder

    def close(self) -> None:
        """End the kernel as a front end does: it may put things in order."""
        if self.manager.has_kernel:
            self.client.stop_channels()
            self.manager.shutdown_kernel(now=False)

    def kill(self) -> None:
        """End the kernel and all that it began, at once; for kernels whose end nobody looks at."""
        if self.manager.has_kernel:
            self.client.stop_channels()
            kill(self.manager)


def wait_until_ready(client: BlockingKernelClient, manager: KernelManager, timeout: float = 60) -> None:
    """Until a kernel answers on all channels; what it said before that is dropped.

    The client's own ``wait_for_ready`` ends with a fifth of a second in which it waits for nothing.
    """
    deadline = time.monotonic() + timeout
    asked, waits = set(), {"kernel_info_reply", "idle"}
    while time.monotonic() < deadline and manager.is_alive():
        # What was published before the kernel's channel was joined never comes: then it is asked again.
        asked.add(client.kernel_info())
        with suppress(queue.Empty):
            while waits:
                channel = client.shell_channel if "kernel_info_reply" in waits else client.iopub_channel
                message = channel.get_msg(timeout=1 if channel is client.shell_channel else 0.2)
                if message["parent_header"].get("msg_id") in asked:
                    waits -= {message["msg_type"], message["content"].get("execution_state")}
            return
    raise AssertionError("the kernel does not answer")


def kill(manager: KernelManager) -> None:
    """End a kernel's process and those that it began, without a word to it."""
    process = manager.provisioner.process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
    manager.cleanup_resources()


class Home:
    """State of one test, and its log as a reader sees it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def command(self, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "jupyter_privguard", *args],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "PRIVGUARD_HOME": str(self.folder)},
        )

    def events(self, action: str | None = None) -> list[dict[str, Any]]:
        events = runtime.log_reader(settings.Home(self.folder)).events()
        return [e for e in events if action in (None, e["action"])]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def start(tmp_path: Path, home: Home) -> Iterator[Callable[..., Kernel]]:
    """Starts kernels, with further environment variables if wished."""
    started: list[Kernel] = []

    def start(**env: str) -> Kernel:
        started.append(Kernel(tmp_path, **({"PRIVGUARD_HOME": str(home.folder)} | env)))
        return started[-1]

    yield start
    for kernel in started:
        kernel.kill()


@pytest.fixture
def kernel(start: Callable[..., Kernel]) -> Kernel:
    return start()


@pytest.fixture
def guarded(kernel: Kernel) -> Kernel:
    loaded = kernel.run("%load_ext jupyter_privguard")
    assert loaded.ok, loaded
    assert kernel.run(PEOPLE).ok
    return kernel


@pytest.fixture(scope="module")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    started = Kernel(tmp_path_factory.mktemp("shared"))
    yield started
    started.kill()


@pytest.fixture
def renewed(_shared: Kernel, tmp_path: Path, home: Home) -> Kernel:
    """As ``kernel``, in a process that the tests of a file share; for those that ask what a cell shows or records."""
    _shared.renew(tmp_path, PRIVGUARD_HOME=str(home.folder))
    return _shared


@pytest.fixture
def reguarded(renewed: Kernel) -> Kernel:
    """As ``guarded``, in the process of ``renewed``: a guard of its own, which knows of no other test."""
    assert renewed.run("%load_ext jupyter_privguard").ok
    assert renewed.run(PEOPLE).ok
    return renewed


def in_plain_ipython(driver: str, cells: tuple[str, ...], folder: Path, home: Home) -> list[str]:
    """What a process without a kernel showed of each of ``cells``, which ``driver`` ran."""
    (folder / "cells.json").write_text(json.dumps(cells))
    (folder / "driver.py").write_text(driver)
    done = subprocess.run(
        [sys.executable, str(folder / "driver.py"), str(folder / "cells.json")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        cwd=folder,
        env={**os.environ, "PRIVGUARD_HOME": str(home.folder), "IPYTHONDIR": str(folder / "ipython")},
    )
    shown = done.stdout.split("<<\n")[1:]
    assert len(shown) == len(cells), done.stdout[-2000:]
    return shown
