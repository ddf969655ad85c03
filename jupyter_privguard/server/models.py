"""What of models somebody should look at, followed in the log for the panel, and requests to approve them."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .. import runtime
from ..errors import PrivguardError
from ..registry.asking import LONGEST
from ..registry.flags import flags
from ..registry.records import Registry
from ..runtime.model_answers import ModelRequest
from ..runtime.models import COMMAND
from ..settings import account_name
from .people import person
from .request_routes import RequestsBase
from .routes import PrivguardHandler

__all__ = ["ModelLog", "ModelRequestHandler", "ModelRequestsHandler", "ModelsHandler"]

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

    def requests(self) -> list[ModelRequest]:
        """The requests to approve a model; what others answered is in the log then. Errors as `told`."""
        with self._lock:
            if runtime.has_log(runtime.home()):
                self._follow()
            return runtime.model_requests(self._registry)

    def _follow(self) -> None:
        reader = runtime.log_reader()
        if reader.size < self._last or self._last == 0:  # replaced, or not read yet
            self._last, self._registry = 0, Registry(reader.vkey)
        for event in reader.events(after=self._last):
            self._registry.take(event)
            self._last = max(self._last, int(event["seq"]))


def _kept(handler: PrivguardHandler) -> ModelLog:
    known: ModelLog = handler.settings.setdefault(_KEPT, ModelLog())
    return known


class ModelsHandler(PrivguardHandler):
    """``GET models``: models whose aliases no signed approval covers, and others to look at."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Without a log there are none."""
        await self.answer(self._models)

    def _models(self) -> dict[str, Any]:
        try:
            return _kept(self).told()
        except PrivguardError:
            if runtime.has_log(runtime.home()):
                raise
            return {"models": 0, "total": 0, "flags": []}


class ModelRequestsHandler(RequestsBase):
    """``GET models/requests``: requests of this account to approve a model, and those that it may answer."""

    command = COMMAND

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """The oldest first, with what became of them; reasons that look like a value are masked."""
        await self.answer(self._known)

    def _known(self) -> dict[str, Any]:
        if person(self).id != account_name():
            return {"available": False, "requests": []}
        return {"available": True, "requests": [known.told() for known in _kept(self).requests()]}


class ModelRequestHandler(RequestsBase):
    """``POST models/requests/<id>``: approve and sign, refuse, or take back; no files are held against it here."""

    command = COMMAND

    @web.authenticated
    @authorized
    async def post(self, request_id: str) -> None:
        """Body as that of ``POST requests/<id>``."""
        await self.answer(lambda: self._answered(request_id))

    def _answered(self, request_id: str) -> dict[str, Any]:
        is_grant, reason, term = self.given_answer(longest=LONGEST)
        return runtime.answer_model(request_id, is_grant=is_grant, term=term, reason=reason).told()
