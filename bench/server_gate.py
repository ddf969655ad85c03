"""Messages on their way through a Jupyter server: one with the extension and one without, asked in turns.

The kernels are alike and none is guarded, so that what differs is the server alone. The guarded server knows
fingerprints: of a hundred thousand values, which its kernel's guard told it before it was taken out.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from measure import Row, as_text
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

_PROTOCOL = "v1.kernel.websocket.jupyter.org"
_ROUNDS = 9
_MESSAGES = 400
_CELLS = 200
_ALLOWED_S = 0.0005
"""What the server may add to a message."""
_KNOWN = 100_000
_SAID = "order 4711 of the week was sent, 12 of 14 parts are there and the rest is on its way; next look on Monday"
_MEDIAN = "a line that a cell prints", "a table of 20 rows"
"""Most messages are no larger; of others the cost is told."""
_SENT = {
    "a line that a cell prints": f"sys.stdout.write({_SAID!r}); sys.stdout.flush()",
    "a table of 20 rows": "display({'text/html': table, 'text/plain': 'a table'}, raw=True)",
    "a text of 100 kB": f"display({{'text/plain': {_SAID!r} * 1000}}, raw=True)",
}
_MADE = """
import sys
from IPython.display import display
cells = ''.join(f'<td>{n * 3.7:.2f}</td><td>part {n} of the week</td>' for n in range(5))
table = '<table>' + f'<tr><th>row</th>{cells}</tr>' * 20 + '</table>'
"""
_LEARN = f"""
import pandas as pd
n = range({_KNOWN})
names, addresses = [f'Vorname{{i}} Familienname{{i}}' for i in n], [f'p{{i}}@example.org' for i in n]
names, addresses = [f'Vorname{{i}} Familienname{{i}}' for i in n], [f'p{{i}}@example.org' for i in n]
df = pd.DataFrame({{'full_name': names, 'email': addresses}})
df.head(1)
"""


class _Server:
    """A server with one kernel and an open websocket of it."""

    def __init__(self, url: str, token: str, process: int) -> None:
        self._url = url
        self._token = token
        self._process = psutil.Process(process)
        self._socket: Any = None

    async def open(self) -> None:
        """Start the kernel."""
        kernel = json.load(self._asked("api/kernels", b"{}"))["id"]
        address = f"{self._url.replace('http', 'ws', 1)}api/kernels/{kernel}/channels?token={self._token}"
        self._socket = await websocket_connect(HTTPRequest(address), subprotocols=[_PROTOCOL])

    def is_there(self) -> bool:
        """Whether it answers."""
        try:
            return self._asked("api/status").status == 200
        except OSError:
            return False

    def _asked(self, path: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(f"{self._url}{path}", body, {"Authorization": f"token {self._token}"})
        return urllib.request.urlopen(request, timeout=60)

    async def run(self, code: str) -> None:
        """Run a cell to the end of its outputs; RuntimeError if it fails."""
        asked = uuid.uuid4().hex
        header = {"msg_id": asked, "msg_type": "execute_request", "session": "s", "username": "u", "version": "5.3"}
        content = {"code": code, "silent": False, "allow_stdin": False, "stop_on_error": False}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self._socket.write_message(
            serialize_msg_to_ws_v1(message, "shell", lambda part: json.dumps(part).encode()), binary=True
        )
        waits = {"execute_reply", "idle"}
        while waits:
            raw = await asyncio.wait_for(self._socket.read_message(), 300)
            _, parts = deserialize_msg_from_ws_v1(raw)
            if json.loads(parts[1]).get("msg_id") != asked:
                continue
            kind = json.loads(parts[0])["msg_type"]
            if kind in ("execute_reply", "status"):
                said = json.loads(parts[3])
                if said.get("status") == "error":
                    raise RuntimeError(f"a kernel could not run {code!r}")
                waits.discard(str(said.get("execution_state")))
            waits.discard(kind)

    def used_s(self) -> float:
        """Processor time of the server so far, without its kernel's."""
        times = self._process.cpu_times()
        return float(times.user + times.system)


def rows() -> list[Row]:
    """Also what a cell costs, whose start and end are recorded."""
    return asyncio.run(_rows())


async def _rows() -> list[Row]:
    with ExitStack() as running:
        plain, guarded = (running.enter_context(_server(is_guarded=one)) for one in (False, True))
        for server in (plain, guarded):
            await server.open()
            await server.run(_MADE)
        for code in ("%load_ext jupyter_privguard", _LEARN, "%unload_ext jupyter_privguard"):
            await guarded.run(code)
        found = []
        for what, code in _SENT.items():
            many = f"for _ in range({_MESSAGES}): {code}"
            about, aim = f"{what}, processor time of the server", 1.0 if what in _MEDIAN else None
            found += await _of(about, plain, guarded, many, aim)
        taken: list[float] = []
        for server in (plain, guarded):
            before = server.used_s()
            for _ in range(_CELLS):
                await server.run("1 + 1")
            taken.append((server.used_s() - before) / _CELLS)
        peer, ours = taken
        what = "a cell, with the record of its start and end, processor time of the server"
        found.append(Row(what, as_text(ours), f"unguarded {as_text(peer)}", ours / peer))
        return found


async def _of(what: str, plain: _Server, guarded: _Server, code: str, aim: float | None) -> list[Row]:
    taken: list[tuple[float, float]] = []
    for number in range(_ROUNDS + 1):
        used = []
        for server in (plain, guarded):
            before = server.used_s()
            await server.run(code)
            used.append((server.used_s() - before) / _MESSAGES)
        if number:  # the first time something is loaded
            taken.append((used[0], used[1]))
    peer, ours = (statistics.median(one) for one in zip(*taken, strict=True))
    added = statistics.median(mine - its for its, mine in taken)
    return [
        Row(what, as_text(ours), f"unguarded {as_text(peer)}", ours / peer),
        Row("of which the gate adds", as_text(added), f"allowed {as_text(_ALLOWED_S)}", added / _ALLOWED_S, aim),
    ]


@contextmanager
def _server(*, is_guarded: bool) -> Iterator[_Server]:
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="privguard-bench-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        extensions = {"ServerApp": {"jpserver_extensions": {"jupyter_privguard": is_guarded}}}
        Path(folder, "jupyter_server_config.json").write_text(json.dumps(extensions), encoding="utf-8")
        own = dict.fromkeys(("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR"), folder)
        environment = os.environ | own | {"PRIVGUARD_HOME": f"{folder}/home", "JUPYTER_TOKEN": token}
        options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
        command = [sys.executable, "-m", "jupyter_server", *options, f"--ServerApp.root_dir={folder}"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            server = _Server(f"http://127.0.0.1:{port}/", token, run.pid)
            try:
                until = time.monotonic() + 60
                while not server.is_there():
                    if run.poll() is not None or time.monotonic() > until:
                        raise RuntimeError("a server did not start")
                    time.sleep(0.1)
                yield server
            finally:
                run.terminate()
                run.wait(30)
