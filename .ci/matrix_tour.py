"""One look at everything in the environment whose Python runs this; prints what was seen as one JSON object.

Started by `matrix.py` in an empty folder, with the state folders of Jupyter, IPython and the guard in it.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

EMAIL, NAME = "asha.kulkarni77@corp.example", "Asha Kulkarni"
ROWS = "".join(f"{EMAIL},{NAME},{51_000 + n},{n}\n" for n in range(12))
BIN = Path(sys.executable).parent


def run(*command: str, code: int = 0) -> str:
    """Standard output and error of a command that must end with ``code``."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, stdin=subprocess.DEVNULL)
    text = re.sub(r"\x1b\[\d+m", "", done.stdout + done.stderr)
    assert done.returncode == code, f"{' '.join(command)} ended with {done.returncode}: {text[-600:]}"
    return text


def privguard(*words: str, code: int = 0) -> str:
    return run(str(BIN / "privguard"), *words, code=code)


def command_line() -> None:
    """classify, mask, policy, completion."""
    Path("people.csv").write_text("email,full_name,income,shelf\n" + ROWS)
    assert "EMAIL_ADDRESS" in privguard("classify", "people.csv")
    privguard("mask", "people.csv", "-o", "masked.csv")
    masked = Path("masked.csv").read_text()
    assert EMAIL not in masked and NAME not in masked and masked.count("\n") == 13
    assert "_PRIVGUARD_COMPLETE" in privguard("completion", "bash")


class Kernel:
    """A kernel as VS Code and the like start one: by jupyter_client, with no server of Jupyter's about."""

    def __enter__(self) -> Kernel:
        from jupyter_client.manager import KernelManager

        self.manager = KernelManager()
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=90)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def cell(self, source: str) -> str:
        """All that a front end receives of a cell that must succeed."""
        seen: list[Any] = []
        reply = self.client.execute_interactive(source, timeout=120, output_hook=lambda m: seen.append(m["content"]))
        text = json.dumps([seen, reply["content"]], default=str)
        assert reply["content"]["status"] == "ok", text[-800:]
        return text


def guarded_kernel() -> None:
    """Tables, texts and errors are masked, and the log has it."""
    with Kernel() as kernel:
        kernel.cell("%load_ext jupyter_privguard")
        received = [
            kernel.cell("import pandas as pd\ndf = pd.read_csv('people.csv')\ndf"),
            kernel.cell("print(df.head())\ndf.groupby('full_name').income.mean()"),
            kernel.cell("%%secure --experiment matrix --purpose trial\ndf['email'].tolist()"),
            kernel.cell("%privguard status"),
            kernel.cell("%privguard"),
        ]
    text = "\n".join(received)
    assert EMAIL not in text and NAME not in text
    assert "50k-60k" in text and "shelf" in text and "masked so far" in received[-1]


def log_and_report() -> None:
    """The log verifies; a report is written and proves itself."""
    assert "the log is whole" in privguard("audit", "verify")
    privguard("report", "matrix", "-o", "page.html")
    privguard("report", "verify", "page.html")
    page = Path("page.html").read_text()
    assert EMAIL not in page and NAME not in page


def enabled_kernel() -> None:
    """After `privguard enable`, a kernel loads the guard by itself; `disable` takes that back."""
    privguard("enable")
    with Kernel() as kernel:
        text = kernel.cell("import pandas as pd\npd.read_csv('people.csv')")
    privguard("disable")
    assert EMAIL not in text and "50k-60k" in text


def panel_listed() -> None:
    """JupyterLab lists the panel and the server its extension, both enabled."""
    assert re.search(r"jupyter-privguard v\S+ enabled OK", run(sys.executable, "-m", "jupyter", "labextension", "list"))
    listed = run(sys.executable, "-m", "jupyter", "server", "extension", "list")
    assert re.search(r"jupyter_privguard\s+enabled", listed)


def served(module: str, page: str) -> None:
    """The page of a real server names the panel, and its routes answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0", "--allow-root"]
    command = [sys.executable, "-m", module, *options, "--IdentityProvider.token=t"]
    with Path(f"{module}.log").open("wb") as log:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        status = _got(f"http://127.0.0.1:{port}/privguard/api/v1/status?token=t", server)
        assert isinstance(json.loads(status), dict)
        assert "jupyter-privguard" in _got(f"http://127.0.0.1:{port}{page}?token=t", server)
    finally:
        server.terminate()
        server.wait(30)


def _got(address: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError:
            raise
        except OSError:
            assert server.poll() is None, "the server ended"
            time.sleep(0.2)
    raise AssertionError("the server did not answer within a minute")


def lab() -> None:
    """JupyterLab's page loads the panel."""
    served("jupyterlab", "/lab")


def notebook() -> None:
    """Notebook 7's page loads the panel."""
    served("notebook", "/tree")


LOOKS: dict[str, Callable[[], None]] = {
    "command line": command_line,
    "kernel": guarded_kernel,
    "log, report": log_and_report,
    "enable": enabled_kernel,
    "panel, server": panel_listed,
    "Lab": lab,
    "Notebook": notebook,
}


def installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def main() -> None:
    seen: dict[str, str] = {}
    for name, look in LOOKS.items():
        if name == "Notebook" and not installed("notebook"):
            continue
        try:
            look()
            seen[name] = "ok"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was seen
            line = traceback.extract_tb(error.__traceback__)[-1].lineno
            seen[name] = f"{type(error).__name__} in line {line}: {error}"
    packages = ("pandas", "numpy", "jupyterlab", "notebook", "jupyter-server", "ipykernel", "ipython")
    found = {name: installed(name) for name in packages}
    print(json.dumps({"python": sys.version.split()[0], "versions": found, "seen": seen}))


if __name__ == "__main__":
    os.environ["PYTHONWARNINGS"] = "default"
    main()
