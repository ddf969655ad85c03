"""The server's own log, written by a thread beside the server's loop: no message waits for a disk.

The thread lives as long as there is something to write. What cannot be written is kept and tried again with the next
event; what does not fit any more is counted, and the count is an event of its own.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from .. import runtime
from ..audit.log import AuditLog
from ..audit.server_event import moment, server_event
from ..errors import PrivguardError
from ..keys.keyring import KeyRing
from ..model import Principal
from ..policy.rules import Policy
from ..settings import Home

__all__ = ["ServerRecord"]

_MOST_WAITING = 20_000
_IDLE_S = 0.5

Fields = Callable[["Keys"], dict[str, Any]]
"""What an event says, made in the writer's thread: digests under a key cost too much before a message goes on."""


class Keys:
    """The keys for digests of sources, and texts as they may stand in a log."""

    def __init__(self, own: KeyRing, at: Home, policy: Policy) -> None:
        self._own = own
        self._at = at
        self._policy = policy
        self._kernels: KeyRing | None = None

    def own_hmac(self, source: bytes) -> str:
        """The digest of a source under the server's own key."""
        return self._own.source_hmac(source)

    def kernel_hmac(self, source: bytes) -> str | None:
        """The digest as the kernels' log has it; None where their keys are not to be had."""
        try:
            if self._kernels is None:
                self._kernels = runtime.kernel_keyring(self._at)
            else:
                self._kernels.refresh()
        except PrivguardError:
            self._kernels = None
        return self._kernels.source_hmac(source) if self._kernels is not None else None

    def safe(self, text: str | None) -> str | None:
        """``text`` with what looks like a value masked, at most 1,000 characters of it."""
        return None if text is None else runtime.safe_text(text[:1000], self._policy, self._own)

    def anchor(self) -> str | None:
        """The newest checkpoint of the kernels' log; None where there is none to be read."""
        try:
            return runtime.log_reader(self._at).checkpoint
        except (PrivguardError, OSError):
            return None


class ServerRecord:
    """Takes events from the server's loop and never makes it wait."""

    def __init__(self, at: Home, policy: Callable[[], Policy], logger: logging.Logger) -> None:
        """``at`` is the home of the kernels; the server's own is ``at.server``."""
        self._at = at
        self._policy = policy
        self._logger = logger
        self._waiting: deque[tuple[str, str, Principal, str, Fields, str]] = deque()
        self._missed = 0
        self._ready = threading.Condition()
        self._thread: threading.Thread | None = None
        self._runs: dict[str, str] = {}
        self._session = secrets.token_hex(8)
        self._failed = ""
        self._hurry = False

    def add(
        self, action: str, who: Principal, fields: Fields | None = None, *, outcome: str = "ok", run: str = ""
    ) -> None:
        """Write an event soon; a cell's start and end are paired by ``run``."""
        with self._ready:
            if len(self._waiting) >= _MOST_WAITING:
                self._missed += 1
                return
            self._waiting.append((action, outcome, who, moment(), fields or (lambda _: {}), run))
            if self._thread is None:
                self._start()
            self._ready.notify_all()

    def _start(self) -> None:
        # Not a daemon: what has passed is written before the process ends.
        self._thread = threading.Thread(target=self._write, name="privguard-record", daemon=False)
        try:
            self._thread.start()
        except RuntimeError:  # the process is ending already
            self._thread = None

    def flush(self, timeout_s: float = 10.0) -> bool:
        """Wait until everything that was added is written, or the log cannot be; whether it is written."""
        with self._ready:
            self._hurry = True
            self._ready.notify_all()
            self._ready.wait_for(lambda: self._thread is None, timeout_s)
            self._hurry = False
            return not self._waiting

    def _write(self) -> None:
        try:
            with self._opened() as (log, keys):
                while self._take(log, keys):
                    pass
                self._failed = ""
        except Exception as error:  # noqa: BLE001 - a surface: the server goes on without a record, and says so
            said = str(error) if isinstance(error, PrivguardError) else f"privguard: {type(error).__name__}"
            if said != self._failed:
                self._failed = said
                self._logger.critical("%s The server's record waits for it.", said)
            with self._ready:
                self._thread = None
                self._ready.notify_all()

    def _opened(self) -> _Opened:
        return _Opened(self._at, self._policy(), self._logger)

    def _take(self, log: AuditLog, keys: Keys) -> bool:
        """Write the oldest event; False when there was none for a while, and the thread is to end."""
        with self._ready:
            self._ready.wait_for(lambda: self._waiting or self._hurry, _IDLE_S)
            if not self._waiting:
                self._thread = None
                self._ready.notify_all()
                return False
            first = self._waiting[0]
        try:
            self._write_one(log, keys, *first)
        except PrivguardError:
            raise  # it is tried again
        except Exception as error:  # noqa: BLE001 - one event that cannot be written must not stop the others
            self._missed += 1
            self._logger.error("privguard: an event of the server's record was lost (%s).", type(error).__name__)
        with self._ready:
            self._waiting.popleft()
        return True

    def _write_one(
        self, log: AuditLog, keys: Keys, action: str, outcome: str, who: Principal, at: str, fields: Fields, run: str
    ) -> None:
        if self._missed:
            missed, self._missed = self._missed, 0
            log.append(self._event("alert", "ok", who, at, about="records that could not be kept", missed=missed))
        try:
            event = self._event(action, outcome, who, at, **fields(keys))
        except (TypeError, ValueError):  # a text that is no Unicode, a number beyond all bounds: a client may send both
            event = self._event(action, outcome, who, at, unreadable=True)
        if action == "cell.start":
            self._runs[run] = log.start_run(event)
        elif action == "cell.run":
            if (started := self._runs.pop(run, None)) is not None:
                log.end_run(started, {**event, "run": started})
        else:
            log.append(event)

    def _event(self, action: str, outcome: str, who: Principal, at: str, **fields: Any) -> dict[str, Any]:
        return server_event(
            action,
            principal=who,
            session=self._session,
            outcome=outcome,
            policy_sha256=self._policy().sha256,
            at=at,
            **fields,
        )


class _Opened:
    """The log while it is written, closed afterwards."""

    def __init__(self, at: Home, policy: Policy, logger: logging.Logger) -> None:
        self._log, ring, notices = runtime.open_server_log(at.server, policy)
        self._keys = Keys(ring, at, policy)
        for notice in notices:
            logger.info(notice)

    def __enter__(self) -> tuple[AuditLog, Keys]:
        return self._log, self._keys

    def __exit__(self, *_: object) -> None:
        self._log.close()
