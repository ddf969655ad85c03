"""What leaves a kernel by each exit of the self-test: without a guard, with its peers, with ours.

The peer that masks live is told every value beforehand, which nobody can do who does not know the data yet.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from peers import alone, installed

from jupyter_privguard.selftest.channel import Goal
from jupyter_privguard.selftest.channels import ALL
from jupyter_privguard.selftest.kernel import running
from jupyter_privguard.selftest.people import COLUMNS, FILE, make_people, write_people
from jupyter_privguard.selftest.probing import Probing
from jupyter_privguard.selftest.report import Result
from jupyter_privguard.selftest.run import SETTING
from jupyter_privguard.selftest.search import Search

_SEED = 20_261
_NBMASK = f"""%load_ext nbmask
import csv, shlex
with open({FILE!r}) as told:
    values = {{value for row in csv.DictReader(told) for value in row.values()}}
get_ipython().run_line_magic("nbmask", " ".join(map(shlex.quote, values)))"""

_STARS = """import pandas as pd
SENSITIVE = ("name", "mail", "phone", "dob", "income", "iban", "ssn", "address", "card")
def stars(frame):
    hit = [column for column in frame if any(word in str(column).lower() for word in SENSITIVE)]
    return frame.assign(**{column: "****" for column in hit})
show = pd.DataFrame._repr_html_
text = pd.DataFrame.__repr__
pd.DataFrame._repr_html_ = lambda frame: show(stars(frame))
pd.DataFrame.__repr__ = lambda frame: text(stars(frame))"""


def text() -> str:
    """The section of the results."""
    people = make_people(_SEED)
    search = Search({column: people[column] for column in COLUMNS}, numbers=("income",), dates=("dob",))
    lines = [
        f"{sum(channel.goal is Goal.HIDE for channel in ALL)} exits of `privguard selftest`: outputs, replies, comms,",
        "inspections by which a kernel can be read, with made-up people. Fewer is better.\n",
        "| guard | values left by | masked or refused | not seen |",
        "|---|---|---|---|",
        _line("none", _left(people, search, [SETTING])),
        _line("stars by words in headers, at display", _left(people, search, [_STARS, SETTING])),
    ]
    if (package := installed("nbmask")) is None:
        lines.append("| nbmask, told all values | not installed: `make bench PEERS=1` | | |")
    else:
        lines.append(_line("nbmask, told all values", _left(people, search, [_NBMASK, SETTING], package)))
    ours = _left(people, search, ["%load_ext jupyter_privguard", SETTING])
    lines.append(_line("**jupyter_privguard**", ours))
    verdict = "met" if not ours[Result.LEAKED] else "**missed**"
    return "\n".join([*lines, "", f"Aim: 0 exits by which a value leaves a guarded kernel: {verdict}."]) + "\n"


def _line(guard: str, found: Counter[Result]) -> str:
    unseen = found.total() - found[Result.LEAKED] - found[Result.MASKED] - found[Result.REFUSED]
    return f"| {guard} | {found[Result.LEAKED]} | {found[Result.MASKED] + found[Result.REFUSED]} | {unseen} |"


def _left(people: dict, search: Search, setting: Sequence[str], package: Path | None = None) -> Counter[Result]:
    with tempfile.TemporaryDirectory(prefix="privguard-bench-") as root:
        folder = Path(root)
        write_people(folder / FILE, people)
        state = {"PRIVGUARD_HOME": str(folder / "home"), "IPYTHONDIR": str(folder / "ipython")}
        if package is not None:
            on_path = alone(package, folder / "beside")
            state["PYTHONPATH"] = os.pathsep.join(filter(None, [str(on_path), os.environ.get("PYTHONPATH", "")]))
        with running(folder, state) as kernel:
            probing = Probing(kernel, search, setting)
            probing.prepare()
            return Counter(probing.probe(channel).result for channel in ALL if channel.goal is Goal.HIDE)
