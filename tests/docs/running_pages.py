"""A page of the documentation, run as a reader would: in order, in one folder, one shell and one kernel.

What a page can hold:

- ``console``: lines that begin with ``$ `` are typed; lines below them are what must come, with ``…`` for anything.
- ``python`` and ``{code-cell}``: a cell of one guarded kernel. A block ``text output`` below it is what must come; a
  cell may only fail where the block says with what.
- Any block whose first line is a comment with the name of a file is that file.
- ``not-run: REASON`` behind the language: nobody can run it here, and the reason is in the list of the test.
- Other languages are looked at by nobody, and hold no command of ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

__all__ = ["Block", "Reader", "blocks"]

_TIMEOUT_S = 100
_FENCE = re.compile(r"^( *)(`{3,})([^\n`]*)\n(.*?)^\1\2`* *$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"(?:#|//|<!--) ?((?:[\w.-]+/)*[\w.-]+\.\w+)(?: -->)?")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PYTHON = ("python", "ipython3", "{code-cell}")
_FINDS = re.compile(r"privguard (?:scan|checklist|doctor|selftest|policy check)\b")
"""Commands whose exit code 1 says that there are findings."""
_END = "--- end of one command ---"


class Block(NamedTuple):
    """One fenced block of a page."""

    language: str
    info: str
    """What stands behind the language."""
    text: str
    line: int

    @property
    def first(self) -> str:
        """The first line."""
        return self.text.partition("\n")[0]

    @property
    def reason(self) -> str:
        """Why it is not run; empty where it is."""
        return self.info.removeprefix("not-run:").strip() if self.info.startswith("not-run:") else ""

    @property
    def file(self) -> str:
        """The name of the file that it is, or nothing."""
        found = _FILE.fullmatch(self.first.strip())
        return found[1] if found and self.language != "console" else ""

    @property
    def is_cell(self) -> bool:
        """Whether it is run in the kernel."""
        return self.language in _PYTHON and not self.file

    @property
    def is_output(self) -> bool:
        """Whether it says what the cell before it answers."""
        return self.language == "text" and self.info == "output"


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page in order."""
    for found in _FENCE.finditer(text):
        words = [*found[3].strip().split(maxsplit=1), "", ""]
        indent = found[1]
        body = "".join(line.removeprefix(indent) for line in found[4].splitlines(keepends=True))
        yield Block(words[0], words[1], body, text.count("\n", 0, found.start()) + 1)


