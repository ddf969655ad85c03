"""Every route that is registered, found by walking the server: what holds for each of them, also for those to come."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from tornado import web
from tornado.httpclient import HTTPClientError, HTTPResponse

from jupyter_privguard.server import openapi
from jupyter_privguard.server.routes import LARGEST_BODY, ROOT

if TYPE_CHECKING:
    from conftest import FixtureLog

Routes = list[str]
Fetch = Callable[..., Awaitable[HTTPResponse]]

CANARY = "jane.doe.canary@example-bank.com"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSED = {401, 403, 404, 405}
HOSTILE = {
    "too large": b"x" * (LARGEST_BODY + 1),
    "20 MB": b'{"experiment": "' + b"y" * (20 * 2**20) + b'"}',
    "brackets": b"[" * 60_000,
    "100,000 brackets": b"[" * 100_000,
    "no UTF-8": b'{"experiment": "\xff\xfe\xc0"}',
    "a number beyond all bounds": b'{"experiment": ' + b"9" * 50_000 + b"}",
    "no JSON": f"{{{CANARY}".encode(),
    "another type": json.dumps([CANARY]).encode(),
    "other keys": json.dumps({CANARY: CANARY, "__proto__": {}}).encode(),
    "values of other types": json.dumps({"experiment": {"a": CANARY}, "reason": [CANARY], "grant": CANARY}).encode(),
    "a value": json.dumps({"experiment": CANARY, "notebook": f"{CANARY}.ipynb"}).encode(),
}


@pytest.fixture
def routes(jp_web_app: web.Application, jp_base_url: str) -> Routes:
    """The patterns of the extension's routes, from the server itself, below its base URL."""
    found = [
        rule.matcher.regex.pattern
        for group in jp_web_app.default_router.rules
        for rule in getattr(group.target, "rules", [])
        if ROOT in getattr(getattr(rule.matcher, "regex", None), "pattern", "")
    ]
    below = [pattern.removesuffix("$").rpartition(ROOT)[2].replace("\\.", ".") for pattern in found]
    assert len(below) >= 10
    return below


def filled(route: str, with_: str) -> str:
    """The address of a route, with ``with_`` for each of its parameters."""
    return ROOT.strip("/") + re.sub(r"\([^()]*\)", lambda _: quote(with_, safe=""), route)


async def sent(client: Any, url: str, method: str, *, body: bytes = b"{}", **headers: str) -> HTTPResponse:
    try:
        response: HTTPResponse = await client.fetch(
            url,
            method=method,
            body=body if method in ("POST", "PUT", "PATCH") else None,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            follow_redirects=False,
            request_timeout=20,
        )
    except HTTPClientError as error:
        assert error.response is not None
        response = error.response
    return response


def check_form(response: HTTPResponse) -> None:
    """What holds for every answer, good or bad."""
    headers, text = response.headers, response.body.decode()
    assert headers["Content-Type"].startswith("application/json"), response.effective_url
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert not headers.get("Access-Control-Allow-Origin")
    assert CANARY not in text
    assert "Traceback" not in text
    if response.code >= 400:
        answer = json.loads(text)
        assert set(answer) == {"code", "message", "hint"}
        assert answer["message"].startswith("privguard: ")


async def test_nobody_gets_anything_without_the_token(
    routes: Routes, http_server_client: Any, jp_base_url: str, jp_serverapp: Any, fixture_log: FixtureLog
) -> None:
    fixture_log.load()
    for route in routes:
        for method in METHODS:
            for headers in ({}, {"Authorization": "token wrong"}, {"Cookie": "username-localhost=made-up"}):
                response = await sent(http_server_client, jp_base_url + filled(route, "x"), method, **headers)

                assert response.code in REFUSED, (route, method)
                check_form(response)
    assert fixture_log.actions() == ["key.create", "guard.load"]


