"""Who asks: the server's identity provider says, where it knows people at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_server import CallContext

from ..model import Principal
from ..settings import account_name

__all__ = ["asking", "asking_groups", "groups_of", "person"]

_LONGEST = 200
_MOST_GROUPS = 100


def person(handler: Any) -> Principal:
    """Who the request of ``handler`` comes from.

    A token or a password says that somebody may come in and not who: Jupyter's own providers then make up a name for
    each browser. So only a provider that somebody configured is believed; else it is the account of the server.
    """
    provider = getattr(handler, "identity_provider", None)
    user = getattr(handler, "current_user", None)
    name = getattr(user, "username", None)
    module = type(provider).__module__
    if provider is None or module.startswith("jupyter_server.auth") or not isinstance(name, str) or not name:
        return Principal(account_name(), assurance="os")
    return Principal(name[:_LONGEST], assurance="hub" if module.startswith("jupyterhub") else "server")


def groups_of(handler: Any) -> tuple[str, ...]:
    """The groups of whoever a request comes from, as the provider's user has them; none for the server's account.

    JupyterHub keeps what it knows of a user in ``hub_user``, others have ``groups`` on the user itself.
    """
    if person(handler).assurance == "os":
        return ()
    user = handler.current_user
    known = getattr(user, "hub_user", None)
    found = known.get("groups") if isinstance(known, Mapping) else getattr(user, "groups", None)
    names = sorted(map(str, found)) if isinstance(found, list | tuple | set | frozenset) else []
    return tuple(name[:_LONGEST] for name in names[:_MOST_GROUPS])


def asking_groups() -> tuple[str, ...]:
    """The groups of whoever the request comes from that is answered now."""
    return groups_of(CallContext.get(CallContext.JUPYTER_HANDLER))


def asking() -> Principal:
    """Who the request comes from that is answered now; the server's account where none is."""
    return person(CallContext.get(CallContext.JUPYTER_HANDLER))
