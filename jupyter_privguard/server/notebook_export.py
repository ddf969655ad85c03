"""The compliance file as a notebook, to be read, annotated, and run anew where the log is."""

from __future__ import annotations

import hashlib
from pathlib import Path

from jupyter_server.auth.decorator import authorized
from tornado import web

from .. import runtime
from .routes import ReportHandler

__all__ = ["ReportNotebookHandler", "export_notebook"]


def export_notebook(experiment: str, *, notebook: Path | None = None) -> dict[str, str]:
    """The compliance notebook of ``experiment`` as ``notebook``, with ``file_name`` and ``sha256``.

    Errors as `export_report`; the export is an event.
    """
    from ..report.export import file_name

    policy = runtime.policy()
    text = runtime.report(experiment, policy, notebook=notebook).notebook()
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
