"""Notebooks that are sent to be turned into another form: cleaned first, as on their way to the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.nbconvert.handlers import NbconvertPostHandler
from jupyter_server.utils import url_path_join
from tornado import web

from .people import person
from .plane import Plane
from .save_guard import SaveGuard

__all__ = ["converting_handlers"]


class GuardedConversion(NbconvertPostHandler):
    """``POST nbconvert/<format>``, with a notebook as the body; reads of a file are cleaned by its manager."""

    @web.authenticated
    @authorized
    async def post(self, format: str) -> None:  # noqa: A002 - the name in the route
        """Convert what is left of the notebook; HTTPError 400 for what is none."""
        model = super().get_json_body()
        if not isinstance(model, Mapping) or not isinstance(model.get("content"), Mapping):
            raise web.HTTPError(400, 'privguard: send a notebook as {"name": …, "content": …}.')
        name = model.get("name")
        path = model.get("path") if isinstance(model.get("path"), str) else name if isinstance(name, str) else ""
        plane: Plane = self.settings["privguard_plane"]
        guard = SaveGuard(plane, person(self))
        whole = {**model, "name": name if isinstance(name, str) else "notebook.ipynb", "type": "notebook"}
        self._cleaned: Any = await asyncio.to_thread(guard.cleaned, whole, str(path))
        await super().post(format)

    def get_json_body(self) -> Any:
        """What is left of the body, once it has been looked through."""
        return self._cleaned


def converting_handlers(base_url: str) -> list[tuple[str, type[GuardedConversion]]]:
    """The route, for a server at ``base_url``; to be added after the server's own, which it goes before."""
    return [(url_path_join(base_url, r"/nbconvert/(?P<format>\w+)"), GuardedConversion)]
