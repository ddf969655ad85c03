"""What Jupyter looks for: where the panel lies, and how its routes are added.

The package's ``__init__`` forwards to these names, so that importing the package loads no server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

__all__: list[str] = []


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyter-privguard"}]


def _load_jupyter_server_extension(server_app: ServerApp) -> None:
    from .journal import Journal
    from .routes import handlers

    web_app = server_app.web_app
    web_app.settings["privguard_journal"] = Journal()
    web_app.add_handlers(".*$", handlers(web_app.settings["base_url"]))
    server_app.log.info("privguard: the panel's routes are on.")
