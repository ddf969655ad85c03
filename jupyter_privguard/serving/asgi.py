"""Predictions over HTTP: a plain ASGI 3 application in front of a guarded model.

::

    GET  /health                 200 while it can serve
    POST /predict, /invocations  MLflow's scoring protocol; {"predictions": …}

Who asks is known by a bearer key, or by what the deployer's ``identity`` makes of the headers; a request that only
says who it is gets nothing, or, where the deployer lets anybody ask, what is public. A tier is asked for by the header
``X-Privguard-Tier`` and given by the policy, public where none is asked for. Errors are one sentence and hold nothing
of a request or an output.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

from ..errors import InputError, LogError, MaskingError, PrivguardError, Refused
from ..model import Principal, Tier
from .plan import Served
from .wire import as_json, inputs_in, parsed

__all__ = ["ModelFailed", "Predicting", "PredictionApp", "body_of"]

_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_PATHS = {"/health": "GET", "/ping": "GET", "/predict": "POST", "/invocations": "POST"}
_LONGEST_WORD = 500
_ANYBODY = Principal("anonymous", assurance="server")
"""Who asks without a key, where that is allowed."""


class ModelFailed(PrivguardError):
    """The model behind it raised; its own words are not repeated."""


class Predicting(Protocol):
    """A guarded model."""

    def check(self) -> None:
        """Raise where nothing could be served now."""
        ...

    def known(self, key: str) -> Principal | None:
        """Whose bearer key it is; None where it is nobody's."""
        ...

    def predict(self, inputs: Any, *, who: Principal, tier: Tier = Tier.PUBLIC, reason: str | None = None) -> Served:
        """The output for ``inputs`` as ``who`` may have it, recorded."""
        ...

    def close(self) -> None:
        """Let go of the log."""
        ...


