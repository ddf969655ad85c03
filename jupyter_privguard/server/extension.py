"""What Jupyter looks for: where the panel lies, how its routes are added, and what is put before the managers.

The package's ``__init__`` forwards to these names, so that importing the package loads no server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

    from .plane import Plane

__all__: list[str] = []

_PLANE = "_privguard_plane"


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyter-privguard"}]


def _link_jupyter_server_extension(server_app: ServerApp) -> None:
    """Called after the server is configured and before it makes its managers.

    A server whose classes cannot be put behind ours goes on as it is, which is said and shown in the status.
    """
    try:
        _put_before(server_app)
    except Exception as error:  # noqa: BLE001 - a surface: a server must not fail by what records it
        server_app.log.critical(
            "privguard: the server's record could not begin (%s); nothing that passes this server is recorded, "
            "`privguard doctor` looks for the cause.",
            type(error).__name__,
        )


def _put_before(app: Any) -> None:
    # `Any`: the app's class attributes are traits.
    from jupyter_server.gateway.gateway_client import GatewayClient
    from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
    from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

    from .connection import GuardedConnection
    from .contents import GuardedContents
    from .kernels import GuardedKernels
    from .plane import Plane

    plane = Plane(app)
    setattr(app, _PLANE, plane)
    _put(app, "contents_manager_class", _mixed(GuardedContents, app.contents_manager_class, plane))
    if GatewayClient.instance(parent=app).gateway_enabled:
        app.log.warning(
            "privguard: kernels run behind a gateway, so what passes between them and this server is not recorded; "
            "install jupyter_privguard where the gateway runs."
        )
        return
    # The defaults of the first two cannot be asked for yet: they depend on a gateway that is not configured by now.
    connection = _chosen(app, "kernel_websocket_connection_class", ZMQChannelsWebsocketConnection)
    manager = _chosen(app, "kernel_manager_class", AsyncMappingKernelManager)
    _put(app, "kernel_websocket_connection_class", _mixed(GuardedConnection, connection, plane))
    _put(app, "kernel_manager_class", _mixed(GuardedKernels, manager, plane))


def _put(app: Any, trait: str, value: type) -> None:
    """Set a trait, in the configuration too, which is applied again where the starting extension has one."""
    from traitlets.config import Config

    app.update_config(Config({"ServerApp": {trait: value}}))
    setattr(app, trait, value)


def _chosen(app: Any, trait: str, default: type) -> type:
    found: type = getattr(app, trait) if app.trait_has_value(trait) else default
    return found


def _mixed(first: type, behind: type, plane: Plane) -> type:
    return type(f"Privguard{behind.__name__}", (first, behind), {"privguard": plane})


def _load_jupyter_server_extension(server_app: ServerApp) -> None:
    from .journal import Journal
    from .routes import handlers

    web_app = server_app.web_app
    web_app.settings["privguard_journal"] = Journal()
    web_app.settings["privguard_plane"] = plane = getattr(server_app, _PLANE, None)
    web_app.add_handlers(".*$", handlers(web_app.settings["base_url"]))
    if plane is not None:
        from .converting import converting_handlers
        from .transfers import watch_terminals

        web_app.add_handlers(".*$", converting_handlers(web_app.settings["base_url"]))
        # Terminals are an extension of their own, which may load after this one.
        server_app.io_loop.add_callback(watch_terminals, plane, web_app.settings)
    server_app.log.info("privguard: the panel's routes are on.")
