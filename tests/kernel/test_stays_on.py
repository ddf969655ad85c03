"""What a program does to its kernel by the way does not switch the guard off: it stands, or is put back and says so."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import jupyter_privguard
from jupyter_privguard.audit.reader import LogReader
from tests.kernel.tee import TEE

EMAIL = "asha.kulkarni77@corp.example"
PEOPLE = f"""
import pandas as pd
df = pd.DataFrame({{
    "email": ["{EMAIL}", "ravi.menon42@corp.example"] * 4,
    "full_name": ["Asha Kulkarni", "Ravi Menon"] * 4,
    "income": [51234, 48765] * 4,
    "amount": [137, 254] * 4,
}})
"""
SECRETS = ("asha.kulkarni77", "ravi.menon42", "Kulkarni", "Menon", "51234", "48765")
SETUP = "import sys, io, contextlib\nip = get_ipython()\n"

STREAMS = {
    "tee": TEE + "sys.stdout = Tee(sys.stdout, io.StringIO())",
    "tee of both": TEE + "sys.stdout, sys.stderr = Tee(sys.stdout), Tee(sys.stderr)",
    "original stdout": "sys.stdout = sys.__stdout__",
    "lost stdout": "sys.stdout = io.StringIO()",
    "redirected": "with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(sys.stdout): print(df)",
    "redirected to the original": "with contextlib.redirect_stdout(sys.__stdout__): print(df.email[0])",
    "file on descriptor 1": "import os\nsys.stdout = os.fdopen(1, 'w', buffering=1, closefd=False)",
    "patched print": "import builtins\nplain = builtins.print\nbuiltins.print = lambda *a, **k: plain('>', *a, **k)",
    "print to an old stream": "old = sys.stdout\nsys.stdout = io.StringIO()\n"
    "print(df.email[0], file=old)\nsys.stdout = old",
    "logging": "import logging\nlogging.basicConfig(force=True, level=0)\nlogging.error(df.email[0])",
    "logging to the old stdout": "import logging\nlogging.basicConfig(force=True, stream=sys.__stdout__)\n"
    "logging.error(df.full_name[0])",
    "showwarning": "import warnings\nwarnings.showwarning = lambda m, *a, **k: print(m)\nwarnings.warn(df.email[0])",
    "threading.excepthook": "import threading\nthreading.excepthook = lambda a: print(a.exc_value)\n"
    "t = threading.Thread(target=lambda: {}[df.email[0]])\nt.start(); t.join()",
    "descriptor 1 turned to 2": "import os\nos.dup2(2, 1)\nNone",
    "faulthandler": "import faulthandler\nfaulthandler.enable()",
}
DISPLAYS = {
    "deleted format": "del ip.display_formatter.format",
    "no formatters": "ip.display_formatter.formatters.clear()",
    "replaced formatter": "from IPython.core.formatters import DisplayFormatter\n"
    "ip.display_formatter = DisplayFormatter(parent=ip)",
    "formatter of a type": "ip.display_formatter.formatters['text/html'].for_type(pd.DataFrame, lambda t: t.to_html())",
    "displayhook": "from ipykernel.displayhook import ZMQShellDisplayHook\nold = ip.displayhook\n"
    "ip.displayhook = ZMQShellDisplayHook(shell=ip, parent=ip)\n"
    "ip.displayhook.session, ip.displayhook.pub_socket = old.session, old.pub_socket",
    "python's displayhook": "sys.displayhook = sys.__displayhook__",
    "own displayhook": "sys.displayhook = lambda v: print(repr(v))",
    "display_pub": "from ipykernel.zmqshell import ZMQDisplayPublisher\n"
    "new = ZMQDisplayPublisher(parent=ip)\n"
    "new.session, new.pub_socket = ip.display_pub.session, ip.display_pub.pub_socket\n"
    "new.set_parent(ip.parent_header)\nip.display_pub = new",
    "pandas options": "pd.reset_option('all')",
    "more pandas options": "pd.set_option('display.notebook_repr_html', False)\n"
    "pd.set_option('display.max_rows', 2, 'display.width', 30)",
    "pandas repr": "pd.DataFrame._repr_html_ = lambda self: self.to_html()",
    "matplotlib": "import matplotlib\nmatplotlib.use('svg')\nmatplotlib.use('agg')",
    "inline": "%matplotlib inline\n%matplotlib inline",
    "captured": "%%capture out\ndf",
    "shown later": "out.show()",
    "inspector": "from IPython.core.oinspect import Inspector\n"
    "ip.inspector = Inspector(parent=ip, theme_name='nocolor')",
}
ERRORS = {
    "showtraceback": "ip.showtraceback = lambda *a, **k: print('failed', sys.exc_info()[1])",
    "custom exception": "ip.set_custom_exc((ValueError,), lambda s, t, v, tb, tb_offset=None: print('custom', v))",
    "excepthook": "sys.excepthook = lambda t, v, tb: print(v)",
    "xmode": "%xmode Verbose",
    "colors": "%colors NoColor",
    "debug": "%debug",
    "pdb": "%pdb on",
    "pdb off": "%pdb off",
    "stdin": "input(df.email[0])",
    "interrupted": "raise KeyboardInterrupt(df.email[0])",
    "exit": "raise SystemExit(df.email[0])",
}
HOOKS = {
    "no events": "for of in ip.events.callbacks.values(): of.clear()",
    "no lists of events": "ip.events.callbacks.clear()",
    "reset events": "ip.events.callbacks.update({name: [] for name in ip.events.callbacks})",
    "no trigger": "ip.events.trigger = lambda *a, **k: None",
    "no trigger of the class": "type(ip.events).trigger = lambda self, *a, **k: None",
    "no transformers": "ip.ast_transformers.clear()",
    "new transformers": "ip.ast_transformers = []",
    "no cleanup": "ip.input_transformers_cleanup.clear()",
    "no hook of the shell": "ip.ast_transformers.clear()\nip.input_transformers_cleanup.clear()\n"
    "for of in ip.events.callbacks.values(): of.clear()",
    "no send": "del ip.kernel.session.send",
    "new send": "real = ip.kernel.session.send\nip.kernel.session.send = lambda *a, **k: real(*a, **k)",
    "no send, no events": "del ip.kernel.session.send\nfor of in ip.events.callbacks.values(): of.clear()",
    "no send, no transformers": "del ip.kernel.session.send\nip.ast_transformers.clear()",
    "new session": "from jupyter_client.session import Session\nold = ip.kernel.session\n"
    "ip.kernel.session = Session(key=old.key, session=old.session, packer=old.packer)",
    "new session of the display": "from jupyter_client.session import Session\nold = ip.display_pub.session\n"
    "ip.display_pub.session = ip.displayhook.session = Session(key=old.key, session=old.session, packer=old.packer)",
    "new session of the streams": "from jupyter_client.session import Session\n"
    "sys.stdout.session = Session(key=old.key, session=old.session, packer=old.packer)",
    "iopub": "ip.kernel.iopub_socket = ip.kernel.iopub_socket",
    "new namespace": "ip.user_ns = dict(ip.user_ns)",
    "magic": "ip.magics_manager.magics['line'].pop('privguard')",
}
MODULES = {
    "reset": "%reset -f",
    "reset of all": "%reset -f in out dhist array",
    "reload": "import importlib, jupyter_privguard\nimportlib.reload(jupyter_privguard)",
    "second load": "%load_ext jupyter_privguard",
    "reload_ext": "%reload_ext jupyter_privguard",
    "reload_ext without stdout": "import os\nkept, sys.stdout = sys.stdout, io.StringIO()\n"
    "ip.run_line_magic('reload_ext', 'jupyter_privguard')\nsys.stdout = kept\nos.write(1, df.email[0].encode())\nNone",
    "reload_ext and on": "%reload_ext jupyter_privguard\nprint(df.email[0], df)",
    "import again": "for name in [n for n in sys.modules if n.partition('.')[0] == 'jupyter_privguard']:\n"
    "    del sys.modules[name]\nimport jupyter_privguard",
    "load again": "%load_ext jupyter_privguard",
    "reload_ext again": "%reload_ext jupyter_privguard",
    "forgotten extension": "ip.extension_manager.loaded.clear()\n%load_ext jupyter_privguard",
    "autoreload": "%load_ext autoreload\n%autoreload 2\nimport changing",
    "autoreload of a change": "import os, pathlib\npathlib.Path('changing.py').write_text('value = 2')\n"
    "os.utime('changing.py', (2e9, 2e9))",
    "run": "%run script.py",
    "run in the namespace": "%run -i script.py",
    "script": "%%script cat\nhello",
    "python": "%%python\nprint('hello')",
    "fork": "import os\npid = os.fork()\nif not pid:\n"
    "    print(df.email[0], flush=True)\n    os._exit(0)\nos.waitpid(pid, 0)",
    "process pool": "import multiprocessing as m\n"
    "with m.get_context('fork').Pool(1) as pool: print(pool.map(str, list(df.email)))",
    "pandas again": "import importlib\nimportlib.reload(pd)",
}


PROBES = (
    PEOPLE + "df",
    "print(df.email[0], df)",
    "raise ValueError(df.full_name[0])",
    "%%secure --purpose p\nfrom IPython.display import display\ndisplay(df.loc[0], df.style, 'shown')",
)
OUTCOMES = ["ok", "ok", "error", "ok"]
GROUPS = {"streams": STREAMS, "displays": DISPLAYS, "errors": ERRORS, "hooks": HOOKS, "modules": MODULES}
TAKEN_OUT = {"deleted format", "replaced formatter", "inspector", *HOOKS} - {"iopub"}
"""Acts that take a part of the guard out, which is then put back, recorded and said; all others do not touch it."""


@pytest.fixture
def events(home) -> Callable[[str], list[dict[str, Any]]]:
    def events(action: str) -> list[dict[str, Any]]:
        lines = LogReader.open(home.folder / "log", None).lines()
        return [event for line in lines if (event := json.loads(line))["action"] == action]

    return events


def leaked(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def said(text: str) -> list[str]:
    return [line for line in text.splitlines() if "privguard:" in line]


@pytest.mark.parametrize("group", GROUPS)
def test_the_guard_stands_or_is_put_back_and_says_so(guarded, events, group: str) -> None:
    (guarded.folder / "script.py").write_text(f"import pandas as pd\nprint(pd.DataFrame({{'email': ['{EMAIL}']}}))")
    (guarded.folder / "changing.py").write_text("value = 1")
    found = {}
    for name, act in GROUPS[group].items():
        changes = len(events("guard.changed"))
        first = guarded.run(act if act.startswith("%%") else SETUP + act)
        runs = len(events("cell.run"))
        cells = [guarded.run(code) for code in PROBES]
        outcomes = [event["outcome"] for event in events("cell.run")[runs:]]
        changed, sentences = events("guard.changed")[changes:], said(cells[0].streams)
        found[name] = [
            *(f"cell {at} leaks" for at, cell in enumerate([first, *cells]) if leaked(cell.screen)),
            *([] if outcomes == OUTCOMES else [f"logged: {outcomes}"]),
            *([] if [cell.reply["status"] for cell in cells] == OUTCOMES else ["a cell failed"]),
            *([] if all(event["outcome"] == "mended" for event in changed) else ["not mended"]),
            *([] if len(changed) == len(sentences) == (name in TAKEN_OUT) else [f"{len(changed)}: {sentences}"]),
        ]

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert leaked(guarded.printed()) == []


def test_a_purpose_is_kept_where_no_event_tells_of_the_cell(guarded, events) -> None:
    guarded.run(SETUP + "ip.events.trigger = lambda *a, **k: None")

    guarded.run("%%secure --purpose churn\n1 + 1")
    refused = guarded.run("%%secure --purpos churn\n1 + 1", silent=True)
    kept = guarded.run("%%secure --purpose research\n1 + 1", silent=True)

    assert refused.reply["status"] == "error" and kept.ok
    assert [(event["outcome"], event.get("purpose")) for event in events("cell.run")][-3:] == [
        ("ok", "churn"),
        ("refused", None),
        ("ok", "research"),
    ]
    assert [event["what"] for event in events("guard.changed")] == [["events"]]


def test_autoreload_leaves_the_guard_alone(start, events, tmp_path: Path) -> None:
    package = Path(jupyter_privguard.__file__).parent
    copy = tmp_path / "copied" / package.name
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__", "*.js", "template"))
    kernel = start(PYTHONPATH=str(copy.parent))
    kernel.run("%load_ext autoreload\n%autoreload 2 -p")
    loaded = kernel.run("%load_ext jupyter_privguard\nprint(__import__('jupyter_privguard').__file__)")
    assert str(copy) in loaded.streams
    kernel.run(PEOPLE)
    for file in copy.rglob("*.py"):
        os.utime(file, (2e9, 2e9))

    cells = [kernel.run(code) for code in PROBES]

    assert [leaked(cell.screen) for cell in cells] == [[], [], [], []]
    assert "Reloading" not in "".join(cell.streams for cell in cells)
    assert [event["outcome"] for event in events("cell.run")][-4:] == OUTCOMES


def test_unloading_takes_all_of_it_out_whatever_became_of_it(guarded, home) -> None:
    guarded.run(SETUP + "ip.ast_transformers.clear()\nip.display_formatter = type(ip.display_formatter)(parent=ip)")
    guarded.run(SETUP + "for of in ip.events.callbacks.values(): of.clear()")

    off = guarded.run("%unload_ext jupyter_privguard")

    assert off.streams.endswith("privguard: off\n")
    assert EMAIL in guarded.run("df").screen and EMAIL in guarded.run("print(df.email[0])").streams
    assert home.events()[-1]["action"] == "guard.unload"
    assert guarded.run("%load_ext jupyter_privguard").ok
    assert leaked(guarded.run("df").screen) == []


def test_what_is_written_to_descriptors_arrives_masked_after_a_reload_without_streams(guarded) -> None:
    guarded.run(SETUP + MODULES["reload_ext without stdout"])

    write = SETUP + "import os\nos.write(1, f'hello {df.email[0]}\\n'.encode())\nsys.stdout.flush()"
    shown = "".join(guarded.run(code).streams for code in (write, "1", "2", "3"))  # it may come after its cell

    assert shown == "hello ***@***\n"
    assert leaked(guarded.printed()) == []
