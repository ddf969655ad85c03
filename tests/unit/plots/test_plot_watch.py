"""Libraries that cannot be hooked are refused with a sentence, and nothing is imported for the hooks."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jupyter_privguard.plots import watch


def test_a_version_without_what_is_hooked_is_refused(monkeypatch):
    from matplotlib import figure

    monkeypatch.delattr(figure, "Figure")
    with pytest.raises(ImportError, match=r"^privguard: .*matplotlib\.figure.*AttributeError"):
        watch(object())  # type: ignore[arg-type]


def test_no_plotting_library_is_imported_for_the_hooks():
    code = (
        "import sys; from jupyter_privguard.plots import watch; watch(None)\n"
        "print([m for m in ('matplotlib', 'plotly', 'altair', 'PIL', 'numpy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
