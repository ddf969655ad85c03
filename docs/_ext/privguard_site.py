"""What pages leave to the code: a line ``<!-- written: NAME -->`` is replaced by what `written` says, as it is read.

Nothing of it lies in a file, so nothing of it can be old.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Any

from written import PARTS

__all__ = ["filled", "setup"]

_PLACE = re.compile(r"^<!-- written: ([\w ]+)(?:: (\S+))? -->$", re.MULTILINE)

_EXPECTED = re.compile(r"^```text output\n.*?^```\n", re.DOTALL | re.MULTILINE)
"""What the tests hold outputs against; a page that is run shows the outputs themselves."""


def filled(text: str) -> str:
    """``text`` with every place in it filled; KeyError for a part that nobody writes."""
    return _PLACE.sub(lambda place: PARTS[place[1]](place[2]) if place[2] else PARTS[place[1]](), text)


def _read(app: Any, name: str, source: list[str]) -> None:
    if "\nfile_format: mystnb\n" in source[0]:
        source[0] = _EXPECTED.sub("", source[0])
    if _PLACE.search(source[0]):
        source[0] = filled(source[0])
        app.env.note_reread()


def _of_its_own(app: Any) -> None:
    """Pages that are run have keys and a log of their own, which go when the site is built."""
    app.privguard_home = tempfile.TemporaryDirectory(prefix="privguard-docs-")
    place = Path(app.privguard_home.name)
    os.environ["PRIVGUARD_HOME"] = str(place / "home")
    os.environ["IPYTHONDIR"] = str(place / "ipython")
    os.environ.pop("PRIVGUARD_POLICY", None)


def setup(app: Any) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", _of_its_own)
    app.connect("source-read", _read, priority=1)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
