"""Nobody reads the log through the server without token and permission."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from jupyter_server.auth.authorizer import Authorizer
from tornado import web
from tornado.httpclient import HTTPClientError, HTTPResponse

from jupyter_privguard.server.routes import PrivguardHandler, handlers

KERNEL = "0f9d1f0e-6d2b-4b8e-9d6e-1f2a3b4c5d6e"

Fetch = Callable[..., Awaitable[HTTPResponse]]

ROUTES = {
    "status": ("GET", "status", None),
    "session": ("GET", f"session/{KERNEL}", None),
    "gaps": ("GET", "gaps", None),
    "openapi": ("GET", "openapi.json", None),
    "verification": ("POST", "verification", ""),
    "entities": ("GET", "entities", None),
    "experiment": ("GET", "experiment", None),
    "requests": ("GET", "requests", None),
    "requests/": ("POST", "requests/0123456789abcdef01234567", json.dumps({"grant": False, "reason": "no"})),
    "models": ("GET", "models", None),
    "models/requests": ("GET", "models/requests", None),
    "models/requests/": (
        "POST",
        "models/requests/0123456789abcdef01234567",
        json.dumps({"grant": False, "reason": "no"}),
    ),
    "report/notebook": ("POST", "report/notebook", json.dumps({"experiment": "exp-1"})),
    "report": ("POST", "report", json.dumps({"experiment": "exp-1"})),
}


async def refused(fetch: Fetch, *args: Any, **options: Any) -> tuple[int, dict[str, Any]]:
    with pytest.raises(HTTPClientError) as caught:
        await fetch(*args, **options)
    response = caught.value.response
    assert response is not None
    return response.code, json.loads(response.body)


def test_the_tables_of_this_file_name_every_route() -> None:
    assert len(handlers("/")) == len(ROUTES)
    for pattern, _ in handlers("/"):
        assert pattern.removeprefix("/privguard/api/v1/").split("/")[0].removesuffix(r"\.json") in ROUTES


def test_every_registered_route_is_one_of_the_table(jp_web_app: web.Application) -> None:
    registered = [
        (rule.matcher.regex.pattern, rule.target)
        for group in jp_web_app.default_router.rules
        for rule in getattr(group.target, "rules", [])
        if "privguard" in getattr(getattr(rule.matcher, "regex", None), "pattern", "")
    ]

    assert len(registered) == len(ROUTES)
    for _, handler in registered:
        assert issubclass(handler, PrivguardHandler)
        assert handler.auth_resource == "privguard"
        assert handler.check_xsrf_cookie is PrivguardHandler.check_xsrf_cookie


@pytest.mark.parametrize("route", ROUTES)
async def test_a_route_refuses_without_token(
    http_server_client: Any, jp_base_url: str, jp_serverapp: Any, route: str
) -> None:
    method, path, body = ROUTES[route]
    url = f"{jp_base_url}privguard/api/v1/{path}"

    for headers in ({}, {"Authorization": "token wrong"}):
        options = {"method": method, "body": body, "headers": headers, "follow_redirects": False}
        code, answer = await refused(http_server_client.fetch, url, **options)

        assert code in (401, 403)
        assert set(answer) == {"code", "message", "hint"}


async def test_a_cookie_alone_may_read_but_not_post(
    http_server_client: Any, jp_base_url: str, jp_auth_header: dict[str, str]
) -> None:
    """Another site can make a browser send the cookie, but not the XSRF token that belongs to it."""
    token = jp_auth_header["Authorization"].removeprefix("token ")
    page = await http_server_client.fetch(f"{jp_base_url}api/status?token={token}")
    cookies = "; ".join(cookie.split(";")[0] for cookie in page.headers.get_list("Set-Cookie") if "username" in cookie)
    root = f"{jp_base_url}privguard/api/v1"

    options = {"method": "POST", "body": ROUTES["report"][2], "headers": {"Cookie": cookies}}
    code, answer = await refused(http_server_client.fetch, f"{root}/report", **options)

    assert cookies
    assert code == 403
    assert answer["code"] == "forbidden"


class NoPrivguard(Authorizer):
    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return resource != "privguard"


class NoContents(Authorizer):
    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return resource != "contents"


@pytest.mark.parametrize("jp_server_config", [{"authorizer_class": NoPrivguard}], indirect=True)
async def test_every_route_asks_the_servers_authorizer(jp_fetch: Fetch) -> None:
    for method, path, body in ROUTES.values():
        code, answer = await refused(jp_fetch, "privguard/api/v1", path, method=method, body=body)

        assert code == 403
        assert answer["code"] == "forbidden"


@pytest.mark.parametrize("jp_server_config", [{"authorizer_class": NoContents}], indirect=True)
async def test_the_report_does_not_read_notebooks_for_those_who_may_not(jp_fetch: Fetch) -> None:
    body = json.dumps({"experiment": "exp-1", "notebook": "demo.ipynb"})

    code, answer = await refused(jp_fetch, "privguard/api/v1/report", method="POST", body=body)

    assert code == 403
    assert "notebooks" in answer["message"]
