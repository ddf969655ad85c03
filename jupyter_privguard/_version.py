"""The version, readable without a look into installed metadata."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
