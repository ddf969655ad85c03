"""Text: everything that is printed, by whatever road it comes to the screen."""

from __future__ import annotations

from ..channel import REPLY, SHOWN, STREAM, Channel

__all__ = ["CHANNELS"]

_GROUP = "text"
_WAIT = "import time; time.sleep(0.3)"


def _prints(name: str, *cells: str, needs: tuple[str, ...] = (), is_silent: bool = False) -> Channel:
    return Channel(name, _GROUP, cells, STREAM, needs=needs, is_silent=is_silent)


CHANNELS = (
    _prints("print of a table", "print(people.head())"),
    _prints("print of values", "print(name, income, sep=';')"),
    _prints("f-string", "print(f'{name:>30} <{email}>')"),
    _prints("loop over rows", "for row in people.head(3).itertuples():\n    print(row.full_name, row.phone)"),
    _prints("to_csv on screen", "print(people.head(3).to_csv(index=False))"),
    _prints("to_string", "print(people.head(3).to_string())"),
    _prints("to_json for a data viewer", "print(people.iloc[:3].to_json(orient='table', date_format='iso'))"),
    _prints("chunk by chunk", "for letter in email:\n    print(letter, end='', flush=True)\nprint()"),
    _prints("progress line", "for who in people.full_name[:3]:\n    print('\\rnow', who, end='', flush=True)\nprint()"),
    _prints("standard error", "import sys\nprint(email, file=sys.stderr)"),
    _prints("sys.__stdout__", "import sys\nsys.__stdout__.write(email + '\\n')\nsys.__stdout__.flush()\nprint('.')"),
    _prints("file descriptor", f"import os\nos.write(1, (email + '\\n').encode())\n{_WAIT}\nprint('.')"),
    _prints("logging", "import logging\nlogging.getLogger('etl').error('duplicate of %s', name)"),
    _prints("warnings", "import warnings\nwarnings.warn(f'no consent from {name}')"),
    _prints("pprint", "from pprint import pprint\npprint(people.head(2).to_dict('records'), width=60)"),
    _prints(
        "thread",
        "import threading\nworker = threading.Thread(target=print, args=(people.phone[2],))\n"
        "worker.start(); worker.join()",
    ),
    _prints("thread, after its cell", "threading.Timer(0.1, print, (people.street[2],)).start()", _WAIT),
    _prints(
        "asyncio task, after its cell",
        "import asyncio\nasync def later():\n    await asyncio.sleep(0.05)\n    print(people.full_name[9])\n"
        "task = asyncio.ensure_future(later())",
        "await asyncio.sleep(0.2)",
    ),
    _prints("captured, then shown", "%%capture caught\nprint(name)", "caught.show()"),
    _prints("silent cell", "print(people.email[1])", is_silent=True),
    _prints("%whos", "%whos"),
    Channel(
        "colours (rich)",
        _GROUP,
        ("from rich import print as colourful\ncolourful({'owner': name})",),
        (*STREAM, *SHOWN),
        needs=("rich",),
    ),
    _prints(
        "progress bar (tqdm)",
        "from tqdm import tqdm\nfor who in tqdm(people.full_name[:2], desc=name):\n    pass",
        needs=("tqdm",),
    ),
    _prints("tabulate", "print(people.head(2).to_markdown())", needs=("tabulate",)),
    Channel("set_next_input", _GROUP, ("get_ipython().set_next_input(f'# ask {name}')",), REPLY),
)
