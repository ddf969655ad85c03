"""The compliance file as a notebook: the sections of the finished page, one cell each, to be read on and annotated."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .. import runtime
from .routes import ReportHandler

__all__ = ["ReportNotebookHandler", "as_notebook", "export_notebook"]

_SECTION = re.compile(r'<section id="([a-z-]+)">(.*?)</section>', re.DOTALL)
_FOOTER = re.compile(r"<footer>(.*?)</footer>", re.DOTALL)
_BLANK = re.compile(r"\n[ \t]*(?=\n)")
"""A blank line ends HTML in Markdown, also within a listing."""


def as_notebook(page: str, experiment: str) -> str:
    """The notebook, as the text of its file, for a ``page`` that `runtime.report_page` has made and checked.

    It holds what the page shows and nothing else, so what was checked of the page is so of the notebook.
    """
    from nbformat import v4, writes

    title = f"# Evidence for {_escaped(experiment)}"
    cells: list[Any] = [v4.new_markdown_cell(title, id="title")]
    for section, content in _SECTION.findall(page):
        source = _BLANK.sub("\n<!-- -->", f"<div>{content.strip()}</div>")
        about = {"privguard": {"section": section}}
        cells.append(v4.new_markdown_cell(source, id=f"section-{section}", metadata=about))
    cells += [v4.new_markdown_cell(f"<div>{text}</div>", id="made") for text in _FOOTER.findall(page)]
    # With the name of a kernel, so that nobody who opens it is asked for one.
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "privguard": {"experiment": experiment}}
    text: str = writes(v4.new_notebook(cells=cells, metadata=metadata))
    return text


def _escaped(text: str) -> str:
    """``text`` as itself in Markdown, whatever it holds."""
    return re.sub(r"([^\w\s])", lambda found: f"&#{ord(found[0])};", " ".join(text.split()))


def export_notebook(experiment: str, *, notebook: Path | None = None) -> dict[str, str]:
    """The compliance notebook of ``experiment`` as ``notebook``, with ``file_name`` and ``sha256``.

    Errors as `export_report`; the export is an event.
    """
    from ..report.export import file_name

    policy = runtime.policy()
    text = as_notebook(runtime.report_page(experiment, policy, notebook=notebook), experiment)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    name = file_name(experiment).removesuffix(".html") + ".ipynb"
    runtime.record("report.export", policy, experiment=experiment, path=name, sha256=sha256)
    return {"experiment": experiment, "file_name": name, "sha256": sha256, "notebook": text}


class ReportNotebookHandler(ReportHandler):
    """``POST report/notebook``: the compliance file of an experiment as a notebook."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Body as that of ``POST report``."""
        experiment, path = self._wanted()
        notebook = await self._notebook(path) if path is not None else None
        await self.answer(lambda: export_notebook(experiment, notebook=notebook))