class Reader:
    """Somebody who does what a page says, with a home, a folder, a shell and a kernel of their own."""

    def __init__(self, place: Path, data: Path, page: str) -> None:
        self.page = page
        self.folder = place / "work"
        self.folder.mkdir()
        for path in data.iterdir():
            shutil.copy(path, self.folder)
        bin_folder = Path(sys.executable).parent
        self._env = {
            "HOME": str(place),
            "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
            "PRIVGUARD_HOME": str(place / "privguard"),
            "IPYTHONDIR": str(place / "ipython"),
            "JUPYTER_CONFIG_DIR": str(place / "jupyter"),
            "MPLBACKEND": "agg",
            "MPLCONFIGDIR": str(place / "mpl"),
            "COLUMNS": "200",
            "LANG": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            **{
                f"GIT_{who}_{what}": "reader@example.org"
                for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")
            },
        }
        self._shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            cwd=self.folder,
            env=self._env,
            start_new_session=True,
        )
        self._manager: KernelManager | None = None
        self._client: Any = None

    def read(self, found: list[Block]) -> None:
        """Do everything in order; AssertionError names the line of the page."""
        for number, block in enumerate(found):
            if block.reason:
                continue
            if block.file:
                self.write(block.file, block.text.partition("\n")[2])
            elif block.language == "console":
                self.type(block)
            elif block.is_cell:
                below = found[number + 1] if number + 1 < len(found) else None
                self.run(block, below.text if below is not None and below.is_output else None)

    def write(self, name: str, text: str) -> None:
        """Make the file ``name``, as an editor would."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def type(self, block: Block) -> None:
        """The commands of a block, each with what must come of it."""
        for command, expected in _commands(block.text):
            said, code = self.shell(command)
            where = f"{self.page}, block at line {block.line}, `{command}`"
            allowed = (0, 1) if _FINDS.match(command) else (0,)
            assert code in allowed, f"{where} ended with {code}:\n{said}"
            assert fits(said, expected), f"{where} said\n{said}\nand the page says\n{expected}"

    def shell(self, command: str) -> tuple[str, int]:
        """What ``command`` writes to both outputs, and its exit code."""
        assert self._shell.stdin is not None and self._shell.stdout is not None
        watch = threading.Timer(_TIMEOUT_S, self._shell.kill)
        watch.start()
        try:
            self._shell.stdin.write(f"{{ {command}\n}} </dev/null\nprintf '\\n%s%s\\n' '{_END}' $?\n")
            self._shell.stdin.flush()
            lines: list[str] = []
            for line in self._shell.stdout:
                if line.startswith(_END):
                    return "".join(lines).strip(), int(line.removeprefix(_END))
                lines.append(line)
        finally:
            watch.cancel()
        raise AssertionError(f"{self.page}: `{command}` did not end within {_TIMEOUT_S} s:\n{''.join(lines)}")

    def run(self, block: Block, expected: str | None) -> None:
        """One cell; it may fail only with what is expected."""
        code = re.sub(r"\A(?::[\w-]+: .*\n)+\n?", "", block.text)
        said, ok = self.cell(code)
        where = f"{self.page}, cell at line {block.line}"
        assert ok or expected is not None, f"{where} failed:\n{said}"
        assert expected is None or fits(said, expected), f"{where} said\n{said}\nand the page says\n{expected}"

    def cell(self, code: str) -> tuple[str, bool]:
        """The text that a cell shows, and whether it went well."""
        client = self._kernel()
        said: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            said.append(content.get("text") or (content.get("data") or {}).get("text/plain") or "")
            if message["msg_type"] == "error":
                said.append("\n".join(content["traceback"]))

        reply = client.execute_interactive(code, allow_stdin=False, timeout=_TIMEOUT_S, output_hook=hear)
        return _COLOUR.sub("", "\n".join(said)), reply["content"]["status"] == "ok"

    def _kernel(self) -> Any:
        """The page's kernel, with what its shell has exported by then."""
        if self._manager is None:
            exported, _ = self.shell("env -0 | tr '\\0' '\\n'")
            env = dict(line.split("=", 1) for line in exported.splitlines() if "=" in line)
            self._manager = KernelManager()
            argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            self._manager._kernel_spec = KernelSpec(argv=argv, display_name="page", language="python")
            self._manager.start_kernel(
                cwd=str(self.folder), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            self._client = self._manager.blocking_client()
            self._client.start_channels()
            self._client.wait_for_ready(timeout=60)
        return self._client

    def events(self) -> list[dict[str, Any]]:
        """What stands in the log of the home by now."""
        path = Path(self._env["PRIVGUARD_HOME"]) / "log/privguard.db"
        if not path.exists():
            return []
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as log:
            return [json.loads(line) for (line,) in log.execute("select line from records order by seq")]

    def close(self) -> None:
        """End the shell and the kernel."""
        if self._manager is not None:
            self._client.stop_channels()
            self._manager.shutdown_kernel(now=True)
        if self._shell.stdin is not None:
            self._shell.stdin.close()
        with contextlib.suppress(ProcessLookupError):  # with all that it began and did not end
            os.killpg(self._shell.pid, signal.SIGKILL)
        self._shell.wait(timeout=30)
        if self._shell.stdout is not None:
            self._shell.stdout.close()


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command, which goes on after a backslash or up to the end of its here-document, and what stands below it."""
    lines = text.splitlines()
    while lines:
        line = lines.pop(0)
        if not line.startswith("$ "):
            continue
        command = [line[2:]]
        while command[-1].endswith("\\") and lines:
            command.append(lines.pop(0))
        if here := re.search(r"<<-? *['\"]?(\w+)['\"]?", line):
            while lines and command[-1] != here[1]:
                command.append(lines.pop(0))
        below = []
        while lines and not lines[0].startswith("$ "):
            below.append(lines.pop(0))
        yield "\n".join(command), "\n".join(below)


def fits(said: str, expected: str) -> bool:
    """Whether ``said`` holds what the page says, spaces apart; ``…`` stands for anything."""
    wanted = " ".join(expected.split())
    pattern = ".*?".join(re.escape(part.strip()) for part in wanted.split("…"))
    return re.search(pattern, " ".join(said.split()), re.DOTALL) is not None
