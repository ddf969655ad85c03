"""The parts of pages that are made from the code when the site is built, by name."""

from __future__ import annotations

from collections.abc import Callable

from . import bench, commands, controls, entities, events, files, masks, policy, settings

__all__ = ["PARTS"]

PARTS: dict[str, Callable[..., str]] = {
    "bench": bench.page,
    "bench plots": bench.plots,
    "commands": commands.page,
    "controls": controls.controls,
    "entities": entities.page,
    "events": events.page,
    "events of the server": events.server_page,
    "file": files.page,
    "magics": commands.magics,
    "masks": masks.page,
    "notebook": files.notebook,
    "packs": controls.packs,
    "policy": policy.page,
    "policy starter": policy.starter,
    "settings": settings.page,
}
"""Each is a function to Markdown; some take the name of a file."""
