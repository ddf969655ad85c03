"""Several processes that append to one log at once, each as fast as it can."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

_EACH = 150
_WRITER = """
import sys, time
from pathlib import Path
from jupyter_privguard.audit.log import AuditLog
from jupyter_privguard.keys.providers.file import FileKeys
from own_log import entry
with AuditLog.open(Path(sys.argv[1]), FileKeys(Path(sys.argv[2])).load()) as log:
    log.append(entry())
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(sys.argv[3])):
        began = time.perf_counter()
        log.append(entry())
        print(time.perf_counter() - began)
"""


def waits(log: Path, keys: Path, writers: int) -> list[float]:
    """How long each append of each of so many writers took, in seconds, sorted."""
    argv = [sys.executable, "-c", _WRITER, str(log), str(keys), str(_EACH)]
    started = [
        subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent)
        for _ in range(writers)
    ]
    for one in started:
        one.stdout.readline()
    for one in started:
        one.stdin.write("\n")
        one.stdin.flush()
    return sorted(float(line) for one in started for line in one.communicate(timeout=300)[0].split())


def p99(taken: list[float]) -> float:
    """What 99 of 100 do not exceed."""
    return statistics.quantiles(taken, n=100)[98]
