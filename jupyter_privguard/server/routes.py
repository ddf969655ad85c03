"""The panel's routes under ``/privguard/api/v1``: authenticated, authorised, JSON in and out.

The resource for the server's authorizer is ``privguard``. Everything that blocks runs in a worker
thread, so that the server's loop goes on.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import ApiPath, to_os_path, url_path_join
from tornado import web

from .. import runtime
from ..audit.reconcile import Gap
from ..errors import PrivguardError
from .contents import GuardedContents
from .exporting import export_report
from .journal import Journal
from .kernels import GuardedKernels
from .people import person
from .problems import Problem, problem_of, problem_of_status

__all__ = ["LARGEST_BODY", "ROOT", "PrivguardHandler", "handlers"]

_T = TypeVar("_T")

ROOT = "/privguard/api/v1"
"""What every route begins with, below the server's base URL."""
LARGEST_BODY = 64 * 1024
"""Bytes that any of them takes."""
_LARGEST_SEQ = 2**53 - 1
_LONGEST_EXPERIMENT = 200
_MOST_GAPS = 300
_START_BLUR = timedelta(seconds=2)
"""The system knows the start of a process to the second only, and a guard is never loaded sooner."""
_KERNEL_ID = re.compile(r"[0-9A-Za-z_]{1,40}(?:-[0-9A-Za-z_]{1,40}){4}")


class _StopError(Exception):
    """Ends a request with a problem."""

    def __init__(self, status: int, code: str, message: str, hint: str) -> None:
        super().__init__(code)
        self.problem = Problem(status, code, f"privguard: {message}", hint)


class PrivguardHandler(APIHandler):
    """What the routes share: JSON errors, no caching, work in threads."""

    auth_resource = "privguard"

    @property
    def journal(self) -> Journal:
        """The server's one reader of the log."""
        journal: Journal = self.settings["privguard_journal"]
        return journal

    def set_default_headers(self) -> None:
        """Nothing of an answer is to be kept by a browser or proxy."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")

    async def prepare(self) -> None:
        """No route takes a larger body than the largest."""
        await super().prepare()
        if len(self.request.body) > LARGEST_BODY:
            raise _StopError(413, "too_large", "the body is larger than 64 KiB.", "Send what the route asks for only.")

    async def answer(self, work: Callable[[], _T]) -> None:
        """Send what ``work`` returns, or the problem that it raised; run in a thread, by the rights of whoever asks."""
        try:
            result = await asyncio.to_thread(runtime.acting_as, person(self), work)
        except PrivguardError as error:
            self.send_problem(self.problem(error))
        else:
            self.finish(json.dumps(result))

    def problem(self, error: PrivguardError) -> Problem:
        """What stands for ``error``."""
        return problem_of(error)

    def send_problem(self, problem: Problem) -> None:
        """End the request with ``problem``."""
        self.set_status(problem.status)
        self.finish(json.dumps(problem.body()))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Errors of the server itself in the same form; the exception's text is left out."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        problem = error.problem if isinstance(error, _StopError) else problem_of_status(status_code)
        self.set_header("Content-Type", "application/json")
        self.send_problem(problem)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Name the kind of error only: its text could quote what was read."""
        if isinstance(value, web.HTTPError | _StopError):
            return
        self.log.error("privguard: %s in %s", getattr(typ, "__name__", "error"), type(self).__name__)


class StatusHandler(PrivguardHandler):
    """``GET status``: the version, and whether the log can be read."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Always answers 200; an unreadable log is said in ``log.problem``."""
        await self.answer(self._status)

    def _status(self) -> dict[str, Any]:
        try:
            log = {"readable": True, **self.journal.status()}
        except PrivguardError as error:
            log = {"readable": False, "problem": problem_of(error).body()}
        return {"version": runtime.version(), "log": log, "record": self._record()}

    def _record(self) -> dict[str, Any]:
        """Whether what passes this server is recorded, and where: behind a gateway kernels are not seen."""
        plane = self.settings.get("privguard_plane")
        kernels = isinstance(self.kernel_manager, GuardedKernels)
        contents = isinstance(self.contents_manager, GuardedContents)
        return {"kernels": plane is not None and kernels, "contents": plane is not None and contents}


class SessionHandler(PrivguardHandler):
    """``GET session/<kernel id>?after=<seq>``: tier, data sets and events of a kernel's session."""

    @web.authenticated
    @authorized
    async def get(self, kernel_id: str) -> None:
        """The session's state; only data sets and events with a higher number than ``after``."""
        if not _KERNEL_ID.fullmatch(kernel_id):
            raise _StopError(400, "bad_kernel_id", "that is not the id of a kernel.", "Reload the page.")
        after = self.get_query_argument("after", "0")
        if not re.fullmatch(r"[0-9]{1,16}", after) or int(after) > _LARGEST_SEQ:
            raise _StopError(400, "bad_after", "`after` is not a sequence number.", "Leave it out to read all.")
        plane = self.settings.get("privguard_plane")
        began = plane.began.get(kernel_id) if plane is not None else None
        started = began or _start_of(self.kernel_manager, kernel_id)
        await self.answer(lambda: self.journal.session(kernel_id, after=int(after), started=started))


