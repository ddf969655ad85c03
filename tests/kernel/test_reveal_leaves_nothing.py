"""A value that was looked up in a notebook: where it must not be, when it must go, and who gets none.

The kernel is asked for what it holds by code that spells the value backwards and answers yes or no: a printed
value would be masked and prove nothing.
"""

from __future__ import annotations

import ast
import getpass
import json
import re
import sys
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from jupyter_privguard.notebook.reveal import SHOWN_S
from tests.kernel.conftest import NAME, Cell

FIND = f"needle = {NAME[::-1]!r}[::-1]\nshell = get_ipython()\n"
READ = "import pandas as pd\ndf = pd.read_csv('people.csv')"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("full_name,plan\n" + f"{NAME},a\nRavi Menon,b\n" * 4)
    return path


def write_policy(folder: Path, right: str = "reveal: true, ") -> str:
    path = folder / "policy.yaml"
    path.write_text(
        f"version: 1\nprincipals:\n  {getpass.getuser()}: {{roles: [officer]}}\n"
        f"roles:\n  officer: {{tiers: [public, internal], {right}log: all}}\n"
    )
    return str(path)


@pytest.fixture
def kernel(start, people: Path, tmp_path: Path):
    """A granted person's kernel that has shown the table and forgotten it."""
    return having_shown(start(PRIVGUARD_POLICY=write_policy(tmp_path)))


@pytest.fixture
def again(renewed, people: Path, tmp_path: Path, home):
    """As ``kernel``, in a process that tests share."""
    renewed.renew(tmp_path, PRIVGUARD_HOME=str(home.folder), PRIVGUARD_POLICY=write_policy(tmp_path))
    return having_shown(renewed)


def having_shown(kernel: Any) -> Any:
    assert kernel.run("%load_ext jupyter_privguard").ok
    kernel.token = re.search(r"tok_[0-9a-f]{8}", kernel.run(READ + "\ndisplay(df)").screen)[0]
    assert kernel.run("del df\nOut.clear()\n_ = __ = ___ = None").ok
    return kernel


def reveal(kernel: Any, rest: str = "--reason 'ticket 4711'") -> str:
    return f"%privguard reveal {kernel.token} {rest}"


def shown(cell: Any) -> list[str]:
    return [content["data"]["text/plain"] for content in cell.of("display_data")]


def taken_back(cell: Any) -> list[str]:
    return [content["data"]["text/plain"] for content in cell.of("update_display_data")]


def update(kernel: Any) -> list[str]:
    """The text of the next message, if it changes a display."""
    message = kernel.client.get_iopub_msg(timeout=30)
    return taken_back(Cell([message]))


def answer(kernel: Any, code: str) -> Any:
    cell = kernel.run(FIND + code)
    assert cell.ok, cell.reply
    return ast.literal_eval(cell.of("execute_result")[0]["data"]["text/plain"])


def test_no_place_of_the_kernel_holds_it(kernel, tmp_path: Path) -> None:
    assert kernel.run(
        "get_ipython().display_pub.store_display_history = True\nget_ipython().history_manager.db_log_output = True\n"
        "%config TerminalInteractiveShell.xmode = 'Verbose'"
    ).reply
    assert shown(kernel.run(reveal(kernel))) == [f"{kernel.token}: {NAME}"]

    holding = answer(
        kernel,
        "history = shell.history_manager\n"
        "places = {'_': _, '__': __, '___': ___, 'Out': Out, '_oh': _oh, 'In': In, '_ih': _ih, '_i': _i,\n"
        "    'outputs': history.outputs, 'range': list(history.get_range(output=True, raw=True)),\n"
        "    'cache': history.db_output_cache, 'hist_output': history.output_hist_reprs,\n"
        "    'globals': {k: v for k, v in globals().items() if k not in ('needle', 'places')}}\n"
        "[name for name, place in places.items() if needle in repr(place)]"
        " + [k for k, v in places['globals'].items() if needle in repr(v)]",
    )
    assert holding == []
    assert answer(
        kernel,
        "del needle\nfrom IPython.utils.capture import capture_output\nwith capture_output() as caught:\n"
        "    get_ipython().run_line_magic('whos', '')\n    get_ipython().run_line_magic('history', '-o')\n"
        f"[len(caught.stdout) > 20, {NAME[::-1]!r}[::-1] in caught.stdout]",
    ) == [True, False]
    kernel.run("get_ipython().history_manager.writeout_cache()")
    assert NAME not in str(kernel.ask("history", raw=True, output=True, hist_access_type="range"))
    assert NAME not in kernel.printed()
    kernel.close()
    kept = [path for path in (tmp_path / "ipython").rglob("*") if path.is_file()]
    assert kept and not [path for path in kept if NAME.encode() in path.read_bytes()]


