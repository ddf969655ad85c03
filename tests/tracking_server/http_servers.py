"""Servers that a test starts on a port of their own."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def await_health(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return when ``server`` answers; AssertionError where it ended, or has not begun after a minute and a half."""
    until = time.monotonic() + 90
    while True:
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
            return
        except OSError:
            assert server.poll() is None and time.monotonic() < until, "the server did not start"
            time.sleep(0.2)
