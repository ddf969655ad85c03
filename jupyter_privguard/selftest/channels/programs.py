"""Other programs and files: what commands print, and what is read from a file without a table."""

from __future__ import annotations

from ..channel import SHOWN, STREAM, Channel

__all__ = ["CHANNELS"]

_GROUP = "programs and files"


def _prints(name: str, code: str, *, needs: tuple[str, ...] = ()) -> Channel:
    return Channel(name, _GROUP, (code,), STREAM, needs=needs)


CHANNELS = (
    _prints("!echo", "!echo $name"),
    _prints("!cat of a file", "!cat selftest_people.csv"),
    _prints("%%bash", "%%bash\nhead -n 4 selftest_people.csv"),
    _prints(
        "captured subprocess",
        "import subprocess, sys\nprint(subprocess.run([sys.executable, '-c', 'import sys; print(sys.argv[1])', email], "
        "capture_output=True, text=True).stdout)",
    ),
    _prints(
        "output of a subprocess",
        "import subprocess, sys, time\n"
        "subprocess.run([sys.executable, '-c', 'print(open(\"selftest_people.csv\").read())'])\n"
        "time.sleep(0.2)\nprint('.')",
    ),
    _prints("os.system", "import os, time\nos.system('head -n 3 selftest_people.csv')\ntime.sleep(0.2)\nprint('.')"),
    _prints("lines of a file", "with open('selftest_people.csv') as file:\n    print(*list(file)[1:4])"),
    Channel(
        "rows of a csv reader",
        _GROUP,
        ("import csv\nwith open('selftest_people.csv') as file:\n    rows = list(csv.DictReader(file))\nrows[3]",),
        SHOWN,
    ),
    Channel(
        "rows of a database",
        _GROUP,
        (
            "import sqlite3\nbase = sqlite3.connect(':memory:')\npeople.to_sql('people', base, index=False)\n"
            "base.execute('select full_name, ssn from people limit 3').fetchall()",
        ),
        SHOWN,
    ),
)
