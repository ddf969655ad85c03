"""Who a Jupyter server says that somebody is."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User


class Somebody(IdentityProvider):
    """A provider that knows people, as one of a company's does."""

    def get_user(self, handler: Any) -> User:
        handler._token_authenticated = True  # as its own would say of a token in a header: no cookie, so no XSRF
        return User(username="ana")
