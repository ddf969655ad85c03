"""``privguard mask`` on large files: constant memory, and nothing half done whatever ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import Run

RUN = r"""
import re, sys
from pathlib import Path
from jupyter_privguard.cli.main import _run
code = _run(["mask", *sys.argv[1:]])
# Not ru_maxrss, which a process inherits from the one that started it.
print(code, re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1])
"""

# Ends itself after the third chunk, as somebody else might at that moment.
ENDED = """
import os, sys
from jupyter_privguard.frames import streaming
from jupyter_privguard.guard.files import masking as file_masking
from jupyter_privguard.cli.main import main
streaming.BLOCK = 2000
chunks = []
def counted(*args, of=file_masking.mask_table, **options):
    chunks.append(1)
    if len(chunks) == 4:
        os.kill(os.getpid(), int(sys.argv[1]))
    return of(*args, **options)
file_masking.mask_table = counted
main(["mask", *sys.argv[2:]])
"""


def child(code: str, folder: Path, *args: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PRIVGUARD_POLICY"}
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, args)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=folder,
        env=environment | {"PRIVGUARD_HOME": str(folder / "home")},
    )


def write_rows(file: Path, rows: int, *, width: int) -> None:
    words = "lorem ipsum dolor sit amet consectetur " * (1 + width // 39)
    with file.open("w") as out:
        out.write("email,amount,note\n")
        for n in range(rows):
            out.write(f"user{n}@gmail.com,{n},{chr(97 + n % 26)} {words[:width]}\n")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak of a process there")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for rows in (10_000, 50_000):
        write_rows(tmp_path / "t.csv", rows, width=2000)
        done = child(RUN, tmp_path, "t.csv", "-o", "out.csv")
        code, peak = done.stdout.split()
        assert code == "0", done.stderr
        peaks.append(int(peak))
    assert (tmp_path / "t.csv").stat().st_size > 100_000_000

    assert peaks[1] < 1.3 * peaks[0] and peaks[1] < 1_000_000


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_killed_run_leaves_no_copy_and_the_next_one_cleans_up(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, privguard: Run
) -> None:
    write_rows(tmp_path / "t.csv", 300, width=20)
    out = tmp_path / f"out.{form}"

    assert child(ENDED, tmp_path, int(signal.SIGKILL), "t.csv", "-o", out).returncode == -signal.SIGKILL
    left = list(tmp_path.glob(".out*.privguard-part"))
    assert not out.exists() and len(left) == 1 and left[0].stat().st_mode & 0o777 == 0o600

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    assert privguard("mask", "t.csv", "-o", out)[0] == 0
    assert out.exists() and not list(tmp_path.glob(".out*"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    write_rows(tmp_path / "t.csv", 300, width=20)

    done = child(ENDED, tmp_path, int(number), "t.csv", "-o", "out.csv")

    assert done.returncode == 3 and "privguard: " in done.stderr and "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "t.csv"]


def test_at_a_terminal_there_is_a_bar_and_elsewhere_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, privguard: Run
) -> None:
    write_rows(tmp_path / "t.csv", 50, width=20)
    code = "import pty, sys\npty.spawn([sys.executable, '-m', 'jupyter_privguard', 'mask', 't.csv', '-o', sys.argv[1]])"

    at_terminal = child(code, tmp_path, "a.csv").stdout
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRIVGUARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PRIVGUARD_POLICY", raising=False)
    _, _, said = privguard("mask", "t.csv", "-o", "b.csv")

    assert "masking" in at_terminal and "100%" in at_terminal and (tmp_path / "a.csv").exists()
    assert "100%" not in said and "wrote b.csv" in said
