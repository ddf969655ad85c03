"""An experiment at a glance: what it amounts to, and for which controls its events are evidence."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .. import runtime
from ..audit.verify import verify
from ..errors import InputError
from ..model import ENTITIES
from .routes import PrivguardHandler

__all__ = ["EntitiesHandler", "ExperimentHandler", "overview"]

_LONGEST = 200


def overview(name: str) -> dict[str, Any]:
    """What the log, which is verified first, tells of the experiment ``name``. Blocks for seconds.

    LogError where the log is damaged, InputError where it knows no such experiment. Events that the policy does not
    let this account read do not count.
    """
    from ..report.context import gather
    from ..report.evidence import Indexed, evaluate

    in_force = runtime.policy()
    log = verify(runtime.log_reader())
    log = replace(log, lines=tuple(runtime.Reading("experiment", in_force).lines()))
    context = gather(name, log, notebook=None, now=datetime.now(UTC))
    index, is_anchored = Indexed(context.weighed), bool(in_force.anchors)
    controls = [
        {
            "framework": framework.name,
            "id": control.id,
            "title": control.title,
            "status": evaluate(control, index, is_anchored=is_anchored).status.value,
        }
        for framework in context.frameworks
        for control in framework.controls
    ]
    return {"experiment": asdict(context.experiment), "controls": controls}


class ExperimentHandler(PrivguardHandler):
    """``GET experiment?name=…``: events and controls of an experiment at a glance."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """A query, not a path: an experiment may have any name."""
        name = self.get_query_argument("name", "", strip=False)
        await self.answer(lambda: self._overview(name))

    def _overview(self, name: str) -> dict[str, Any]:
        if not 0 < len(name.strip()) <= _LONGEST:
            raise InputError(f"privguard: name is the name of an experiment, of 1 to {_LONGEST} characters.")
        return overview(name)


class EntitiesHandler(PrivguardHandler):
    """``GET entities``: what a column may be said to hold, with its class."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Those that are built in and those of the policy in force."""
        await self.answer(self._entities)

    def _entities(self) -> dict[str, Any]:
        known = {**ENTITIES, **runtime.policy().classes}
        return {"entities": [{"entity": name, "class": known[name].value} for name in sorted(known)]}
