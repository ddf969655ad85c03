"""Whoever the server's identity provider names is who both records name, and nobody can make that up."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httpclient import HTTPClientError, HTTPResponse

from jupyter_privguard import runtime
from jupyter_privguard.audit.reconcile import Gap, reconcile
from jupyter_privguard.settings import Home, account_name

if TYPE_CHECKING:
    from conftest import Browser, FixtureLog

Start = Callable[..., Awaitable["Browser"]]
Fetch = Callable[..., Awaitable[HTTPResponse]]
Events = Callable[[], list[dict[str, Any]]]

LOAD = "%load_ext jupyter_privguard"
KERNEL = "0f9d1f0e-6d2b-4b8e-9d6e-1f2a3b4c5d6e"


@dataclass
class Member(User):
    groups: tuple[str, ...] = ()


class Directory(IdentityProvider):
    """Whoever has the token is the person that a header names: it stands for a company's sign-on."""

    def get_user(self, handler: Any) -> Any:
        async def found() -> Member | None:
            user = await super(Directory, self).get_user(handler)  # type: ignore[misc]
            name = handler.request.headers.get("X-Person", "alice")
            groups = tuple(handler.request.headers.get("X-Groups", "risk staff").split())
            return Member(username=name, groups=groups) if user is not None else None

        return found()


PROVIDER = pytest.mark.parametrize("jp_server_config", [{"identity_provider_class": Directory}], indirect=True)


def kernel_events(home: Path) -> list[dict[str, Any]]:
    return list(runtime.log_reader(Home(home)).events())


def people(events: list[dict[str, Any]], *actions: str) -> set[tuple[str, str]]:
    found = (one["principal"] for one in events if one["action"] in actions)
    return {(who["id"], who["assurance"]) for who in found}


def gaps(events: list[dict[str, Any]]) -> list[Gap]:
    return reconcile(list(runtime.log_reader().events()), events)


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [gap.kind for gap in gaps(events)]


@PROVIDER
async def test_both_records_name_the_person_and_say_that_the_server_knows_them(
    start_kernel: Start, server_events: Events, privguard_home: Path, jp_serverapp: Any
) -> None:
    browser = await start_kernel()
    await browser.run(LOAD)
    await browser.run("1 + 1")

    assert people(kernel_events(privguard_home), "guard.load", "cell.start", "cell.run") == {("alice", "server")}
    served = server_events()
    assert people(served, "kernel.start", "cell.start") == {("alice", "server")}
    (granted,) = [event for event in served if event["action"] == "identity.grant"]
    assert granted["groups"] == ["risk", "staff"]
    assert granted["kernel"] == browser.kernel
    assert kinds(served) == []
    folder = Path(jp_serverapp.kernel_manager.connection_dir)
    assert runtime.grant_file(folder, browser.kernel).stat().st_mode & 0o077 == 0
    await jp_serverapp.kernel_manager.shutdown_kernel(browser.kernel)
    assert not runtime.grant_file(folder, browser.kernel).exists()


async def test_a_token_alone_names_nobody(
    start_kernel: Start, server_events: Events, privguard_home: Path, jp_serverapp: Any
) -> None:
    browser = await start_kernel()
    await browser.run(LOAD)

    assert people(kernel_events(privguard_home), "guard.load") == {(account_name(), "self")}
    assert people(server_events(), "cell.start") == {(account_name(), "os")}
    assert not runtime.grant_file(Path(jp_serverapp.kernel_manager.connection_dir), browser.kernel).exists()


FORGED = """
import json, pathlib
from ipykernel.connect import get_connection_file
from jupyter_privguard import runtime
from jupyter_privguard.audit.reconcile import Gap, reconcile
from jupyter_privguard.settings import Home
file = runtime.grant_file(pathlib.Path(get_connection_file()).parent, {kernel!r})
text = file.read_text()
"""
BY_ANOTHER_KEY = """
from datetime import UTC, datetime, timedelta
ring, _ = runtime.keyring(Home(pathlib.Path({other!r})))
now = datetime.now(UTC)
grant = runtime.Grant({kernel!r}, 'mallory', (), 'server', now, now + timedelta(seconds=60))
file.write_text(runtime.signed_grant(grant, ring))
"""
RENAMED = "file.write_text(text.replace('alice', 'mallory'))\n"


@PROVIDER
@pytest.mark.parametrize("forging", [BY_ANOTHER_KEY, RENAMED], ids=["another key", "another name"])
async def test_no_cell_runs_by_a_forged_grant(
    start_kernel: Start, server_events: Events, privguard_home: Path, tmp_path: Path, forging: str
) -> None:
    browser = await start_kernel()
    code = (
        (FORGED + forging).replace("{kernel!r}", repr(browser.kernel)).replace("{other!r}", repr(str(tmp_path / "o")))
    )

    await browser.run(f"{code}\nget_ipython().run_line_magic('load_ext', 'jupyter_privguard')")
    refused = await browser.run("print('ran')")

    assert "the server's word on who runs this kernel" in refused.text
    assert "ran" not in refused.text.replace("runs", "")
    assert not (privguard_home / "log").exists() or not people(kernel_events(privguard_home), "guard.load")


@PROVIDER
async def test_one_who_takes_the_grant_away_is_found_out(
    start_kernel: Start, server_events: Events, privguard_home: Path
) -> None:
    """Then the kernel's own record names the account, and the server's the person who asked."""
    browser = await start_kernel()
    code = FORGED.replace("{kernel!r}", repr(browser.kernel)) + "file.unlink()"

    await browser.run(f"{code}\nget_ipython().run_line_magic('load_ext', 'jupyter_privguard')")
    await browser.run("1 + 1")

    assert people(kernel_events(privguard_home), "cell.start") == {(account_name(), "self")}
    assert kinds(server_events()) == ["unguarded", "pretended"]


