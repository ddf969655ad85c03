"""Files of the repository as pages: their text, with links that lead to pages."""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path

from .markdown import fence

__all__ = ["PAGES", "ROOT", "notebook", "page", "with_links"]

ROOT = Path(__file__).parents[3]

PAGES = {
    "ARCHITECTURE.md": "architecture.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "README.md": "readme.md",
    "SECURITY.md": "threat-model.md",
    "bench/RESULTS.md": "benchmarks.md",
}
"""The pages on which files outside of docs/ are shown."""

_LINK = re.compile(r"(?<!\!)\]\((?!https?:|#|mailto:)([^)\s#]+)(#[^)\s]*)?\)")


def page(name: str) -> str:
    """The file ``name`` without its title, which the page has itself."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return with_links(re.sub(r"\A# [^\n]*\n+", "", text), folder=posixpath.dirname(name))


def with_links(text: str, *, folder: str = "") -> str:
    """``text`` of a file in ``folder`` with its links as a page of docs/ has them."""

    def led(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, link[1]))
        return f"]({_page_of(target)}{link[2] or ''})"

    return _LINK.sub(led, text)


def _page_of(path: str) -> str:
    if path.startswith("notebooks/") and path.endswith(".ipynb"):
        return f"notebooks/{Path(path).stem}.md"
    return PAGES.get(path, path.removeprefix("docs/") if path.startswith("docs/") else f"../{path}")


def notebook(name: str) -> str:
    """The notebook ``name`` as text: what it says, and its cells as code. It is run in the tests, not here."""
    cells = json.loads((ROOT / "notebooks" / name).read_text(encoding="utf-8"))["cells"]
    return "\n\n".join(_cell(cell) for cell in cells if "".join(cell["source"]).strip())


def _cell(cell: dict[str, object]) -> str:
    text = "".join(cell["source"])  # type: ignore[arg-type]
    return text if cell["cell_type"] == "markdown" else fence(text, "ipython3")
