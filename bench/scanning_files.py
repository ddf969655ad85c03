"""Saved notebooks of 100 kB looked through, beside reading their JSON and writing it anew."""

from __future__ import annotations

import base64
import json
import random

from measure import Row, in_turns

from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.scanning.contents import findings_in
from jupyter_privguard.scanning.judging import Judge

_NOTEBOOKS = 60
_BYTES = 100_000
_AIM_S = 60.0
"""Seconds for a thousand notebooks over two processes."""


def rows() -> list[Row]:
    made = [_notebook(random.Random(number)) for number in range(_NOTEBOOKS)]

    def ours() -> None:
        judge = Judge(built_in(), None, 60)  # a new one, which remembers no text of the turn before
        for data in made:
            findings_in("a.ipynb", data, judge, [])

    def theirs() -> None:
        for data in made:
            json.dumps(json.loads(data), indent=1)

    ours()  # what is made ready once is not a part of it
    mine, peer = in_turns(ours, theirs, times=3)
    thousand = mine / _NOTEBOOKS * 1000 / 2
    return [
        Row(
            "1,000 notebooks of 100 kB over two processes, worked out from one",
            f"{thousand:.0f} s",
            f"{_AIM_S:.0f} s, the aim",
            thousand / _AIM_S,
            1.0,
        ),
        Row(
            f"{_NOTEBOOKS} notebooks of 100 kB",
            f"{mine:.2f} s",
            f"`json` reads and writes them: {peer:.2f} s",
            mine / peer,
        ),
    ]


def _notebook(draw: random.Random) -> bytes:
    """Cells with code, printed numbers, a picture in every fourth, a table of persons in every fourth."""
    words = "import df = model fit train x_test 0.123 1987 2024-01-02 print the Model loss epoch 12 value plot".split()
    cells: list[object] = []
    size = 0
    while size < _BYTES:
        source = [" ".join(draw.choices(words, k=8)) + "\n" for _ in range(12)]
        printed = [f"{place}  {draw.random():.4f}  {draw.random():.4f}\n" for place in range(30)]
        outputs: list[object] = [{"output_type": "stream", "name": "stdout", "text": printed}]
        if len(cells) % 4 == 0:
            outputs.append(_shown("image/png", base64.b64encode(b"\x89PNG\r\n\x1a\n" + draw.randbytes(9000)).decode()))
        elif len(cells) % 4 == 1:
            lines = "".join(f"<tr><td>u{place}@corp.example</td><td>{place}</td></tr>" for place in range(5))
            outputs.append(_shown("text/html", f"<table><tr><th>email</th><th>n</th></tr>{lines}</table>"))
        cells.append({"cell_type": "code", "metadata": {}, "source": source, "outputs": outputs})
        size += len(json.dumps(cells[-1]))
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()


def _shown(kind: str, data: str) -> dict[str, object]:
    return {"output_type": "display_data", "metadata": {}, "data": {kind: data}}