def test_a_hook_of_display_messages_does_not_get_it(kernel) -> None:
    kernel.run("caught = []\nget_ipython().display_pub.register_hook(lambda m: caught.append(m) or m)")

    assert shown(kernel.run(reveal(kernel))) == [f"{kernel.token}: {NAME}"]

    assert answer(kernel, "[needle in repr(caught)]") == [False]


TIMER = """
import threading
import jupyter_privguard.notebook.reveal as module
delays = []
class Timer(threading.Timer):
    def __init__(self, delay, function):
        delays.append(delay)
        super().__init__(0, function)
module.Timer = Timer
"""


def test_after_half_a_minute_it_gives_way_to_its_handle(kernel) -> None:
    assert SHOWN_S == 30
    assert kernel.run(TIMER).ok

    cell = kernel.run(reveal(kernel))
    messages = taken_back(cell)
    while not messages:  # nothing else is run meanwhile
        messages = update(kernel)

    assert messages == [kernel.token] and shown(cell) == [f"{kernel.token}: {NAME}"]
    after = kernel.run("delays")
    assert taken_back(after) == [] and after.of("execute_result")[0]["data"]["text/plain"] == "[30.0]"


@pytest.mark.parametrize("rest", ["1 / 0", "raise SystemExit", "raise KeyboardInterrupt", "import no_such_module"])
def test_a_cell_that_fails_later_shows_it_no_longer_than_another(kernel, rest: str) -> None:
    cell = kernel.run(f"%xmode Verbose\n{reveal(kernel)}\n{rest}")

    assert not cell.ok and shown(cell) == [f"{kernel.token}: {NAME}"] and cell.screen.count(NAME) == 1
    assert taken_back(kernel.run("1")) == [kernel.token]
    assert taken_back(kernel.run("1")) == []


def test_an_interrupted_cell_too(kernel) -> None:
    code = f"{reveal(kernel)}\nprint('ready', flush=True)\nimport threading\nthreading.Event().wait(60)"
    cell = kernel.run(code, interrupt_on="ready")

    assert cell.reply["ename"] == "KeyboardInterrupt" and cell.screen.count(NAME) == 1
    assert taken_back(kernel.run("1")) == [kernel.token]


@pytest.mark.parametrize("code", ["x =", "%unload_ext jupyter_privguard", "%%secure --tier compliance\n1", "%%nothing"])
def test_the_next_cell_takes_it_back_whatever_it_is(kernel, code: str) -> None:
    kernel.run(reveal(kernel))

    assert taken_back(kernel.run(code)) == [kernel.token]


def test_the_end_of_the_kernel_takes_it_back(kernel) -> None:
    kernel.run(reveal(kernel))

    kernel.client.shutdown()
    messages: list[str] = []
    with suppress(Empty):
        while not messages:
            messages = update(kernel)

    assert messages == [kernel.token]


def test_a_value_of_a_cell_is_taken_back_for_each_that_was_shown(kernel) -> None:
    cell = kernel.run(f"{reveal(kernel)}\n{reveal(kernel)}")

    assert shown(cell) == [f"{kernel.token}: {NAME}"] * 2
    assert taken_back(kernel.run("1")) == [kernel.token] * 2


def test_an_assignment_and_a_call_get_nothing(kernel) -> None:
    cell = kernel.run(
        f"v = {reveal(kernel)}\nw = get_ipython().run_line_magic('privguard', 'reveal {kernel.token} -r r')\n"
        "for line in ('v', 'w'): get_ipython().ex(line)"
    )

    assert cell.ok and len(shown(cell)) == 2
    assert answer(kernel, "[v is None, w is None]") == [True, True]


