"""The probes, a file for each kind of exit."""

from __future__ import annotations

from ..channel import Channel
from . import errors, harmless, libraries, plots, programs, replies, screen, statistics, text, widgets

__all__ = ["ALL"]

ALL: tuple[Channel, ...] = tuple(
    channel
    for part in (screen, text, errors, replies, widgets, statistics, plots, programs, libraries, harmless)
    for channel in part.CHANNELS
)
"""In the order of the table; later ones may use what the cells of earlier ones of their group left."""
