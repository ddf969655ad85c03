"""What of models somebody should look at, followed in the log for the panel."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .. import runtime
from ..errors import PrivguardError
from ..registry.flags import flags
from ..registry.records import Registry
from .routes import PrivguardHandler

__all__ = ["ModelLog", "ModelsHandler"]

_MOST = 100
_KEPT = "privguard_models"
"""Where the settings of the server keep what was read, for each event is read once."""


class ModelLog:
    """Follows the log; thread-safe. What was approved of models is for everybody to know."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._registry = Registry()

    def told(self) -> dict[str, Any]:
        """How many models there are, and the flags, the newest last; errors as `log_reader`."""
        with self._lock:
            self._follow()
            found = flags(self._registry, datetime.now(UTC))
            models = sum(model.is_managed or bool(model.moves) for model in self._registry.models.values())
        listed = [{**flag._asdict(), "seqs": list(flag.seqs)} for flag in found[-_MOST:]]
        return {"models": models, "total": len(found), "flags": listed}

    def _follow(self) -> None:
        reader = runtime.log_reader()
        if reader.size < self._last or self._last == 0:  # replaced, or not read yet
            self._last, self._registry = 0, Registry(reader.vkey)
        for event in reader.events(after=self._last):
            self._registry.take(event)
            self._last = max(self._last, int(event["seq"]))


class ModelsHandler(PrivguardHandler):
    """``GET models``: models whose aliases no signed approval covers, and others to look at."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Without a log there are none."""
        await self.answer(self._models)

    def _models(self) -> dict[str, Any]:
        known: ModelLog = self.settings.setdefault(_KEPT, ModelLog())
        try:
            return known.told()
        except PrivguardError:
            if runtime.has_log(runtime.home()):
                raise
            return {"models": 0, "total": 0, "flags": []}
