"""What loading the guard brings into a process, and that nothing of it talks to the network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

HEAVY = frozenset(
    """pandas numpy polars pyarrow jsonschema jsonschema_rs rfc3987_syntax nbformat nbconvert great_expectations scipy
    altair narwhals rich click jinja2 requests yaml jupyter_server tornado matplotlib importlib_metadata
    hyperscan""".split()
)
"""What takes longer to load than the guard may, or belongs to a surface that is not in use."""

LATER = tuple(
    f"jupyter_privguard.{name}"
    for name in """checking classification cli demo diagnose frames.engine guard.cells.cell guard.knowledge guard.parts
    guard.pictures guard.profiles guard.tables guard.taken guard.texts guard.tracked integrations masking
    notebook.approval notebook.audit notebook.messages notebook.policy_commands notebook.profile notebook.rescue
    notebook.reveal notebook.selftest notebook.set_command plots.drawing policy.conflicts policy.schema policy.yaml12
    report reviewing runtime.approvals runtime.own_approvals runtime.predictions runtime.tables runtime.tracked_runs
    scanning selftest serving server tracking.algorithms""".split()
)
"""What a command, a report, the first cell or table needs, and no load; a package means all that is in it."""
MOST_OF_OURS = 110
"""Modules that a load may bring in: each costs a quarter of a millisecond."""

LOAD = """
import json, sys
before = set(sys.modules)
{load}
print("LOADED" + json.dumps(sorted({{name.partition(".")[0] for name in set(sys.modules) - before}})))
"""

SHELL = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
"""

# The hook sees a connection before it is made, and does not let it happen.
NO_NETWORK = """
import json, sys
asked = []

def hook(event, args):
    if event in ("socket.connect", "socket.sendto"):
        address = args[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        address = args
    else:
        return
    host = address[0] if isinstance(address, tuple) else "unix"
    if host not in ("unix", "127.0.0.1", "::1", "localhost", "", None):
        asked.append(str(host))
        raise ConnectionRefusedError("no network in this test")

sys.addaudithook(hook)
"""


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {"PRIVGUARD_HOME": str(folder / "home"), "IPYTHONDIR": str(folder / "ipython")}


def _run(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=folder, env=_environment(folder)
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _after(marker: str, output: str) -> list[str]:
    answer: list[str] = json.loads(output.rpartition(marker)[2].splitlines()[0])
    return answer


def test_importing_the_package_loads_nothing_but_itself(tmp_path: Path) -> None:
    loaded = _after("LOADED", _run(LOAD.format(load="import jupyter_privguard"), tmp_path))

    assert [name for name in loaded if name not in sys.stdlib_module_names] == ["jupyter_privguard"]


@pytest.mark.parametrize(
    "then", ["", "shell.run_cell('x = 1\\nprint(x)')"], ids=["loaded", "loaded, and a cell without tables ran"]
)
def test_the_extension_loads_nothing_heavy_in_plain_ipython(tmp_path: Path, then: str) -> None:
    load = f"shell.run_line_magic('load_ext', 'jupyter_privguard')\n{then}"

    output = _run(SHELL + LOAD.format(load=load), tmp_path)

    assert "privguard: on" in output
    loaded = _after("LOADED", output)
    assert "jupyter_privguard" in loaded
    assert HEAVY.isdisjoint(loaded)


def test_the_extension_loads_no_part_of_ours_that_a_later_cell_may_never_need(tmp_path: Path) -> None:
    names = LOAD.replace('name.partition(".")[0]', "name")

    loaded = _after(
        "LOADED", _run(SHELL + names.format(load="shell.run_line_magic('load_ext', 'jupyter_privguard')"), tmp_path)
    )

    assert "jupyter_privguard.guard.session" in loaded
    assert [name for name in loaded if f"{name}.".startswith(tuple(f"{later}." for later in LATER))] == []
    assert {"gzip", "html"}.isdisjoint(loaded)
    assert len([name for name in loaded if name.startswith("jupyter_privguard")]) <= MOST_OF_OURS


def test_the_extension_compiles_no_pattern_that_it_does_not_use(tmp_path: Path) -> None:
    code = f"""{SHELL}
import json, re, sys
compiled, real = [], re.compile

def noted(*args, **more):
    caller = sys._getframe(1)
    if caller.f_code.co_name == "<module>":
        compiled.append(caller.f_globals["__name__"])
    return real(*args, **more)

re.compile = noted
shell.run_line_magic("load_ext", "jupyter_privguard")
re.compile = real
print("COMPILED" + json.dumps(compiled))
"""

    compiled = _after("COMPILED", _run(code, tmp_path))

    guarded = tuple(f"jupyter_privguard.{name}." for name in ("frames", "guard", "masking", "notebook", "plots"))
    assert [name for name in compiled if name.startswith(guarded)] == []


def test_a_heavy_import_would_be_noticed(tmp_path: Path) -> None:
    loaded = _after("LOADED", _run(LOAD.format(load="import yaml"), tmp_path))

    assert HEAVY & set(loaded) == {"yaml"}


def test_the_extension_loads_nothing_heavy_in_a_kernel(tmp_path: Path) -> None:
    manager = KernelManager()
    manager.start_kernel(cwd=str(tmp_path), env=_environment(tmp_path))
    client = manager.client()
    client.start_channels()
    printed: list[str] = []
    try:
        client.wait_for_ready(timeout=60)
        client.execute_interactive(
            LOAD.format(load="get_ipython().run_line_magic('load_ext', 'jupyter_privguard')"),
            timeout=60,
            output_hook=lambda message: printed.append(message["content"].get("text", "")),
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    output = "".join(printed)
    assert "privguard: on" in output
    assert HEAVY.isdisjoint(_after("LOADED", output))


def test_guarded_cells_and_a_report_ask_for_nothing_beyond_this_machine(tmp_path: Path) -> None:
    code = f"""{NO_NETWORK}{SHELL}
shell.run_line_magic("load_ext", "jupyter_privguard")
cell = '''import pandas as pd
df = pd.DataFrame({{"email": [f"asha{{n}}@corp.example" for n in range(9)]}})
print(df)
df'''
assert shell.run_cell("%%secure --purpose test --experiment exp-1\\n" + cell).success
from jupyter_privguard.cli.main import main
try:
    main(["report", "exp-1", "--output", "exp-1.html"])
except SystemExit as ended:
    assert ended.code == 0
during = list(asked)
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
except ConnectionRefusedError:
    pass
with open("asked.json", "w") as file:  # printed, the guard would mask an address
    json.dump({{"during": during, "at last": asked}}, file)
"""

    _run(code, tmp_path)

    assert (tmp_path / "exp-1.html").stat().st_size > 0
    assert json.loads((tmp_path / "asked.json").read_text()) == {"during": [], "at last": ["192.0.2.1"]}