class GapsHandler(PrivguardHandler):
    """``GET gaps``: what the log of the kernels and that of this server do not tell alike."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Gaps that this account may read, the newest last; without a log of this server there are none."""
        await self.answer(self._gaps)

    def _gaps(self) -> dict[str, Any]:
        planes = runtime.gaps(runtime.policy())
        if planes is None:
            return {"present": False, "size": 0, "hidden": 0, "total": 0, "gaps": []}
        return {
            "present": True,
            "size": planes.server.size,
            "hidden": planes.hidden,
            "total": len(planes.gaps),
            "gaps": [_gap(gap) for gap in planes.gaps[-_MOST_GAPS:]],
        }


class ReportHandler(PrivguardHandler):
    """``POST report``: the compliance file of an experiment."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Body ``{"experiment": …, "notebook": …}``; the notebook's path is optional."""
        experiment, path = self._wanted()
        notebook = await self._notebook(path) if path is not None else None
        await self.answer(lambda: export_report(experiment, notebook=notebook))

    def _wanted(self) -> tuple[str, str | None]:
        hint = 'Send {"experiment": "name"}, and "notebook": "path" if it is to be included.'
        try:
            body = json.loads(self.request.body)
        except (ValueError, RecursionError):
            raise _StopError(400, "bad_body", "the body is not JSON.", hint) from None
        if not isinstance(body, dict) or not set(body) <= {"experiment", "notebook"}:
            raise _StopError(400, "bad_body", "the body has other keys than `experiment` and `notebook`.", hint)
        experiment, notebook = body.get("experiment"), body.get("notebook")
        if not isinstance(experiment, str) or not 0 < len(experiment.strip()) <= _LONGEST_EXPERIMENT:
            raise _StopError(400, "bad_experiment", "`experiment` is not a name of 1 to 200 characters.", hint)
        if notebook is not None and not isinstance(notebook, str):
            raise _StopError(400, "bad_notebook", "`notebook` is not a path.", hint)
        return experiment, notebook

    async def _notebook(self, path: str) -> Path:
        """The file behind a contents path, if it is a notebook below the server's root that one may read."""
        hint = "Save the notebook below the server's root folder, or export without it."
        # This route must not read for somebody what the contents routes would refuse to them.
        allowed = await ensure_async(self.authorizer.is_authorized(self, self.current_user, "read", "contents"))
        if not allowed:
            raise _StopError(403, "forbidden", "you may not read notebooks here.", "Export without the notebook.")
        root = getattr(self.contents_manager, "root_dir", None)
        file = _file_below(root, path) if root else None
        if file is None:
            raise _StopError(400, "bad_notebook", "the notebook is not a file of this server.", hint)
        return file


def _gap(gap: Gap) -> dict[str, Any]:
    return {**asdict(gap), "contradicts": gap.is_contradiction, "sentence": gap.sentence}


def _file_below(root: str, path: str) -> Path | None:
    """The notebook at a contents path, links followed; None unless it is a file below ``root``."""
    try:
        file = Path(to_os_path(ApiPath(path), root)).resolve()
        is_there = path.endswith(".ipynb") and file.is_relative_to(Path(root).resolve()) and file.is_file()
    except (OSError, ValueError):  # longer than a path may be, or with a null byte
        return None
    return file if is_there else None


def _start_of(kernels: Any, kernel_id: str) -> datetime | None:
    """When the process of a kernel on this machine had not begun yet; None for all others."""
    import psutil

    if kernel_id not in kernels:
        return None
    pid = getattr(getattr(kernels.get_kernel(kernel_id), "provisioner", None), "pid", None)
    if not isinstance(pid, int):
        return None
    try:
        return datetime.fromtimestamp(psutil.Process(pid).create_time(), UTC) - _START_BLUR
    except psutil.Error:
        return None


def handlers(base_url: str) -> list[tuple[str, type[PrivguardHandler]]]:
    """The routes, for a server at ``base_url``."""
    from .openapi import OpenApiHandler
    from .panel_routes import panel_handlers

    root = url_path_join(base_url, ROOT)
    return [
        (url_path_join(root, "status"), StatusHandler),
        (url_path_join(root, r"session/([^/]+)"), SessionHandler),
        (url_path_join(root, "gaps"), GapsHandler),
        (url_path_join(root, "report"), ReportHandler),
        (url_path_join(root, r"openapi\.json"), OpenApiHandler),
        *((url_path_join(root, pattern), handler) for pattern, handler in panel_handlers()),
    ]
