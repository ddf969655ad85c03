"""Who asks: the server's identity provider says, where it knows people at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_server import CallContext

from ..model import Principal
from ..settings import account_name

__all__ = ["asking", "person"]

_LONGEST = 200
_MOST_GROUPS = 100


def person(handler: Any) -> Principal:
    """Who the request of ``handler`` comes from.

    A token or a password says that somebody may come in and not who: Jupyter's own providers then make up a name for
    each browser. So only a provider that somebody configured is believed; else it is the account of the server.
    Groups are those that the provider's user has.
    """
    provider = getattr(handler, "identity_provider", None)
    user = getattr(handler, "current_user", None)
    name = getattr(user, "username", None)
    module = type(provider).__module__
    if provider is None or module.startswith("jupyter_server.auth") or not isinstance(name, str) or not name:
        return Principal(account_name(), assurance="os")
    # A name that was cut is nobody's in a policy, where 200 characters are the most.
    known = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
    return Principal(known, assurance="hub" if module.startswith("jupyterhub") else "server", groups=_groups(user))


def _groups(user: Any) -> tuple[str, ...]:
    """JupyterHub keeps what it knows of a user in ``hub_user``, others have ``groups`` on the user itself."""
    known = getattr(user, "hub_user", None)
    found = known.get("groups") if isinstance(known, Mapping) else getattr(user, "groups", None)
    if not isinstance(found, list | tuple | set | frozenset):
        return ()
    return tuple(sorted(name for name in found if isinstance(name, str) and len(name) <= _LONGEST)[:_MOST_GROUPS])


def asking() -> Principal:
    """Who the request comes from that is answered now; the server's account where none is."""
    return person(CallContext.get(CallContext.JUPYTER_HANDLER))
