"""What was acknowledged is what the disk holds, whoever is killed and whenever the power fails."""

from __future__ import annotations

import random
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.audit.reader import LogReader
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.keys.keyring import KeyRing

Python = Callable[..., "subprocess.Popen[str]"]
Reader = Callable[[], LogReader]

_WRITER = """
import shutil, tempfile
from jupyter_privguard.audit.stores import sqlite
image = folder.parent / "disk"
real = sqlite._fdatasync
def power_cut_from_here_on(handle):
    # What a disk holds once it has answered: the files as they were when it was asked.
    made = Path(tempfile.mkdtemp(dir=image, prefix="making-"))
    for name in ("privguard.db", "privguard.db-wal"):
        (made / name).write_bytes((folder / name).read_bytes().rstrip(b"\\0"))
    real(handle)
    made.rename(image / f"kept-{made.name}")
sqlite._fdatasync = power_cut_from_here_on
sqlite._NOTHING = bytes(4096)
log = AuditLog.open(folder, ring)
sys.stdin.read(1)
for number in range(1000):
    print(log.append(make(number=number))["seq"], flush=True)
"""


def test_what_was_acknowledged_outlasts_killed_writers_and_a_power_cut(
    folder: Path, keyring: KeyRing, python: Python, reader: Reader, tmp_path: Path
) -> None:
    image = tmp_path / "disk"
    image.mkdir()
    AuditLog.open(folder, keyring).close()
    writers = [python(_WRITER, folder, f"w{number}") for number in range(5)]
    for one in writers:
        assert one.stdin is not None
        one.stdin.write("x")
        one.stdin.flush()
    acknowledged: list[int] = []
    chance = random.Random(7)
    for one in writers:  # in turns, each at another point of its work
        assert one.stdout is not None
        acknowledged += [int(one.stdout.readline()) for _ in range(chance.randrange(3, 9))]
        one.send_signal(signal.SIGKILL)
    for one in writers:
        assert one.stdout is not None
        acknowledged += map(int, one.stdout.read().split())
        one.communicate(timeout=60)

    kept = list(image.glob("kept-*"))
    sizes = [verify(LogReader.open(path, keyring.vkey)).size for path in kept]

    assert len(acknowledged) == len(set(acknowledged)) >= 15
    assert max(sizes) >= max(acknowledged)
    assert verify(reader()).size >= max(acknowledged)
    with AuditLog.open(folder, keyring) as log:
        assert log.append({**verify(reader()).events[0], "number": -1})["seq"] > max(acknowledged)
