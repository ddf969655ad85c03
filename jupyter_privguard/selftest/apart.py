"""The probe in a process of its own, for a kernel that has other things to do; it can be stopped at any time.

    python -m jupyter_privguard.selftest.apart [--baseline]

prints a line of JSON for each step, ``{"done": share}``, and at last ``{"report": …}`` or ``{"problem": sentence}``.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..errors import PrivguardError
from .report import Report

__all__ = ["SelfTestEnded", "main", "run_apart"]

_GRACE_S = 10
_ENDING = (signal.SIGINT, signal.SIGTERM)


class SelfTestEnded(PrivguardError):
    """The probe did not come to its end."""


def run_apart(*, baseline: bool, say: Callable[[float], object]) -> Report:
    """As `run.run_selftest`, in another process of this Python. Raises SelfTestEnded with the one sentence.

    Where it is interrupted, by KeyboardInterrupt too, the other process and its kernels end before this returns.
    """
    with subprocess.Popen(  # noqa: S603 - our own module and fixed words
        _command(baseline), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            return _followed(process, say)
        finally:
            _end(process)


def _command(baseline: bool) -> list[str]:
    return [sys.executable, "-m", __name__, *(["--baseline"] if baseline else [])]


def _followed(process: subprocess.Popen[str], say: Callable[[float], object]) -> Report:
    for line in process.stdout or ():
        try:
            told = json.loads(line)
            if "report" in told:
                return Report.from_json(told["report"])
            if "problem" in told:
                raise SelfTestEnded(f"privguard: {str(told['problem']).removeprefix('privguard: ')}")
            say(float(told["done"]))
        except (ValueError, KeyError, TypeError):  # something else that a library printed
            continue
    raise SelfTestEnded(
        "privguard: the self-test ended without a result; run `privguard selftest` in a terminal to see why."
    )


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()


def main(arguments: list[str] | None = None) -> None:
    """Run the probe and print what `run_apart` reads."""
    parser = argparse.ArgumentParser(prog="python -m jupyter_privguard.selftest.apart", description="The leak probe.")
    parser.add_argument("--baseline", action="store_true", help="ask a kernel without the guard too")
    given = parser.parse_args(arguments)
    for number in _ENDING:
        signal.signal(number, _stop)
    from .run import run_selftest

    try:
        report = run_selftest(baseline=given.baseline, say=lambda share: _tell({"done": share}))
    except PrivguardError as error:
        _tell({"problem": str(error)})
    except KeyboardInterrupt:  # whoever stopped it does not read any more
        sys.exit(3)
    else:
        _tell({"report": report.to_json()})


def _stop(number: int, frame: FrameType | None) -> None:
    for ending in _ENDING:  # once is enough: a second one must not end the tidying up
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt


def _tell(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
