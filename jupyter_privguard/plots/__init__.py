"""Pictures drawn by other libraries: the only place that knows plotting libraries. Imports none of them by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._later import names_of
from .watch import PlotWatcher, watch

if TYPE_CHECKING:
    from .drawing import drawing_for, masked_for
    from .masker import PlotMasker
    from .pil_images import is_marked
    from .vega_json import is_spec

__all__ = ["PlotMasker", "PlotWatcher", "drawing_for", "is_marked", "is_spec", "masked_for", "watch"]

__getattr__ = names_of(
    __name__,
    {
        "drawing": ("drawing_for", "masked_for"),
        "masker": ("PlotMasker",),
        "pil_images": ("is_marked",),
        "vega_json": ("is_spec",),
    },
)
