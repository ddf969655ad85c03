"""Which columns hold what: labels and values of a table → one verdict a column.

Importing this loads no pattern; they are read at the first call.
"""

from __future__ import annotations

from .classifier import classify, shown_label
from .detector import DETECTORS, Detector
from .spans import Span, find_spans, redact_spans

__all__ = ["DETECTORS", "Detector", "Span", "classify", "find_spans", "redact_spans", "shown_label"]