async def test_another_site_gets_nothing_by_a_browsers_cookie(
    routes: Routes, http_server_client: Any, jp_base_url: str, jp_auth_header: dict[str, str], fixture_log: FixtureLog
) -> None:
    fixture_log.load()
    token = jp_auth_header["Authorization"].removeprefix("token ")
    page = await http_server_client.fetch(f"{jp_base_url}api/status?token={token}")
    cookies = "; ".join(cookie.split(";")[0] for cookie in page.headers.get_list("Set-Cookie"))
    control = await sent(http_server_client, f"{jp_base_url}api/contents", "GET", Cookie=cookies)
    assert control.code == 200

    for route in routes:
        for method in METHODS:
            url = jp_base_url + filled(route, "x")
            for site in ({"Origin": "http://evil.example"}, {"Origin": "null"}):
                response = await sent(http_server_client, url, method, Cookie=cookies, **site)

                assert response.code in REFUSED, (route, method, site)
                check_form(response)
            if method != "GET":  # a form on another page sends no origin in old browsers, and no XSRF token in any
                response = await sent(http_server_client, url, method, Cookie=cookies)
                assert response.code in REFUSED, (route, method)
                check_form(response)
    assert fixture_log.actions() == ["key.create", "guard.load"]


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
async def test_no_body_breaks_a_route_or_comes_back(
    routes: Routes,
    http_server_client: Any,
    jp_base_url: str,
    jp_auth_header: dict[str, str],
    fixture_log: FixtureLog,
    body: bytes,
) -> None:
    fixture_log.load()
    for route in routes:
        url = jp_base_url + filled(route, "0f9d1f0e-6d2b-4b8e-9d6e-1f2a3b4c5d6e")
        response = await sent(http_server_client, url, "POST", body=body, **jp_auth_header)

        # `verification` reads no body: there a small one may be anything.
        assert 400 <= response.code < 500 or (route == "/verification" and len(body) <= LARGEST_BODY), route
        check_form(response)
    alive = await sent(http_server_client, jp_base_url + filled("/status", ""), "GET", **jp_auth_header)
    assert alive.code == 200


ODD = [
    "../../../etc/passwd",
    "..%2f..%2fetc",
    "<script>alert(1)</script>",
    "'; drop table log; --",
    CANARY,
    "\0",
    "x" * 9000,
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
async def test_no_address_breaks_a_route_or_comes_back(
    routes: Routes,
    http_server_client: Any,
    jp_base_url: str,
    jp_auth_header: dict[str, str],
    fixture_log: FixtureLog,
    odd: str,
) -> None:
    fixture_log.load()
    for route in [route for route in routes if "(" in route]:
        for method in ("GET", "POST"):
            response = await sent(http_server_client, jp_base_url + filled(route, odd), method, **jp_auth_header)

            assert 400 <= response.code < 500, (route, method)
            check_form(response)
            assert "script" not in response.body.decode()
    for route in [route for route in routes if "(" not in route]:
        query = f"?after={quote(odd)}&name={quote(odd)}"
        response = await sent(http_server_client, jp_base_url + filled(route, "") + query, "GET", **jp_auth_header)

        assert response.code < 500, route
        check_form(response)


async def test_what_a_good_answer_looks_like_is_as_the_description_says(
    routes: Routes, jp_fetch: Fetch, fixture_log: FixtureLog
) -> None:
    fixture_log.load()
    fixture_log.data(experiment="exp-1")
    response = await jp_fetch(ROOT.strip("/"), "openapi.json")
    check_form(response)
    told = json.loads(response.body)

    assert {re.sub(r"\{\w+\}", "([^/]+)", path) for path in told["paths"]} == set(routes)
    for path, operations in told["paths"].items():
        if "get" not in operations:
            continue
        answer = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        params = {"name": "exp-1"} if path == "/experiment" else {}
        filled_in = path.replace("{kernel_id}", "0f9d1f0e-6d2b-4b8e-9d6e-1f2a3b4c5d6e").strip("/")
        found = await jp_fetch(ROOT.strip("/"), *filled_in.split("/"), params=params)

        check_form(found)
        assert set(json.loads(found.body)) == set(answer["required"]), path


def test_the_description_in_the_documentation_is_this_one() -> None:
    kept = Path(__file__).parents[2] / "docs" / "openapi.json"

    assert json.loads(kept.read_text()) == openapi.document(), (
        "write it anew: python -m jupyter_privguard.server.openapi > docs/openapi.json"
    )


async def test_other_methods_are_no_way_in(
    routes: Routes, http_server_client: Any, jp_base_url: str, jp_serverapp: Any
) -> None:
    for route in routes:
        for method in ("HEAD", "OPTIONS"):
            response = await sent(http_server_client, jp_base_url + filled(route, "x"), method)

            assert response.code in REFUSED or (method == "OPTIONS" and not response.body)
            assert not response.headers.get("Access-Control-Allow-Origin")