class _Problem(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def body_of(served: Served) -> Any:
    """What is served as JSON: the output, and for tier compliance what explains it."""
    output = as_json(served.output)
    return {"output": output, "explanation": served.explanation} if served.tier is Tier.COMPLIANCE else output


class PredictionApp:
    """The application; give it to any ASGI server, behind TLS."""

    def __init__(
        self,
        model: Predicting,
        *,
        identity: Callable[[Mapping[str, str]], Principal | None] | None = None,
        anonymous: bool = False,
        largest_body: int = 5 << 20,
    ) -> None:
        """``identity`` names whoever sent these headers (names in small letters), None where nobody is known.

        Without it bearer keys tell. ``anonymous`` lets requests without a key have what is public; a wrong key is
        refused all the same. ``largest_body`` is in bytes; larger requests are not read.
        """
        self._model = model
        self._identity = identity
        self._anonymous = anonymous
        self._largest = largest_body

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """One connection, as ASGI 3 says."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            status, body, more = await self._answered(scope, receive)
            text = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
            headers = {
                "content-type": "application/json",
                "content-length": str(len(text)),
                "cache-control": "no-store",
            }
            pairs = [(name.encode(), value.encode()) for name, value in {**headers, **more}.items()]
            await send({"type": "http.response.start", "status": status, "headers": pairs})
            await send({"type": "http.response.body", "body": text})
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1003})

    async def _live(self, receive: _Receive, send: _Send) -> None:
        while True:
            event = (await receive())["type"]
            if event == "lifespan.shutdown":
                await asyncio.to_thread(self._model.close)
            await send({"type": f"{event}.complete"})
            if event == "lifespan.shutdown":
                return

    async def _answered(self, scope: _Scope, receive: _Receive) -> tuple[int, Any, dict[str, str]]:
        try:
            return await self._served(scope, receive)
        except _Problem as problem:
            more = {"www-authenticate": "Bearer"} if problem.status == 401 else {}
            return problem.status, {"code": problem.code, "message": problem.message}, more
        except Exception as error:  # noqa: BLE001 - the last surface: nothing of an error's words may leave
            message = f"privguard: the request could not be served ({type(error).__name__}); nothing was shown."
            return 500, {"code": "failed", "message": message}, {}

    async def _served(self, scope: _Scope, receive: _Receive) -> tuple[int, Any, dict[str, str]]:
        # A part of another application is told the whole path, and where it is mounted.
        path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
        method = str(scope["method"])
        if path not in _PATHS:
            raise _Problem(404, "unknown", "privguard: there is nothing here; POST to /predict or /invocations.")
        if method != _PATHS[path]:
            raise _Problem(405, "method", f"privguard: {path} is asked by {_PATHS[path]}.")
        if method == "GET":
            await asyncio.to_thread(_run, self._model.check)
            return 200, {"status": "ok"}, {}
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        tier, reason = _asked(headers)
        who = await asyncio.to_thread(self._who, headers, tier)
        if headers.get("content-type", "application/json").partition(";")[0].strip().lower() != "application/json":
            raise _Problem(415, "type", "privguard: a request is JSON; send it as application/json.")
        body = await self._read(receive, headers)
        served = await asyncio.to_thread(_run, lambda: self._predicted(body, who, tier, reason))
        return 200, {"predictions": served[0]}, {"x-privguard-tier": served[1].label}

    def _predicted(self, body: bytes, who: Principal, tier: Tier, reason: str | None) -> tuple[Any, Tier]:
        served = self._model.predict(inputs_in(parsed(body)), who=who, tier=tier, reason=reason)
        return body_of(served), served.tier

    def _who(self, headers: Mapping[str, str], tier: Tier) -> Principal:
        if self._anonymous and tier is Tier.PUBLIC and "authorization" not in headers and self._identity is None:
            return _ANYBODY
        if self._identity is not None:
            try:
                who = self._identity(headers)
            except Exception:  # noqa: BLE001 - the deployer's; whom it cannot name is not known
                who = None
        else:
            kind, _, key = headers.get("authorization", "").partition(" ")
            who = _run(lambda: self._model.known(key.strip())) if kind.lower() == "bearer" else None
        if not isinstance(who, Principal) or not who.id:
            raise _Problem(401, "unknown_identity", "privguard: nobody is known by this request; send a bearer key.")
        return who

    async def _read(self, receive: _Receive, headers: Mapping[str, str]) -> bytes:
        too_large = _Problem(
            413, "too_large", f"privguard: a request has at most {self._largest:,} bytes; send several."
        )
        said = headers.get("content-length", "0")
        if not said.isdigit() or int(said) > self._largest:
            raise too_large
        parts, size = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Problem(400, "cut_off", "privguard: the request ended before its body did.")
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._largest:
                raise too_large
            if not message.get("more_body"):
                return b"".join(parts)


def _asked(headers: Mapping[str, str]) -> tuple[Tier, str | None]:
    try:
        tier = Tier.parse(headers.get("x-privguard-tier", Tier.PUBLIC.label))
    except ValueError as error:
        raise _Problem(400, "tier", f"privguard: {error}.") from None
    reason = headers.get("x-privguard-reason")
    if reason is not None and len(reason) > _LONGEST_WORD:
        raise _Problem(400, "reason", f"privguard: a reason has at most {_LONGEST_WORD} characters.")
    return tier, reason


def _run(work: Callable[[], Any]) -> Any:
    """What ``work`` returns; errors of ours as answers."""
    try:
        return work()
    except Refused as error:
        raise _Problem(403, "refused", str(error)) from None
    except ModelFailed as error:
        raise _Problem(422, "model", str(error)) from None
    except InputError as error:
        raise _Problem(400, "input", str(error)) from None
    except MaskingError as error:
        raise _Problem(500, "masking", str(error)) from None
    except PrivguardError as error:  # its words name files of this machine, for whoever runs it
        logging.getLogger(__name__).error("%s", error)
        what = "recorded" if isinstance(error, LogError) else "served"
        raise _Problem(503, "unavailable", f"privguard: predictions cannot be {what} now, so none is made.") from None
