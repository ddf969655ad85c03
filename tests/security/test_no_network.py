"""In-house: guard, server and panel, masks, report, scan and checklist work without a network, and try to reach none.

Every Python process of the tour notes whom it asks for names and connects to. Where the system allows it, the tour runs
in a network namespace that has nothing but a loopback device, and the system calls of all its programs are looked at.
"""

from __future__ import annotations

import ast
import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOUR = Path(__file__).with_name("the_whole_tour.py")
PATIENCE_S = 240
HOOK = """
import os, sys
_file = os.open(os.environ["PRIVGUARD_TRIED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_asked = {"socket.connect": 1, "socket.sendto": 1}
_asked |= {f"socket.{name}": 0 for name in ("getaddrinfo", "gethostbyname", "gethostbyaddr")}
def _note(event, args, _file=_file, _asked=_asked, _write=os.write):
    if event in _asked:
        _write(_file, (event + " " + repr(args[_asked[event]]) + "\\n").encode())
sys.addaudithook(_note)
"""
_CALL = re.compile(
    r"\b(?:connect|sendto|sendmsg)\(.*?sa_family=(AF_\w+)(?:.*?(?:inet_addr\(|inet_pton\(AF_INET6, )\"([^\"]*)\")?"
)
_OWN_NAMES = {"localhost", "127.0.0.1", "::1", "0.0.0.0", ""}


def works(*command: str) -> bool:
    """Whether this machine lets us do that."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run([*command, "true"], capture_output=True, timeout=30, check=False).returncode == 0


def is_own(host: str) -> bool:
    """Whether that is this machine, by an address that asks nobody for it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def noted_by_hooks(file: Path) -> tuple[int, list[str]]:
    """How much was noted, and what of it is about another machine."""
    lines = file.read_text().splitlines()
    strange = []
    for line in lines:
        event, _, about = line.partition(" ")
        value = ast.literal_eval(about)
        if event in ("socket.connect", "socket.sendto"):
            is_strange = isinstance(value, tuple) and not is_own(value[0]) and value[0] != "localhost"
        else:
            is_strange = value is not None and (value if isinstance(value, str) else value.decode()) not in _OWN_NAMES
        strange += [line] if is_strange else []
    return len(lines), strange


def seen_by_the_system(file: Path) -> tuple[int, list[str]]:
    """The same of what the system was called for."""
    calls = [
        found for line in file.read_text(errors="replace").splitlines() if (found := _CALL.search(line)) is not None
    ]
    strange = [
        call[0] for call in calls if call[1] not in ("AF_UNIX", "AF_UNSPEC", "AF_NETLINK") and not is_own(call[2] or "")
    ]
    return len(calls), strange


def test_the_whole_tour_needs_no_network_and_tries_none(tmp_path: Path) -> None:
    hooks, work, traced = tmp_path / "hooks", tmp_path / "work", tmp_path / "traced"
    hooks.mkdir()
    work.mkdir(exist_ok=True)
    (hooks / "sitecustomize.py").write_text(HOOK)
    command = [sys.executable, str(TOUR), str(work)]
    trace = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect,sendto,sendmsg", "-o"]
    if is_traced := works(*trace, os.devnull):
        command = [*trace, str(traced), *command]
    alone = next((way for way in (["unshare", "-n"], ["unshare", "-rn"]) if works(*way)), [])
    own = {"PYTHONPATH": f"{hooks}{os.pathsep}{ROOT}", "PRIVGUARD_TRIED": str(tmp_path / "tried")}
    own |= {
        name: str(tmp_path / name)
        for name in ("PRIVGUARD_HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")
    }
    without = ("PYTEST_CURRENT_TEST", "PRIVGUARD_POLICY", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
    environment = {name: value for name, value in os.environ.items() if name not in without} | own

    done = subprocess.run(
        [*alone, *command], env=environment, cwd=work, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )

    told = json.loads(done.stderr.splitlines()[-1]) if done.stderr.rstrip().endswith("}") else {}
    assert done.returncode == 0 and told.get("failed") == [], done.stderr[-3000:]
    noted, strange = noted_by_hooks(tmp_path / "tried")
    assert noted > 0, "the hooks were not there"
    assert strange == []
    if is_traced:
        calls, strange = seen_by_the_system(traced)
        assert calls > 0, "nothing was traced"
        assert strange == []


@pytest.mark.parametrize("way", ["connect(('192.0.2.1', 80))", "sendto(b'x', ('192.0.2.1', 53))"])
def test_a_program_that_tries_is_found(tmp_path: Path, way: str) -> None:
    kind = "SOCK_DGRAM" if way.startswith("sendto") else "SOCK_STREAM"
    (tmp_path / "sitecustomize.py").write_text(HOOK)
    made = f"import socket\ns = socket.socket(socket.AF_INET, socket.{kind}); s.settimeout(0.01)"
    code = f"{made}\ntry: s.{way}\nexcept OSError: pass"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PRIVGUARD_TRIED": str(tmp_path / "tried")}

    subprocess.run([sys.executable, "-c", code], env=environment, timeout=60, check=True)

    assert len(noted_by_hooks(tmp_path / "tried")[1]) == 1
