"""The whole tour on a machine without a network: run by `test_no_network` in a process of its own.

Guard in a kernel, server and panel, masks, report, scan, checklist. Prints what each step came to, and ends with 1
where one failed. The folder that it is given is its home.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from jupyter_privguard.cli.main import main as privguard

_PATIENCE_S = 60
_CELLS = (
    "%load_ext jupyter_privguard",
    "%%secure --purpose churn-model --experiment exp-1\nimport pandas as pd\ndf = pd.read_csv('people.csv'); df",
    "print(df.email[0], df.describe())",
    "import jupyter_privguard as pg; pg.mask(df).to_csv('shared.csv', index=False); pg.classify(df)",
    "%privguard status",
)
_COMMANDS: tuple[tuple[tuple[int, ...], str], ...] = (
    ((0,), "classify people.csv"),
    ((0,), "mask people.csv -o masked.csv"),
    ((1,), "scan --jobs 1 people.csv"),
    ((0,), "audit verify"),
    ((0,), "audit checkpoint"),
    ((0,), "audit export --format jsonl"),
    ((0,), "report exp-1 -o report.html"),
    ((0,), "report verify report.html"),
    ((0, 1), "checklist"),
    ((0, 1), "doctor"),
)
_ROUTES = ("status", "gaps", "openapi.json", "verification", "entities", "models", "models/requests", "requests")


def loopback_up() -> None:
    """In a new network namespace even the loopback device is down."""
    up, flags, name = 0x8914, 0x1 | 0x8 | 0x40, b"lo"
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, up, struct.pack("16sh14x", name, flags))


def in_a_kernel() -> str:
    """What a front end sees of the cells."""
    manager = KernelManager()
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    manager._kernel_spec = KernelSpec(argv=argv, display_name="tour", language="python")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    seen = []
    try:
        client.wait_for_ready(timeout=_PATIENCE_S)
        for code in _CELLS:
            reply = client.execute_interactive(
                code,
                timeout=_PATIENCE_S,
                allow_stdin=False,
                output_hook=lambda message: seen.append(message["content"]),
            )
            assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)
    return json.dumps(seen, default=str)


def free_port() -> int:
    """A port of the loopback device that nobody listens at."""
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])


def asked(address: str, method: str = "GET", body: bytes | None = None) -> tuple[int, Any]:
    """The status and the JSON that a server answers."""
    request = urllib.request.Request(address, method=method, data=body, headers={"Authorization": "token t"})
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, None


def in_a_server(folder: Path) -> dict[str, int]:
    """By route what a server answered; a kernel is started and ended there too."""
    port, until = free_port(), time.monotonic() + _PATIENCE_S
    argv = [sys.executable, "-m", "jupyter_server", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0"]
    argv += ["--allow-root", "--IdentityProvider.token=t", f"--ServerApp.root_dir={folder}"]
    server, root = subprocess.Popen(argv, stderr=subprocess.DEVNULL), f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                asked(f"{root}/api")
                break
            except urllib.error.URLError:
                assert server.poll() is None and time.monotonic() < until, "the server does not answer"
                time.sleep(0.1)
        _, started = asked(f"{root}/api/kernels", "POST", b"{}")
        answers = {route: asked(f"{root}/privguard/api/v1/{route}")[0] for route in _ROUTES}
        answers["session"] = asked(f"{root}/privguard/api/v1/session/{started['id']}")[0]
        answers["report"] = asked(f"{root}/privguard/api/v1/report", "POST", b'{"experiment": "exp-1"}')[0]
        answers["kernel"] = asked(f"{root}/api/kernels/{started['id']}", "DELETE")[0]
        asked(f"{root}/api/shutdown", "POST", b"")
        server.wait(_PATIENCE_S)
        return answers
    finally:
        server.kill()


def command(line: str) -> int:
    """The exit code of a command."""
    try:
        privguard(line.split())
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def main(folder: Path) -> None:
    loopback_up()
    os.chdir(folder)
    rows = "".join(f"Asha Kulkarni,asha.k{n}@corp.example,+91 98765 432{n:02d},gold\n" for n in range(30))
    Path("people.csv").write_text(f"full_name,email,phone,plan\n{rows}")
    failed = []
    began = time.monotonic()
    seen = in_a_kernel()
    if "asha.k0@" in seen or "gold" not in seen:
        failed.append("kernel")
    for codes, line in _COMMANDS:
        if command(line) not in codes:
            failed.append(line)
    answers = in_a_server(folder)
    failed += [route for route, status in answers.items() if not 200 <= status < 300]
    print(
        json.dumps({"failed": failed, "answers": answers, "seconds": round(time.monotonic() - began)}), file=sys.stderr
    )
    sys.exit(bool(failed))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
