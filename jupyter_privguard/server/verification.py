"""When the log was last verified as a whole, what came of it, and where somebody else keeps checkpoints of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .. import runtime
from ..audit.verify import verify
from ..errors import PrivguardError
from .problems import problem_of
from .routes import PrivguardHandler

__all__ = ["VerificationHandler", "verified_now"]

_LAST = "privguard_verification"
"""Where the settings of the server keep the last check, which all tabs see."""
_NEVER: dict[str, Any] = {"checked": None, "whole": None, "size": 0, "anchor": None, "problem": None}


def verified_now() -> dict[str, Any]:
    """Check every record of the log and the anchors. Blocks for as long as the log is long.

    ``whole`` is whether all is as it was written; ``problem`` says what is not. ``anchor`` is a sentence.
    """
    checked = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    found = {**_NEVER, "checked": checked, "whole": False}
    try:
        found["size"] = verify(runtime.log_reader()).size
        found["anchor"] = runtime.anchored()
        found["whole"] = True
    except PrivguardError as error:
        found["problem"] = problem_of(error).body()
    return found


class VerificationHandler(PrivguardHandler):
    """``GET verification``: the last full check of this server; ``POST verification``: check now."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Never checks by itself; ``checked`` is null where nobody has asked for a check yet."""
        await self.answer(lambda: self.settings.get(_LAST, _NEVER))

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """The body is not read. A log that is not whole is an answer, not an error."""
        await self.answer(self._check)

    def _check(self) -> dict[str, Any]:
        self.settings[_LAST] = found = verified_now()
        return found
