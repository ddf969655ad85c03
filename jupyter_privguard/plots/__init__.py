"""Pictures drawn by other libraries: the only place that knows plotting libraries. Imports none of them by itself."""

from __future__ import annotations

from .drawing import drawing_for, masked_for
from .masker import PlotMasker
from .pil_images import is_marked
from .vega_json import is_spec
from .watch import PlotWatcher, watch

__all__ = ["PlotMasker", "PlotWatcher", "drawing_for", "is_marked", "is_spec", "masked_for", "watch"]
