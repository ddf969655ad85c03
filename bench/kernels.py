"""Kernels that a benchmark asks, as a notebook does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager

_TIMEOUT_S = 300


@contextmanager
def kernel() -> Iterator[Any]:
    """The client of a kernel of its own, which can import what stands beside this file."""
    manager = KernelManager()
    path = os.pathsep.join(filter(None, (str(Path(__file__).parent), os.environ.get("PYTHONPATH"))))
    manager.start_kernel(stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": path})
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client: Any, code: str) -> str:
    """What ``code`` prints; RuntimeError if it fails."""
    printed: list[str] = []

    def seen(message: Any) -> None:
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])

    reply = client.execute_interactive(code, timeout=_TIMEOUT_S, output_hook=seen)
    if reply["content"]["status"] != "ok":
        raise RuntimeError(f"a kernel could not run {code!r}")
    return "".join(printed)
