"""The benchmark page: the figures as `make bench` wrote them, and their ratios against their aims as pictures."""

from __future__ import annotations

import io
import re
from typing import NamedTuple

from .files import ROOT, with_links

__all__ = ["page", "plots", "ratios"]

_TITLE = re.compile(r"^## (.+)$", re.MULTILINE)


class Ratio(NamedTuple):
    """One measure with an aim."""

    what: str
    ratio: float
    aim: float
    is_met: bool


def page() -> str:
    """bench/RESULTS.md without its title."""
    text = (ROOT / "bench/RESULTS.md").read_text(encoding="utf-8")
    return with_links(re.sub(r"\A# [^\n]*\n+", "", text), folder="bench")


def ratios(text: str) -> dict[str, list[Ratio]]:
    """By heading, the rows that have a ratio and an aim."""
    found: dict[str, list[Ratio]] = {}
    parts = _TITLE.split(text)
    for title, part in zip(parts[1::2], parts[2::2], strict=True):
        rows = [row for line in part.splitlines() if (row := _ratio(line)) is not None]
        if rows:
            found[title] = rows
    return found


def _ratio(line: str) -> Ratio | None:
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    if len(cells) != 6:
        return None
    aim = re.fullmatch(r"≤ ([\d.]+)", cells[4])
    try:
        ratio = float(cells[3])
    except ValueError:
        return None
    if aim is None:
        return None
    what = re.sub(r"[`*]", "", cells[0])
    return Ratio(what, ratio, float(aim[1]), ratio <= float(aim[1]))


def plots() -> str:
    """One picture: each ratio as a share of its aim, by heading. It stands in the page itself, in no file."""
    found = ratios((ROOT / "bench/RESULTS.md").read_text(encoding="utf-8"))
    met = sum(one.is_met for rows in found.values() for one in rows)
    total = sum(len(rows) for rows in found.values())
    return (
        f"{met} of {total} aims are met. A bar is a ratio divided by its aim: left of the line the aim is met.\n\n"
        f"```{{raw}} html\n{_picture(found)}\n```"
    )


def _picture(found: dict[str, list[Ratio]]) -> str:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "privguard", "font.family": "sans-serif"})
    rows = [(title, one) for title, several in found.items() for one in several]
    figure, axes = plt.subplots(figsize=(9, 0.27 * (len(rows) + len(found)) + 0.8))
    place, ticks, labels = 0.0, [], []
    for title, several in found.items():
        axes.text(0.012, place, title, va="center", ha="left", fontweight="bold", fontsize=8.5)
        place += 1
        for one in several:
            share = max(one.ratio / one.aim, 0.02)
            axes.barh(place, share - 0.01, left=0.01, color="#2a7f62" if one.is_met else "#c2541b", height=0.72)
            axes.text(share * 1.04, place, f"{one.ratio:g} (aim {one.aim:g})", va="center", fontsize=7)
            ticks.append(place)
            labels.append(_short(one.what))
            place += 1
    axes.axvline(1, color="#777777", linewidth=1)
    axes.set_xscale("log")
    axes.set_xlim(0.01, 20)
    axes.set_ylim(place, -1)
    axes.set_yticks(ticks, labels, fontsize=7)
    axes.set_xlabel("ratio / aim, logarithmic", fontsize=8)
    axes.tick_params(axis="x", labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)
    written = io.StringIO()
    figure.savefig(written, format="svg", bbox_inches="tight", transparent=True, metadata={"Date": None})
    plt.close(figure)
    svg = written.getvalue()
    svg = svg[svg.index("<svg") :]
    # Text and axes take the colour of the page, light or dark.
    svg = svg.replace("stroke: #000000", "stroke: currentColor")
    described = "Bars: each ratio of the tables below divided by its aim; green are met, orange are missed."
    return svg.replace("<svg ", f'<svg class="pg-plot" role="img" aria-label="{described}" ', 1)


def _short(text: str) -> str:
    return text if len(text) <= 74 else text[:73].rstrip() + "…"
