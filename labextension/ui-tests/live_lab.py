"""A JupyterLab of its own for browser tests and screenshots: own folders, own port, no network.

The panel is served from this working tree (``jupyter_privguard/labextension``), so that what was
built last is what is seen, whether or not the package is installed.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright

__all__ = [
    "LiveLab",
    "find_browser",
    "launch",
    "live_lab",
    "new_context",
    "open_panel",
    "open_tab",
    "run_cells",
    "run_command",
]

ROOT = Path(__file__).resolve().parents[2]
_BUNDLE = ROOT / "jupyter_privguard" / "labextension"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_START_S = 90
_STOP_S = 15
_SWITCHER = "@jupyter-notebook/lab-extension"
_PALETTE_MS = 10_000
_KERNEL_IS_IDLE = """async () => {
    const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
    await context?.ready;
    await context?.session?.kernel?.info;
    return context?.session?.kernel?.connectionStatus === "connected" && context.session.kernel.status === "idle";
}"""


def find_browser() -> str:
    """The path of Chromium or Chrome; RuntimeError names the package to install if there is none."""
    for name in _BROWSERS:
        if found := shutil.which(name):
            return found
    raise RuntimeError(
        "No Chromium or Chrome on the PATH: install the Debian package `chromium` "
        "(apt-get install -y --no-install-recommends chromium fonts-dejavu-core)."
    )


@dataclass(frozen=True)
class LiveLab:
    """A running server."""

    url: str
    token: str
    root: Path
    """The folder whose notebooks it shows."""
    home: Path
    """PRIVGUARD_HOME of the server and its kernels."""

    def lab_url(self, notebook: str | None = None) -> str:
        """Where Lab opens, in a workspace of its own.

        The default one would open what an earlier page has left.
        """
        tree = f"/tree/{notebook}" if notebook else ""
        return f"{self.url}/lab/workspaces/{secrets.token_hex(4)}{tree}?token={self.token}"

    def notebook_url(self, notebook: str) -> str:
        """Where Notebook 7 opens ``notebook``."""
        return f"{self.url}/notebooks/{notebook}?token={self.token}"

    def write_notebook(self, name: str, cells: Sequence[str]) -> None:
        """Save a notebook with code cells and a kernel's name, so that Lab need not ask for one."""
        body = {
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell-{number}",
                    "metadata": {},
                    "source": source,
                    "outputs": [],
                    "execution_count": None,
                }
                for number, source in enumerate(cells)
            ],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (self.root / name).write_text(json.dumps(body))


@contextmanager
def live_lab(
    folder: Path,
    *,
    root: Path | None = None,
    app: Literal["jupyterlab", "notebook"] = "jupyterlab",
    options: Sequence[str] = (),
    **variables: str,
) -> Iterator[LiveLab]:
    """Run JupyterLab on ``root`` (default: a new folder) with all its state below ``folder``.

    ``app`` may be Notebook 7 instead; ``options`` are added to its command line, ``variables`` to its environment.

    RuntimeError with the end of its log if it does not come up; stopped with its kernels at the end.
    """
    if not (_BUNDLE / "static" / "style.js").exists():
        raise RuntimeError("The panel is not built: run `jlpm install && jlpm build:prod` in labextension/.")
    root = root or folder / "root"
    root.mkdir(parents=True, exist_ok=True)
    token, port, log = secrets.token_hex(16), _free_port(), folder / "server.log"
    lab = LiveLab(f"http://127.0.0.1:{port}", token, root, folder / "privguard")
    command = [sys.executable, "-m", app, "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root"]
    command += ["--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={root}"]
    # For `_KERNEL_IS_IDLE`.
    command.append(f"--{'LabApp' if app == 'jupyterlab' else 'JupyterNotebookApp'}.expose_app_in_browser=True")
    environment = _environment(folder, lab.home) | variables
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, *options], env=environment, cwd=folder, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait_until_up(lab, server, log)
            yield lab
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _environment(folder: Path, home: Path) -> dict[str, str]:
    """The environment of the server: nothing of this user's Jupyter, no news from the network."""
    settings = folder / "lab-settings"
    quiet = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    _write(quiet, {"fetchNews": "false", "checkForUpdates": False})
    # A server may have Notebook 7 too, which puts a button of its own above each notebook.
    _write(folder / "config" / "labconfig" / "page_config.json", {"disabledExtensions": {_SWITCHER: True}})
    extensions = folder / "share" / "labextensions"
    extensions.mkdir(parents=True, exist_ok=True)
    (extensions / "jupyter-privguard").symlink_to(_BUNDLE)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "PRIVGUARD", "IPYTHON"))}
    path = os.pathsep.join(filter(None, [str(ROOT), kept.get("PYTHONPATH")]))
    return {
        **kept,
        "PYTHONPATH": path,
        "PRIVGUARD_HOME": str(home),
        "JUPYTER_PATH": str(folder / "share"),
        "JUPYTER_CONFIG_PATH": str(ROOT / "jupyter_privguard" / "etc"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }


def _write(file: Path, content: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_up(lab: LiveLab, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{lab.url}/api/status?token={lab.token}", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not come up:\n{log.read_text(errors='replace')[-3000:]}")


def launch(playwright: Playwright) -> Browser:
    """The browser, without a window."""
    return playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox", "--disable-dev-shm-usage"])


def new_context(browser: Browser) -> BrowserContext:
    """A fresh profile with a window of 1400 × 900 in English."""
    return browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-US", accept_downloads=True)


def open_panel(page: Page) -> Locator:
    """The panel, brought to the front by its tab if it is not there yet."""
    panel = page.locator("#privguard-panel")
    tab = page.locator("li.lm-TabBar-tab[data-id='privguard-panel']")
    tab.wait_for()
    if not panel.is_visible():
        tab.click()
    panel.wait_for()
    return panel


def open_tab(panel: Locator, name: str) -> Locator:
    """The content of one of the panel's tabs, brought to the front."""
    panel.get_by_role("tab", name=name).click()
    content = panel.get_by_role("tabpanel", name=name)
    content.wait_for()
    return content


def run_command(page: Page, label: str) -> None:
    """Choose a command of the palette by its label."""
    from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

    # The palette closes when something else takes the focus, as a page that is still loading does.
    for is_last in (False, False, False, True):
        page.keyboard.press("Control+Shift+C")
        try:
            page.locator(".lm-CommandPalette-input").fill(label, timeout=_PALETTE_MS)
            page.locator(".lm-CommandPalette-item").filter(has_text=label).first.click(timeout=_PALETTE_MS)
        except PlaywrightTimeoutError:
            if is_last:
                raise
        else:
            return


def run_cells(page: Page, *, count: int, first: int = 0, timeout_s: float = 60) -> None:
    """Run ``count`` cells of the notebook in front by Shift+Enter, each until it has its number."""
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    _wait_for_kernel(page, timeout_s)
    for number in range(first, first + count):
        cell = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell").nth(number)
        cell.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        done = cell.locator(".jp-InputArea-prompt").filter(has_text=re.compile(r"\[\d+\]"))
        done.wait_for(timeout=timeout_s * 1000)


def _wait_for_kernel(page: Page, timeout_s: float) -> None:
    """Lab's own indicator says "idle" before there is a kernel; a cell that is run then is lost."""
    deadline = time.monotonic() + timeout_s
    # Not by `wait_for_function`, which takes the promise of an asynchronous function for an answer.
    while not page.evaluate(_KERNEL_IS_IDLE):
        if time.monotonic() > deadline:
            raise RuntimeError(f"The notebook had no kernel within {timeout_s:.0f} s.")
        page.wait_for_timeout(100)
