"""The routes behind a base URL, a proxy that ends TLS, a token and a password."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from jupyter_server.auth import passwd
from jupyter_server.auth.identity import PasswordIdentityProvider
from tornado import web
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

if TYPE_CHECKING:
    from conftest import FixtureLog

PASSWORD = "correct horse battery staple"
HUB = "hub.example"


class Forward(web.RequestHandler):
    """Sends a request on as nginx does: the host that the browser asked for, and that it asked by https."""

    port: int

    async def forward(self) -> None:
        headers = self.request.headers.copy()
        headers["X-Forwarded-Proto"], headers["X-Forwarded-For"] = "https", "192.0.2.7"
        answer = await AsyncHTTPClient().fetch(
            f"http://127.0.0.1:{self.port}{self.request.uri}",
            method=str(self.request.method),
            headers=headers,
            body=self.request.body if self.request.method == "POST" else None,
            follow_redirects=False,
            raise_error=False,
        )
        self.set_status(answer.code)
        for name, value in answer.headers.get_all():
            if name not in ("Content-Length", "Transfer-Encoding", "Content-Type", "Date", "Server"):
                self.add_header(name, value)
        self.set_header("Content-Type", answer.headers.get("Content-Type", "text/html"))
        self.finish(answer.body)

    get = post = forward  # type: ignore[assignment]  # a handler's methods take anything


@pytest.fixture
def open_proxy(jp_http_port: int, jp_serverapp: Any, http_server_client: Any) -> Iterator[Callable[[], str]]:
    """Begins a proxy before the server; its address."""
    servers: list[HTTPServer] = []

    def begin() -> str:
        socket, port = bind_unused_port()
        servers.append(HTTPServer(web.Application([(".*", type("Here", (Forward,), {"port": jp_http_port}))])))
        servers[-1].add_socket(socket)
        return f"http://127.0.0.1:{port}"

    yield begin
    for server in servers:
        server.stop()


class Visitor:
    """A browser: it keeps cookies and says where its page is from."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.cookies: dict[str, str] = {}

    async def ask(self, path: str, method: str = "GET", *, body: str | None = None, **headers: str) -> HTTPResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"Host": HUB, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        answer = await AsyncHTTPClient().fetch(
            f"{self.root}{path}", method=method, body=body, headers=sent, follow_redirects=False, raise_error=False
        )
        for line in answer.headers.get_list("Set-Cookie"):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return answer


REMOTE = {"allow_remote_access": True, "trust_xheaders": True}


@pytest.mark.parametrize("jp_server_config", [REMOTE], indirect=True)
async def test_with_a_token_behind_a_proxy_and_a_base_url(
    open_proxy: Callable[[], str], jp_base_url: str, jp_auth_header: dict[str, str], fixture_log: FixtureLog
) -> None:
    fixture_log.load()
    fixture_log.data(experiment="exp-1")
    visitor, root = Visitor(open_proxy()), f"{jp_base_url}privguard/api/v1"
    body = json.dumps({"experiment": "exp-1"})

    assert jp_base_url != "/"
    assert (await visitor.ask(f"{root}/status")).code == 403
    status = await visitor.ask(f"{root}/status", Origin=f"https://{HUB}", **jp_auth_header)
    report = await visitor.ask(f"{root}/report", "POST", body=body, Origin=f"https://{HUB}", **jp_auth_header)

    assert (status.code, report.code) == (200, 200)
    assert json.loads(status.body)["record"] == {"kernels": True, "contents": True}
    assert (await visitor.ask("/privguard/api/v1/status", **jp_auth_header)).code == 404  # not below the base URL


LOCKED = {
    **REMOTE,
    "identity_provider_class": PasswordIdentityProvider,
}


@pytest.mark.parametrize("jp_server_config", [LOCKED], indirect=True)
async def test_with_a_password_behind_a_proxy(
    open_proxy: Callable[[], str], jp_serverapp: Any, jp_base_url: str, fixture_log: FixtureLog
) -> None:
    fixture_log.load()
    fixture_log.data(experiment="exp-1")
    jp_serverapp.identity_provider.hashed_password = passwd(PASSWORD, "sha256")
    jp_serverapp.identity_provider.token = ""
    visitor, root = Visitor(open_proxy()), f"{jp_base_url}privguard/api/v1"
    site = {"Origin": f"https://{HUB}", "Referer": f"https://{HUB}{jp_base_url}lab"}

    await visitor.ask(f"{jp_base_url}login")
    before = await visitor.ask(f"{root}/status", **site)
    assert before.code == 403
    assert set(json.loads(before.body)) == {"code", "message", "hint"}
    for word, code in (("wrong", 401), (PASSWORD, 302)):
        form = urlencode({"password": word, "_xsrf": visitor.cookies["_xsrf"]})
        assert (await visitor.ask(f"{jp_base_url}login", "POST", body=form, **site)).code == code
    body = json.dumps({"experiment": "exp-1"})

    assert (await visitor.ask(f"{root}/status", **site)).code == 200
    without = await visitor.ask(f"{root}/report", "POST", body=body, **site)
    with_token = {**site, "X-XSRFToken": visitor.cookies["_xsrf"]}
    assert without.code == 403
    assert (await visitor.ask(f"{root}/report", "POST", body=body, **with_token)).code == 200
    other = {**with_token, "Origin": "https://evil.example"}
    assert (await visitor.ask(f"{root}/report", "POST", body=body, **other)).code in (403, 404)
