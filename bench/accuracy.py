"""How well columns are classified, beside peers: ``python bench/accuracy.py --classifier module:function --seed N``.

Prints F1 and more a variant for any classifier; see ``labelled`` for what is asked and what counts as right. As a part
of ``make bench`` it runs every peer whose package can be imported, and tells of our own verdicts how far their
confidence can be believed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import labelled
from scoring import Answer, Run, overconfident, reliability, run

SEED, TABLES = 20_261, 40
"""The corpus of the comparison: so many tables of persons, as many without, each in four variants."""
MORE = (20_262, 20_263, 20_264)
"""Further seeds for what is said of confidence."""
_NOT_INSTALLED = 3
_HERE = Path(__file__).parent
_AIMS = {"intact": 0.90, "noheader": 0.92, "mislead": 0.87, "dirty": 0.88}
_ALARMS = 1.0


@dataclass(frozen=True)
class Peer:
    """One line of the comparison."""

    module: str
    name: str
    note: str = ""


PEERS = (
    Peer("header_words", "twenty-six English words in headers"),
    Peer("value_patterns", "six regular expressions over values"),
    Peer("commonregex_peer", "commonregex"),
    Peer("scrubadub_peer", "scrubadub"),
    Peer("presidio_peer", "Presidio", "patterns only: its language model is in no package"),
    Peer("dataprofiler_peer", "DataProfiler", "with the model in its package"),
)


def text() -> str:
    """The section of the results."""
    ours = json.loads(_measured("peers.privguard:classify") or "{}")
    lines = [
        f"{ours['tables']} frames from `bench/labelled` (seed {SEED}, corpus {ours['corpus']}), the same for all:",
        "tables of persons in eleven languages and tables without persons, as made, without header, with the header of",
        "another column, and dirty. F1: sensitive or not; entity F1: mean over entities; alarms: per 100 harmless",
        "columns; direct: recall of direct identifiers. A peer that reads one cell at a time gets 25 cells a column.\n",
        "| classifier | variant | F1 | precision | recall | entity F1 | alarms | direct | ms a table | cells/s |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *_lines("**jupyter_privguard**", ours),
    ]
    absent = []
    for peer in PEERS:
        try:
            found = _measured(f"peers.{peer.module}:classify")
        except (RuntimeError, subprocess.TimeoutExpired):
            absent.append(f"{peer.name} (there, but it failed)")
            continue
        if found is None:
            absent.append(peer.name)
            continue
        figures = json.loads(found)
        if figures["corpus"] != ours["corpus"]:
            absent.append(f"{peer.name} (its environment makes another corpus)")
            continue
        lines += _lines(peer.name + (f" ({peer.note})" if peer.note else ""), figures)
    lines.append(f"\nNot measured, since not installed or as told: {', '.join(absent)}.\n" if absent else "")
    return "\n".join([*lines, *_aims(ours), "", *_confidence()]) + "\n"


def _measured(classifier: str) -> str | None:
    """The figures of one classifier as JSON, from a process of its own; None where its package is not installed."""
    command = [_python(classifier), __file__, "--classifier", classifier, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode == _NOT_INSTALLED:
        return None
    if done.returncode:
        raise RuntimeError(f"{classifier}: {done.stderr[-2000:]}")
    return done.stdout.splitlines()[-1]


def _python(classifier: str) -> str:
    """Peers live in ``.venv/peers`` where there is one."""
    theirs = _HERE.parent / ".venv" / "peers" / "bin" / "python"
    return str(theirs) if theirs.exists() and classifier.partition(":")[0].endswith("_peer") else sys.executable


def _lines(name: str, figures: dict[str, Any]) -> list[str]:
    name += f", raised at {figures['raised']} frames" if figures["raised"] else ""
    lines = []
    for place, (variant, got) in enumerate(figures["variants"].items()):
        speed = f"{1000 * figures['seconds_a_table']:.1f} | {figures['cells_per_second']:,.0f}" if place == 0 else "|"
        numbers = " | ".join(f"{got[key]:.2f}" for key in ("f1", "precision", "recall", "entity_f1"))
        numbers += f" | {got['alarms_per_100']:.1f} | {got['direct_recall']:.2f}"
        lines.append(f"| {name if place == 0 else ''} | {variant} | {numbers} | {speed} |")
    return lines


def _aims(figures: dict[str, Any]) -> list[str]:
    lines = ["| what | figure | aim | |", "|---|---|---|---|"]
    for variant, got in figures["variants"].items():
        lines.append(_aim(f"F1, {variant}", got["f1"], _AIMS[variant], is_met=got["f1"] >= _AIMS[variant], sign="≥"))
    for variant, got in figures["variants"].items():
        alarms = got["alarms_per_100"]
        lines.append(
            _aim(f"alarms per 100 harmless columns, {variant}", alarms, _ALARMS, is_met=alarms <= _ALARMS, sign="≤")
        )
    direct = figures["variants"]["intact"]["direct_recall"]
    return [*lines, _aim("recall of direct identifiers, intact", direct, 0.92, is_met=direct >= 0.92, sign="≥")]


def _aim(what: str, figure: float, aim: float, *, is_met: bool, sign: str) -> str:
    return f"| {what} | {figure:.2f} | {sign} {aim:g} | {'met' if is_met else '**missed**'} |"


def _confidence() -> list[str]:
    """What our confidence is worth."""
    from peers import privguard

    found = Run()
    for seed in (SEED, *MORE):
        found.answers += run(privguard.classify, labelled.cases(seed, count=TABLES)).answers
    sure = [a for a in found.answers if a.entity != labelled.NONE and a.confidence >= 0.9]
    share = sum(a.is_right for a in sure) / max(1, len(sure))
    bins, verdict = reliability(found.answers), "met" if share >= 0.9 else "**missed**"
    lines = [
        f"Confidence, over {len(found.answers):,} columns of {1 + len(MORE)} seeds, all variants: how many of the",
        f"verdicts that name an entity are right. At 0.9 and above {share:.1%}, aim ≥ 90 %: {verdict}.\n",
        "| confidence | verdicts | mean confidence | right |",
        "|---|---|---|---|",
        *(f"| {a:.1f} to {b:.1f} | {n} | {mean:.2f} | {right:.2f} |" for a, b, n, mean, right in bins),
    ]
    for variant in labelled.VARIANTS:
        of_it = [a for a in sure if a.case.variant == variant]
        mean, right = (sum(values) / max(1, len(of_it)) for values in _sums(of_it))
        lines.append(f"| 0.9 to 1.0, {variant} | {len(of_it)} | {mean:.2f} | {right:.2f} |")
    if worst := overconfident(found.answers):
        said = ", ".join(f"{entity} {right:.2f} of {n}" for entity, n, _, right in worst)
        lines.append(f"\nEntities of which fewer than nine in ten are right at 0.9 and above: {said}.")
    return [*lines, "", *_by_place(found.answers)]


def _by_place(answers: list[Answer]) -> list[str]:
    """F1 of our own verdicts on tables of persons, by language and country."""
    lines = ["| persons' tables of | F1 intact | noheader | mislead |", "|---|---|---|---|"]
    for place in labelled.PLACES:
        of_it = Run([a for a in answers if a.case.table.of_persons and f"/{place.tag}/" in a.case.table.name])
        tallies = of_it.by_variant()
        scores = (f"{tallies[variant].f1:.2f}" for variant in ("intact", "noheader", "mislead"))
        lines.append(f"| {place.tag} | {' | '.join(scores)} |")
    return lines


def _sums(answers: list[Answer]) -> tuple[list[float], list[bool]]:
    """Confidences, and whether each is right."""
    return [a.confidence for a in answers], [a.is_right for a in answers]


def _command() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classifier", default="peers.privguard:classify", help="module:function")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--tables", type=int, default=TABLES, help="tables of persons, and as many without")
    parser.add_argument("--json", action="store_true", help="figures as one line of JSON")
    options = parser.parse_args()
    module, _, function = options.classifier.partition(":")
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - a path entry is a string
    try:
        classifier = getattr(importlib.import_module(module), function or "classify")
    except ImportError as missing:
        print(f"{options.classifier} cannot be imported: {missing}", file=sys.stderr)
        raise SystemExit(_NOT_INSTALLED) from None
    found = run(classifier, labelled.cases(options.seed, count=options.tables))
    figures = {
        "corpus": labelled.digest(options.seed, count=options.tables),
        "tables": found.tables,
        "raised": found.raised,
        "seconds_a_table": found.seconds / found.tables,
        "cells_per_second": found.cells / found.seconds,
        "variants": {variant: tally.figures() for variant, tally in found.by_variant().items()},
    }
    if options.json:
        print(json.dumps(figures))
        return
    print(f"corpus {figures['corpus']}: {found.tables} frames, {found.seconds / found.tables:.4f} s a frame, "
          f"{figures['cells_per_second']:,.0f} cells/s, raised at {found.raised}")  # fmt: skip
    for variant, got in figures["variants"].items():
        print(f"{variant:10}", *(f"{name} {value:.3f}" for name, value in got.items()), sep="  ")


if __name__ == "__main__":
    _command()
