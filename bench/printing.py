"""Text on its way out: how fast it is looked through, and what a print costs in a kernel."""

from __future__ import annotations

import random
import re
import statistics
import time
from contextlib import ExitStack
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from kernels import kernel, run
from measure import Row, as_text, in_turns, seconds
from tables import SENSITIVE, people

_SIZE = 5_000_000
_LARGE = 50_000_000
_AIM_MB_S = 50
_AIM_PRINT = 3.0
_TIMES = 5
_PIECE = 4096
_WORDS = (
    "model layer training data value result error index loop function is in and to for with at by from return "
    "compute average report window panel frame batch epoch step accuracy precision started finished written"
).split()
_SHORT = "epoch 17  loss 0.0629  accuracy 0.91\n"


def harmless(kind: str, size: int) -> str:
    """So many characters in which nothing is to be found: a training log, a log with times, sentences or numbers."""
    chance = random.Random(7)
    lines = {
        "a training log": lambda n: f"epoch {n:4d}  loss 0.{n * 37 % 9973:04d}  accuracy 0.{n * 91 % 9967:04d}\n",
        "a log with times": lambda n: (
            f"2026-03-{n % 28 + 1:02d} 1{n % 10}:{n % 60:02d}:{n * 7 % 60:02d},{n % 1000:03d} INFO worker.{n % 7} "
            f"batch {n} in 0.{n % 997:03d} s\n"
        ),
        "sentences": lambda _: " ".join(chance.choices(_WORDS, k=12)).capitalize() + ".\n",
        "decimal numbers": lambda _: ",".join(f"{chance.random():.4f}" for _ in range(8)) + "\n",
    }
    line = lines[kind]
    made = "".join(line(n) for n in range(min(size // 30, 200_000)))
    return (made * (size // len(made) + 1))[:size]


_KINDS = ("a training log", "a log with times", "sentences", "decimal numbers")


def rows() -> list[Row]:
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "jupyter_privguard")
    session = shell._privguard.session
    began = time.perf_counter()
    session.clean(harmless("a training log", _SIZE), None)
    first = time.perf_counter() - began
    found = [
        Row("the first long text, with the patterns made ready", as_text(first), f"{_SIZE / 1e6:.0f} MB", None),
        *_rates(session, "nothing known"),
        _in_pieces(session, "nothing known"),
        _short(session, "nothing known"),
    ]
    table = people(200_000)[list(SENSITIVE)]
    shell.user_ns["table"] = table
    shell.display_formatter.format(table)
    known = f"{len(session.knowledge.values):,} values known"
    return [*found, *_rates(session, known), _in_pieces(session, known), _short(session, known), *_prints()]


def _rates(session: Any, known: str) -> list[Row]:
    found = []
    for kind in _KINDS:
        chosen = harmless(kind, _SIZE)
        assert session.clean(chosen, None) is chosen, "the text was to be without findings"
        ours, peer = in_turns(
            lambda chosen=chosen: session.clean(chosen, None),
            lambda chosen=chosen: re.findall(r"\w+", chosen),
            times=_TIMES,
        )
        size = len(chosen) / 1e6
        found.append(
            Row(
                f"{kind} without findings, {known}: {size / ours:.0f} MB/s",
                as_text(ours),
                f"{_AIM_MB_S} MB/s (`re.findall` of its words {size / peer:.0f} MB/s)",
                _AIM_MB_S * ours / size,
                1.0,
            )
        )
    return found


def _in_pieces(session: Any, known: str) -> Row:
    """As a program writes that prints line by line."""
    whole = harmless("a training log", _SIZE // 5)
    pieces = [whole[at : at + _PIECE] for at in range(0, len(whole), _PIECE)]
    ours, peer = in_turns(
        lambda: [session.clean(piece, None) for piece in pieces],
        lambda: [re.findall(r"\w+", piece) for piece in pieces],
        times=_TIMES,
    )
    size = len(whole) / 1e6
    return Row(
        f"a training log in pieces of {_PIECE:,} characters, {known}: {size / ours:.0f} MB/s",
        as_text(ours),
        f"`re.findall` of its words {size / peer:.0f} MB/s",
        ours / peer,
        5.0,
    )


def _short(session: Any, known: str) -> Row:
    session.clean(_SHORT, None)
    return Row(f"one short line, {known}", as_text(seconds(lambda: session.clean(_SHORT, None), times=300)), "", None)


def _prints() -> list[Row]:
    """A print of many characters in kernels side by side, asked in turns: one as it is, the others guarded."""
    tables = {"no table": 0, "200,000 × 6 known": 200_000, "1,000,000 × 6 known": 1_000_000}
    with ExitStack() as stack:
        bare = stack.enter_context(kernel())
        guarded = {name: stack.enter_context(kernel()) for name in tables}
        for name, client in guarded.items():
            run(client, "%load_ext jupyter_privguard")
            if tables[name]:
                run(client, f"from tables import SENSITIVE, people\ntable = people({tables[name]})[list(SENSITIVE)]")
                run(client, "table.head()")
        everyone = {"": bare, **guarded}
        for client in everyone.values():
            run(
                client,
                f"from printing import harmless\nlong = harmless('sentences', {_LARGE})\nprint(long[:1_000_000])",
            )
        before = {name: _mb(client, "VmRSS") for name, client in everyone.items()}
        for client in everyone.values():
            _forget_peak(client)
        took = _in_turns(everyone)
        peaks = {name: _mb(client, "VmHWM") - before[name] for name, client in everyone.items()}
    return [
        Row(
            f"`print` of {_LARGE / 1e6:.0f} MB in a kernel, {name}, {peaks[name]:+.0f} MB of memory at the peak",
            as_text(took[name]),
            f"unguarded {as_text(took[''])}, {peaks['']:+.0f} MB",
            took[name] / took[""],
            _AIM_PRINT,
        )
        for name in tables
    ]


def _in_turns(clients: dict[str, Any]) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in clients}
    for _ in range(_TIMES):
        for name, client in clients.items():
            began = time.perf_counter()
            assert len(run(client, "print(long)")) == _LARGE + 1
            taken[name].append(time.perf_counter() - began)
    return {name: statistics.median(one) for name, one in taken.items()}


def _mb(client: Any, name: str) -> float:
    """``VmRSS``, the memory that a kernel holds, or ``VmHWM``, the most since its peak was forgotten."""
    lines = run(client, "print(open('/proc/self/status').read())").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


def _forget_peak(client: Any) -> None:
    run(client, "with open('/proc/self/clear_refs', 'w') as file:\n    _ = file.write('5')")
