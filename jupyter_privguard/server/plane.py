"""The server's side of the record: one for each server, shared by everything that is put before its managers."""

from __future__ import annotations

import logging
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from .. import runtime
from ..model import Principal
from .fingerprints import Fingerprints
from .grants import Grants
from .in_force import InForce
from .kernel_log import KernelLog
from .passing import Cell, Passing
from .people import asking, person
from .record import Keys, ServerRecord
from .screens import Screens

__all__ = ["Plane"]

_MOST_SHOWN = 5000
_UNKNOWN = Principal("unknown", assurance="os")


class Plane:
    """What passes is recorded and judged here; see `record`, `passing` and `kernel_log`."""

    def __init__(self, app: Any) -> None:
        """``app`` is the ServerApp, whose managers need not be there yet."""
        self._app = app
        at = runtime.home()
        self.policy = InForce()
        self.record = ServerRecord(at, self.policy, logging.getLogger("jupyter_privguard.server"))
        self.passing = Passing(self._started, self._ended)
        self.screens = Screens()
        self.grants = Grants(at, self.record, lambda: Path(app.kernel_manager.connection_dir))
        self.kernels = KernelLog(at, self.grants.groups_of)
        folder = lambda: Path(app.kernel_manager.connection_dir)  # noqa: E731 - the manager comes later
        self.fingerprints = Fingerprints(self._key_of, folder, logging.getLogger("jupyter_privguard.server"))
        self.began: dict[str, datetime] = {}
        """When the newest process of each kernel was about to begin, as this server saw it."""
        self._shown: OrderedDict[tuple[str, str, str], None] = OrderedDict()
        """Kernel, message and entity of what an alert was raised for."""

    @cached_property
    def threads(self) -> ThreadPoolExecutor:
        """Where large outputs are looked through, so that the server's loop goes on."""
        return ThreadPoolExecutor(max_workers=4, thread_name_prefix="privguard-outputs")

    def notebook_of(self, kernel: str) -> str | None:
        """The path of the notebook that ``kernel`` runs for, as the server's sessions have it."""
        try:
            cursor = self._app.session_manager.connection.execute(
                "select path from session where kernel_id = ?", (kernel,)
            )
            row = cursor.fetchone()
        except Exception:  # noqa: BLE001 - another session manager, which has no such table
            return None
        return str(row[0]) if row is not None else None

    def kernel_changed(self, action: str, kernel: str, **fields: Any) -> None:
        """``kernel`` was started, restarted or stopped."""
        if action != "kernel.start":
            self.passing.die(kernel)
        if action == "kernel.stop":
            self.grants.take(kernel)
            self.fingerprints.forget(kernel)
            self.began.pop(kernel, None)
        notebook = self.notebook_of(kernel)
        self.record.add(
            action,
            asking(),
            lambda keys: {"kernel": kernel, "notebook": keys.safe(notebook), **fields, "anchor": keys.anchor()},
        )

    def kernel_begins(self, kernel: str, *, by_itself: bool = False) -> None:
        """A process of ``kernel`` is about to begin: tell it who runs it. It begins all the same where that fails."""
        self.began[kernel] = datetime.now(UTC)
        try:
            if by_itself:
                self.grants.again(kernel)
            else:
                self.grants.give(kernel, asking())
        except Exception as error:  # noqa: BLE001 - a surface
            self._log_ungranted(error)
        try:
            self.fingerprints.listen(kernel)
        except Exception as error:  # noqa: BLE001 - as above
            self._app.log.error(
                "privguard: a kernel cannot tell the server what its guard knows (%s); its outputs are looked through "
                "for what shows by its form alone.",
                type(error).__name__,
            )

    def _key_of(self, kernel: str) -> bytes:
        key: bytes = self._app.kernel_manager.get_kernel(kernel).session.key
        return key

    def _log_ungranted(self, error: Exception) -> None:
        self._app.log.error(
            "privguard: who runs a kernel could not be told to it (%s), so its own record names the account.",
            type(error).__name__,
        )

    def file_passed(self, action: str, path: str, size: int | None, sha256: str | None, **fields: Any) -> None:
        """The file at ``path`` came or went through the server."""
        path = path.strip("/")
        self.record.add(
            action, asking(), lambda keys: {"path": keys.safe(path), "size": size, "sha256": sha256, **fields}
        )

    def evaluated(self, kernel: str, message: str, command: str, handler: Any) -> None:
        """A debugger was asked to run code in ``kernel``."""
        notebook = self.notebook_of(kernel)
        self.record.add(
            "code.evaluate",
            person(handler),
            lambda keys: {"kernel": kernel, "message": message, "notebook": keys.safe(notebook), "command": command},
        )

    def _started(self, cell: Cell, owner: Any) -> None:
        request, notebook = cell.request, self.notebook_of(cell.kernel)
        assert request is not None  # noqa: S101 - only a request starts a cell
        cell.person = who = person(owner.websocket_handler)
        self.fingerprints.share(cell.kernel)
        try:
            self.grants.renew(cell.kernel, who)
        except Exception as error:  # noqa: BLE001 - a surface: a cell goes on, and the two records differ
            self._log_ungranted(error)
        source = request.code.encode("utf-8", "surrogatepass")
        client = str(owner.session.session)[:200]

        def fields(keys: Keys) -> dict[str, Any]:
            return {
                "kernel": cell.kernel,
                "notebook": keys.safe(notebook),
                "client": client,
                "cell": {
                    "id": request.cell_id,
                    "message": cell.message,
                    "source_hmac": keys.own_hmac(source),
                    "kernel_source_hmac": keys.kernel_hmac(source),
                    "size": request.size,
                    "silent": request.is_silent,
                    "store_history": request.keeps_history,
                    "expressions": request.expressions,
                    "empty": not request.code.strip(),
                    "loads_guard": request.only == "load",
                    "unloads_guard": request.only == "unload",
                },
            }

        self.record.add("cell.start", who, fields, outcome="started", run=cell.run)

    def _ended(self, cell: Cell, outcome: str) -> None:
        notebook = self.notebook_of(cell.kernel)
        outputs, duration = cell.outputs(), cell.duration_ms
        request = cell.request
        began, number = cell.began, cell.number

        def fields(keys: Keys) -> dict[str, Any]:
            about = {"kernel": cell.kernel, "notebook": keys.safe(notebook), "outputs": outputs}
            if outcome in ("late", "elsewhere") or not cell.runs_code:
                return {**about, "message": cell.message, "asked": request.kind if request is not None else None}
            ended = {"id": request.cell_id if request else None, "message": cell.message, "execution_count": number}
            return {**about, "cell": ended, "began": began, "duration_ms": duration, "anchor": keys.anchor()}

        if cell.runs_code and outcome not in ("late", "elsewhere"):
            self.record.add("cell.run", cell.person or asking(), fields, outcome=outcome, run=cell.run)
        else:
            self.record.add("output", _UNKNOWN if cell.request is None else asking(), fields, outcome=outcome)

    def shown(self, kernel: str, parent: str, entities: frozenset[str]) -> None:
        """An output that ``parent`` asked for shows values that the guard knew, unmasked: an alert, once for each."""
        new = sorted(entity for entity in entities if (kernel, parent, entity) not in self._shown)
        if not new:
            return
        self._shown.update(dict.fromkeys((kernel, parent, entity) for entity in new))
        while len(self._shown) > _MOST_SHOWN:
            self._shown.popitem(last=False)
        cell, notebook = self.passing.cell(kernel, parent), self.notebook_of(kernel)
        about: dict[str, Any] = {"id": None, "message": parent, "execution_count": None}
        if cell is not None:
            about |= {"id": cell.request.cell_id if cell.request else None, "execution_count": cell.number}

        def fields(keys: Keys) -> dict[str, Any]:
            told = {"kernel": kernel, "notebook": keys.safe(notebook), "cell": about, "shown": new}
            return {"about": "values that the guard knew were shown unmasked", **told}

        who = cell.person if cell is not None else None
        self.record.add("alert", who or _UNKNOWN, fields)
