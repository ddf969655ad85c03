"""The same in plain IPython, where the exits are the process's text streams."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kernel.conftest import in_plain_ipython
from tests.kernel.tee import TEE

DRIVER = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell, real = InteractiveShell.instance(), sys.stdout
for cell in json.load(open(sys.argv[1])):
    print("<<", flush=True, file=real)
    result = shell.run_cell(cell, store_history=True)
    sys.stdout.flush(); sys.stderr.flush()
    print(">>", "ok" if result.success else "failed", flush=True, file=real)
"""
SETUP = "import sys, io, contextlib, os\nip = get_ipython()\n"
EMAIL = "asha.kulkarni77@corp.example"
PEOPLE = f"""
import pandas as pd
df = pd.DataFrame({{"email": ["{EMAIL}", "ravi.menon42@corp.example"] * 4,
                   "full_name": ["Asha Kulkarni", "Ravi Menon"] * 4, "amount": [137, 254] * 4}})
"""
SECRETS = ("asha.kulkarni77", "ravi.menon42", "Kulkarni", "Menon")
PROBES = (PEOPLE + "df", "print(df.email[0], df)", "raise ValueError(df.full_name[0])", "!echo {df.email[0]}")
STANDS = {
    "redirected": "with contextlib.redirect_stdout(io.StringIO()): print(df)",
    "cell within": "with contextlib.redirect_stdout(io.StringIO()): ip.run_cell('print(df)')",
    "captured": "%%capture out\nprint(df.email[0])",
    "logging": "import logging\nlogging.basicConfig(force=True)\nlogging.error(df.email[0])",
    "second load": "%load_ext jupyter_privguard",
    "reload": "%reload_ext jupyter_privguard",
    "logging after a reload": "logging.error(df.email[0])",
    "modules": "for name in [n for n in sys.modules if n.partition('.')[0] == 'jupyter_privguard']:\n"
    "    del sys.modules[name]\nimport jupyter_privguard",
    "reload of others": "%reload_ext jupyter_privguard",
    "logging after another": "logging.error(df.email[0])",
    "reset": "%reset -f",
}
MENDED = {
    "descriptor": "sys.stdout = os.fdopen(1, 'w', buffering=1, closefd=False)",
    "both": "sys.stderr = sys.stdout = os.fdopen(2, 'w', buffering=1, closefd=False)",
    "duplicate": "sys.stdout = os.fdopen(os.dup(1), 'w', buffering=1)",
    "formatter": "from IPython.core.formatters import DisplayFormatter\n"
    "ip.display_formatter = DisplayFormatter(parent=ip)",
    "hooks": "ip.ast_transformers.clear()\nfor of in ip.events.callbacks.values(): of.clear()",
    "header": "ip.input_transformers_cleanup.clear()",
}
CHANGED = {
    "tee": TEE + "sys.stdout = Tee(sys.stdout, io.StringIO())",
    "buffer": "sys.stdout = io.StringIO()",
    "error buffer": "sys.stderr = io.StringIO()",
}


@pytest.fixture
def screens(tmp_path: Path, home) -> Callable[..., list[str]]:
    def run(*cells: str) -> list[str]:
        return in_plain_ipython(DRIVER, cells, tmp_path, home)

    return run


@pytest.mark.parametrize(("acts", "outcome"), [(STANDS, None), (MENDED, "mended"), (CHANGED, "changed")])
def test_the_guard_stands_or_says_so_in_plain_ipython(screens, home, acts: dict[str, str], outcome: str | None) -> None:
    codes = [code for act in acts.values() for code in (act if act.startswith("%%") else SETUP + act, *PROBES)]

    shown = screens("%load_ext jupyter_privguard", PEOPLE, *codes)[2:]

    assert [(code, text) for code, text in zip(codes, shown, strict=True) if any(s in text for s in SECRETS)] == []
    said = [[line for line in text.splitlines() if "privguard:" in line] for text in shown[1 :: 1 + len(PROBES)]]
    assert [len(lines) for lines in said] == [int(outcome is not None)] * len(acts), said
    assert [event["outcome"] for event in home.events("guard.changed")] == [outcome] * (len(acts) if outcome else 0)
    ended = [event["outcome"] for event in home.events("cell.run")]
    assert ended.count("error") == len(acts)
    assert len(ended) >= len(codes)