@PROVIDER
async def test_somebody_else_in_the_kernel_of_a_person_is_a_gap(start_kernel: Start, server_events: Events) -> None:
    browser = await start_kernel()
    await browser.run(LOAD)
    other = await start_kernel(headers={"X-Person": "bob"}, kernel=browser.kernel)

    await other.run("2 + 2")
    served = server_events()

    assert people(served, "cell.start") == {("alice", "server"), ("bob", "server")}
    (gap,) = gaps(served)
    assert (gap.kind, gap.person, gap.is_contradiction) == ("borrowed", "bob", False)
    await other.run("%unload_ext jupyter_privguard")
    await other.run(LOAD)
    await other.run("3 + 3")
    # The cell that took the guard out was asked for by Bob too; what he loads is his own.
    assert kinds(server_events()) == ["borrowed", "borrowed"]


@PROVIDER
async def test_a_restarted_kernel_is_told_again(
    start_kernel: Start, privguard_home: Path, jp_fetch: Fetch, server_events: Events
) -> None:
    browser = await start_kernel()
    await browser.run(LOAD)
    await jp_fetch("api/kernels", browser.kernel, "restart", method="POST", body="{}", headers={"X-Person": "alice"})
    again = await start_kernel(kernel=browser.kernel)
    await again.run(LOAD)

    assert people(kernel_events(privguard_home), "guard.load") == {("alice", "server")}
    assert len([one for one in kernel_events(privguard_home) if one["action"] == "guard.load"]) == 2


OWN = "principals: {alice: {roles: [lead]}, bob: {roles: [analyst]}}\nroles:\n"
OWN += "  lead: {tiers: [public, internal], log: all}\n  analyst: {tiers: [public], log: own}\n"


@PROVIDER
async def test_routes_work_with_the_rights_of_the_person_who_asks(
    jp_fetch: Fetch, fixture_log: FixtureLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(f"version: 1\n{OWN}")
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))
    fixture_log.load()
    fixture_log.data(experiment="exp-1", purpose="churn-model")
    body = json.dumps({"experiment": "exp-1"})

    async def answer(person: str, *path: str, **options: Any) -> int:
        try:
            return (await jp_fetch("privguard/api/v1", *path, headers={"X-Person": person}, **options)).code
        except HTTPClientError as error:
            return error.code

    assert await answer("alice", "session", KERNEL) == 200
    assert await answer("bob", "session", KERNEL) == 403
    assert await answer("bob", "report", method="POST", body=body) == 403
    assert await answer("alice", "report", method="POST", body=body) == 200
    exports = [one for one in runtime.log_reader(fixture_log.home).events() if one["action"] == "report.export"]
    assert [(one["principal"]["id"], one["outcome"]) for one in exports] == [("bob", "refused"), ("alice", "ok")]


BY_GROUP = """version: 1
principals: {"group:risk": {roles: [analyst]}, "group:leads": {roles: [lead]}}
roles:
  analyst: {tiers: [public, internal]}
  lead: {tiers: [public, internal], log: all}
"""


@PROVIDER
@pytest.mark.parametrize(("groups", "may"), [("risk staff", True), ("staff", False), ("group:risk", False)])
async def test_a_group_of_the_identity_provider_gives_its_roles_in_the_kernel(
    start_kernel: Start,
    privguard_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    groups: str,
    may: bool,
) -> None:
    """A member of the group gets the tier; neither somebody else nor somebody whose group is called like the key."""
    policy = tmp_path / "policy.yaml"
    policy.write_text(BY_GROUP)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))
    browser = await start_kernel(headers={"X-Groups": groups})
    await browser.run(LOAD)

    shown = await browser.run("%%secure --tier internal\nprint('it ran')")
    told = await browser.run("%privguard policy")

    assert ("it ran" in shown.text) is may
    assert ("tier internal is not granted to alice" in shown.text) is not may
    assert f"alice, groups {', '.join(groups.split())}, roles {'analyst' if may else 'none'};" in told.text
    (asked,) = [e for e in kernel_events(privguard_home) if e["action"] == "cell.run" and e["tier"] == "internal"]
    assert asked["outcome"] == ("ok" if may else "refused")


@PROVIDER
async def test_no_variable_of_the_kernel_makes_somebody_a_member(
    start_kernel: Start, privguard_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(BY_GROUP)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))
    browser = await start_kernel(headers={"X-Groups": "staff"})
    claims = "import os\nfor name in ('GROUPS', 'USER', 'JUPYTERHUB_USER', 'JUPYTERHUB_GROUPS', 'NB_USER'):\n"

    await browser.run(f"{claims}    os.environ[name] = 'risk'")
    await browser.run(LOAD)
    shown = await browser.run("%%secure --tier internal\nprint('it ran')")

    assert "tier internal is not granted to alice" in shown.text


@PROVIDER
async def test_routes_work_with_the_groups_of_the_person_who_asks(
    jp_fetch: Fetch, fixture_log: FixtureLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(BY_GROUP)
    monkeypatch.setenv("PRIVGUARD_POLICY", str(policy))
    fixture_log.load()

    async def answer(groups: str) -> int:
        try:
            return (await jp_fetch("privguard/api/v1", "session", KERNEL, headers={"X-Groups": groups})).code
        except HTTPClientError as error:
            return error.code

    assert [await answer(groups) for groups in ("leads", "risk", "group:leads", "")] == [200, 403, 403, 403]
