"""A lineage to look at: as text for a terminal, as SVG for a page.

The SVG has no script and no style sheet: lines and letters take the colour of the text around, and what
the picture shows stands in its title and description too.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from .._listing import first_of
from .lineage import BASES, Frame, Lineage

__all__ = ["as_svg", "as_text"]

_LINE, _HEAD, _LETTER, _GAP, _AWAY, _EDGE = 18, 26, 7, 24, 90, 10
"""In pixels: a line of text, a frame's heading, a letter's width, between frames, between layers, around all."""
_LONGEST = 34
_MOST = 6


def as_text(found: Lineage) -> str:
    """Each frame with its columns, what they hold and what they come from; without a last line break."""
    return "\n\n".join(_frame_text(frame, found) for frame in found.frames)


def as_svg(found: Lineage) -> str:
    """The frames as boxes, sources on the left, and a line from each column to those made of it."""
    layers = _layers(found)
    places, width, height = _places(found, layers)
    edges = "".join(_edges(found, places))
    boxes = "".join(_box(frame, *places[number]) for number, frame in enumerate(found.frames))
    title = escape(f"Where the columns of {found.asked} come from")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="12" fill="currentColor" stroke="none">'
        f"<title>{title}</title><desc>{escape(as_text(found))}</desc>{edges}{boxes}</svg>\n"
    )


def _frame_text(frame: Frame, found: Lineage) -> str:
    lines = [(c.label, c.entity, _origins_text(number, frame, found)) for number, c in enumerate(frame.columns)]
    widths = [max((len(line[i]) for line in lines), default=0) for i in range(2)]
    rows = ["  " + "  ".join((line[0].ljust(widths[0]), line[1].ljust(widths[1]), line[2])).rstrip() for line in lines]
    return "\n".join([_heading(frame), *rows])


def _heading(frame: Frame) -> str:
    names = ", ".join(v for v in frame.variables if v != frame.name)
    called = f", in the notebook {names}" if names else ""
    cell = f" in cell [{frame.cell}]" if frame.cell else ""
    what = f"read from {frame.source}" if frame.source else "made"
    return f"{frame.name}{called}: {what}{cell} by {frame.who}, {frame.time}, event {frame.seq}"


def _origins_text(number: int, frame: Frame, found: Lineage) -> str:
    origins = frame.columns[number].origins
    if not origins:
        return "" if frame.source else "not known"
    names = [f"{_called(found.frames[origin.frame], found)}.{origin.label}" for origin in origins]
    basis = "" if origins[0].basis == "recorded" else f" ({BASES[origins[0].basis]})"
    return f"from {first_of(names, _MOST)}{basis}"


def _called(frame: Frame, found: Lineage) -> str:
    """A frame's name, with its source where another one has that name."""
    is_alone = sum(one.name == frame.name for one in found.frames) == 1
    return frame.name if is_alone or not frame.source else f"{frame.name} ({frame.source})"


def _layers(found: Lineage) -> list[int]:
    """How far each frame is from the one that was asked for: the longest way, so that lines go one way."""
    layers = [0] * len(found.frames)
    for _ in found.frames:  # as many rounds as a way can be long: also a circle comes to an end
        for number, frame in enumerate(found.frames):
            for origin in (o for column in frame.columns for o in column.origins):
                layers[origin.frame] = min(max(layers[origin.frame], layers[number] + 1), len(found.frames) - 1)
    return layers


def _places(found: Lineage, layers: list[int]) -> tuple[list[tuple[int, int, int]], int, int]:
    """Left edge, top and width of each frame, and the size of the whole."""
    widths = [_width(frame) for frame in found.frames]
    deepest = max(layers)
    lefts, left = {}, _EDGE
    for layer in range(deepest, -1, -1):
        lefts[layer] = left
        left += max((w for w, own in zip(widths, layers, strict=True) if own == layer), default=0) + _AWAY
    tops = dict.fromkeys(range(deepest + 1), _EDGE)
    places = []
    for number, frame in enumerate(found.frames):
        layer = layers[number]
        places.append((lefts[layer], tops[layer], widths[number]))
        tops[layer] += _HEAD + _LINE * len(frame.columns) + _GAP
    return places, left - _AWAY + _EDGE, max(tops.values()) - _GAP + _EDGE


def _width(frame: Frame) -> int:
    texts = [frame.name, *(_label(c.label, c.entity) for c in frame.columns)]
    return 20 + _LETTER * max(len(_short(text)) for text in texts)


def _edges(found: Lineage, places: list[tuple[int, int, int]]) -> Iterator[str]:
    for number, frame in enumerate(found.frames):
        for row, column in enumerate(frame.columns):
            for origin in column.origins:
                labels = [c.label for c in found.frames[origin.frame].columns]
                if origin.label in labels:
                    start = _middle(places[origin.frame], labels.index(origin.label), is_right=True)
                    yield _edge(start, _middle(places[number], row, is_right=False), origin.basis)


def _edge(start: tuple[int, int], end: tuple[int, int], basis: str) -> str:
    (x, y), (to_x, to_y), half = start, end, (start[0] + end[0]) // 2
    dashes = "" if basis == "recorded" else ' stroke-dasharray="4 3"'
    return (
        f'<path d="M{x} {y}C{half} {y} {half} {to_y} {to_x} {to_y}" fill="none" stroke="currentColor" '
        f'stroke-opacity="0.5"{dashes}><title>{escape(BASES[basis])}</title></path>'
    )


def _middle(place: tuple[int, int, int], row: int, *, is_right: bool) -> tuple[int, int]:
    left, top, width = place
    return left + (width if is_right else 0), top + _HEAD + _LINE * row + _LINE // 2


def _box(frame: Frame, left: int, top: int, width: int) -> str:
    height = _HEAD + _LINE * len(frame.columns)
    rows = "".join(
        f'<text x="{left + 10}" y="{top + _HEAD + _LINE * row + 13}">{escape(_short(_label(c.label, c.entity)))}</text>'
        for row, c in enumerate(frame.columns)
    )
    title = f"<title>{escape(_heading(frame))}</title>"
    return (
        f'<g>{title}<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="3" '
        f'fill="none" stroke="currentColor"/><text x="{left + 10}" y="{top + 17}" font-weight="bold">'
        f"{escape(_short(frame.name))}</text>{rows}</g>"
    )


def _label(label: str, entity: str) -> str:
    return f"{label}  {entity}" if entity else label


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