CAPTURING = {
    "%%capture": "%%capture caught\n{}",
    "capture_output": "from IPython.utils.capture import capture_output\nwith capture_output() as caught:\n    {}",
    "redirect_stdout": "from io import StringIO\nfrom contextlib import redirect_stdout\ncaught = StringIO()\n"
    "with redirect_stdout(caught):\n    {}",
    "several": "caught = None\n{} tok_00000000",
    "several first": "caught = None\n{} tok_00000000 enc_00000000 --reason s",
    "none": "caught = None\n%privguard reveal --reason r",
    "no reason": "caught = None\n%privguard reveal tok_00000000",
    "a blank reason": "caught = None\n%privguard reveal tok_00000000 --reason ' '",
    "a part of a handle": "caught = None\n%privguard reveal tok_0 --reason r",
    "all handles": "caught = None\n%privguard reveal tok_* --reason r",
    "another option": "caught = None\n{} --tier compliance",
}


@pytest.mark.parametrize("how", CAPTURING)
def test_what_is_captured_or_asked_wrongly_holds_nothing(again, home, how: str) -> None:
    cell = again.run(CAPTURING[how].format(reveal(again)))

    assert [e["outcome"] for e in home.events("reveal")] == ["ok" if how == "redirect_stdout" else "refused"]
    if how == "redirect_stdout":  # a display is no text, so it is on the screen alone
        assert shown(cell) == [f"{again.token}: {NAME}"]
    else:
        assert NAME not in cell.screen and ("privguard:" in cell.screen) != (how == "%%capture")
    assert answer(again, "[needle in repr(getattr(caught, '__dict__', caught)) + str(caught)]") == [False]


def test_a_shell_in_a_cell_gets_nothing_and_is_on_record(kernel, home) -> None:
    call = f"{sys.executable} -m jupyter_privguard reveal {kernel.token} -r r"
    cell = kernel.run(
        f"!{call}\ncaught = !{call}\nimport subprocess\nmore = subprocess.run({call.split()!r}, capture_output=True)"
    )

    assert NAME not in cell.screen
    assert answer(kernel, "[needle in repr([caught, more]), more.returncode]") == [False, 3]
    assert [e["outcome"] for e in home.events("reveal")] == ["refused"] * 3


def test_no_more_than_twenty_within_an_hour_however_they_are_asked(kernel, home) -> None:
    cell = kernel.run(
        "for n in range(12):\n"
        "    for line in ('', ' tok_00000000'):\n"
        "        try:\n"
        f"            get_ipython().run_line_magic('privguard', 'reveal {kernel.token} -r r' + line)\n"
        "        except BaseException as error:\n"
        "            last = error"
    )

    assert cell.ok and len(shown(cell)) == 10  # each second attempt asked for two records
    assert [e["outcome"] for e in home.events("reveal")].count("refused") == 14


@pytest.mark.parametrize(
    "line", ["{}", "v = {}", "get_ipython().magic('privguard reveal TOKEN -r r')", "!MODULE reveal TOKEN -r r"]
)
def test_without_the_right_every_way_is_refused_and_on_record(start, people, home, tmp_path: Path, line: str) -> None:
    kernel = start(PRIVGUARD_POLICY=write_policy(tmp_path, ""))
    assert kernel.run("%load_ext jupyter_privguard").ok
    kernel.token = re.search(r"tok_[0-9a-f]{8}", kernel.run(READ + "\ndf").screen)[0]
    code = (
        line.format(reveal(kernel))
        .replace("TOKEN", kernel.token)
        .replace("MODULE", f"{sys.executable} -m jupyter_privguard")
    )
    code = code.replace("get_ipython().magic('privguard ", "get_ipython().run_line_magic('privguard', '")

    cell = kernel.run(code)

    assert NAME not in cell.screen and shown(cell) == []
    assert [e["outcome"] for e in home.events("reveal")] == ["refused"]


def test_a_saved_notebook_holds_the_handle(people: Path, home, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PRIVGUARD_HOME", str(home.folder))
    monkeypatch.setenv("PRIVGUARD_POLICY", write_policy(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    done = home.command("mask", "people.csv", "-o", "masked.csv")
    assert done.returncode == 0, done.stderr
    token = (tmp_path / "masked.csv").read_text().splitlines()[1].split(",")[0]
    cells = ["%load_ext jupyter_privguard", f"%privguard reveal {token} --reason r", "1 + 1"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    manager = AsyncKernelManager()
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="t",
        language="python",
    )

    NotebookClient(notebook, km=manager).execute()

    assert notebook.cells[1].outputs[0]["data"]["text/plain"].startswith("tok_")
    assert NAME not in json.dumps(notebook)
