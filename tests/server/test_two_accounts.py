"""Server and kernel under two accounts: what code in a kernel can no longer do, tried with real accounts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from jupyter_server.auth.identity import IdentityProvider, User

from jupyter_privguard import runtime
from jupyter_privguard.audit.reconcile import Gap, reconcile
from jupyter_privguard.audit.verify import verify
from jupyter_privguard.settings import Home, account_name

if TYPE_CHECKING:
    from conftest import Browser

Start = Callable[..., Awaitable["Browser"]]
Events = Callable[[], list[dict[str, Any]]]

OTHER = 64_102
"""The kernels' account; a number without a name will do."""
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
ROOT = Path(__file__).parents[2]
LOAD = "%load_ext jupyter_privguard"
POLICY = "version: 1\nprincipals: {alice: {roles: [lead]}}\nroles: {lead: {tiers: [public, internal], log: all}}\n"


@dataclass
class Member(User):
    groups: tuple[str, ...] = ("risk",)


class SignOn(IdentityProvider):
    """Whoever has the token is alice, who is in group risk."""

    def get_user(self, handler: Any) -> Any:
        async def found() -> Member | None:
            user = await super(SignOn, self).get_user(handler)  # type: ignore[misc]
            return Member("alice") if user is not None else None

        return found()


def _missing() -> str:
    """Why it cannot be tried here; empty where it can."""
    if os.name != "posix" or os.geteuid() != 0:
        return "only root can run a kernel under another account"
    if shutil.which("setpriv") is None:
        return "there is no setpriv (util-linux) on this machine"
    closed = [place for place in (ROOT, Path(sys.prefix)) if not _is_open(place)]
    if closed:
        return f"another account cannot read {closed[0]}"
    return "" if _python() else f"another account can run no Python {VERSION} here"


def _is_open(place: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (place.resolve(), *place.resolve().parents))


def _python() -> str | None:
    """A Python of this version that every account can run: packages with compiled parts fit no other."""
    found = (Path(sys.base_prefix) / "bin" / f"python{VERSION}", Path(f"/usr/bin/python{VERSION}"))
    return next((str(python) for python in found if python.exists() and _is_open(python)), None)


pytestmark = [
    pytest.mark.skipif(bool(_missing()), reason=_missing() or "it can"),
    pytest.mark.parametrize("jp_server_config", [{"identity_provider_class": SignOn}], indirect=True),
]


class Place(NamedTuple):
    """Folders that both accounts can enter."""

    root: Path

    @property
    def home(self) -> Home:
        """The kernels'."""
        return Home(self.root / "kernels")

    @property
    def prefix(self) -> Path:
        """Where Python lies for the kernels, with the administrator's policy in it."""
        return self.root / "python"

    def launcher(self) -> list[str]:
        """How the server begins a kernel for the other account: as root it may give it a file of its own."""
        runtime_dir, python = self.root / "connections", self.prefix / "bin" / "python"
        begin = (
            f"chown {OTHER} '{{connection_file}}' {runtime_dir}/*.grant; "
            f"exec setpriv --reuid={OTHER} --regid={OTHER} --clear-groups {python} -m ipykernel_launcher "
            "-f '{connection_file}'"
        )
        return ["/bin/sh", "-c", begin]


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    place = Place(Path(tempfile.mkdtemp(prefix="privguard-accounts-")))
    place.root.chmod(0o755)
    python = str(_python())
    subprocess.run([python, "-m", "venv", "--symlinks", "--without-pip", str(place.prefix)], check=True)
    paths = "\n".join((sysconfig.get_path("purelib"), str(ROOT)))
    (place.prefix / "lib" / f"python{VERSION}" / "site-packages" / "all.pth").write_text(f"{paths}\n")
    admin = place.prefix / "etc" / "privguard" / "policy.yaml"
    admin.parent.mkdir(parents=True)
    admin.write_text(POLICY)
    for name in ("kernels", "person"):
        (place.root / name).mkdir(mode=0o700)
        os.chown(place.root / name, OTHER, OTHER)
    (place.root / "connections").mkdir(mode=0o755)
    monkeypatch.setenv("PRIVGUARD_HOME", str(place.home.root))
    monkeypatch.setenv("PRIVGUARD_SERVER_HOME", str(place.root / "server"))
    monkeypatch.setenv("PRIVGUARD_POLICY", str(admin))
    ring, _ = runtime.keyring(place.home.server)
    admin.with_name("server.vkey").write_text(f"{ring.vkey}\n")
    yield place
    shutil.rmtree(place.root)


def begin(place: Place, app: Any, data: Path) -> None:
    """Have the server start kernels for the other account."""
    app.kernel_manager.connection_dir = str(place.root / "connections")
    app.kernel_manager.root_dir = str(place.root)
    spec = data / "kernels" / "python3"
    spec.mkdir(parents=True, exist_ok=True)
    env = {"HOME": str(place.root / "person"), "PYTHONDONTWRITEBYTECODE": "1", "IPYTHONDIR": str(place.root / "person")}
    told = {"argv": place.launcher(), "display_name": "other account", "language": "python", "env": env}
    (spec / "kernel.json").write_text(json.dumps(told))


def gaps(place: Place, served: list[dict[str, Any]]) -> list[Gap]:
    return reconcile(list(runtime.log_reader(place.home).events()), served)


TRY = """
import os, pathlib
def tried(act):
    try:
        act()
    except PermissionError:
        return 'denied'
    except Exception as error:
        return type(error).__name__
    return 'done'
server = pathlib.Path({server!r})
print('account', os.getuid())
print('keys', tried(lambda: list((server / 'keys').iterdir())))
print('log', tried(lambda: (server / 'log' / 'audit.db').open('ab')))
print('another', tried(lambda: server.rename(server.with_name('gone'))))
print('process', tried(lambda: os.kill({pid}, 15)))
print('memory', tried(lambda: open('/proc/{pid}/mem', 'rb')))
print('policy', tried(lambda: open({policy!r}, 'a')))
print('key', tried(lambda: open({vkey!r}, 'a')))
"""


async def test_code_in_a_kernel_reaches_nothing_of_the_servers(
    place: Place, jp_serverapp: Any, jp_data_dir: Path, start_kernel: Start, server_events: Events
) -> None:
    begin(place, jp_serverapp, jp_data_dir)
    browser = await start_kernel()
    await browser.run(LOAD)
    admin = place.prefix / "etc" / "privguard"
    names = {"server": str(place.home.server.root), "pid": os.getpid()}
    names |= {"policy": str(admin / "policy.yaml"), "vkey": str(admin / "server.vkey")}

    shown = await browser.run(TRY.format(**names))

    assert f"account {OTHER}" in shown.text
    for what in ("keys", "log", "another", "process", "memory", "policy", "key"):
        assert f"{what} denied" in shown.text, what
    served = server_events()
    assert gaps(place, served) == []
    (loaded,) = [one for one in runtime.log_reader(place.home).events() if one["action"] == "guard.load"]
    # The policy is the administrator's and the word on who it is the server's.
    assert loaded["principal"] == {"id": "alice", "assurance": "server"}


REWRITE = """
import shutil, pathlib
for path in pathlib.Path({home!r}).iterdir():
    shutil.rmtree(path) if path.is_dir() else path.unlink()
"""
FORGE = """
import pathlib
from datetime import UTC, datetime, timedelta
from jupyter_privguard import runtime
from jupyter_privguard.settings import Home
ring, _ = runtime.keyring(Home(pathlib.Path.home() / 'mine'))
now = datetime.now(UTC)
grant = runtime.Grant({kernel!r}, 'mallory', (), 'server', now, now + timedelta(seconds=60))
runtime.grant_file(pathlib.Path({folder!r}), {kernel!r}).write_text(runtime.signed_grant(grant, ring))
get_ipython().run_line_magic('load_ext', 'jupyter_privguard')
"""


async def test_who_writes_their_own_log_anew_is_found_out_by_the_servers(
    place: Place, jp_serverapp: Any, jp_data_dir: Path, start_kernel: Start, server_events: Events
) -> None:
    begin(place, jp_serverapp, jp_data_dir)
    browser = await start_kernel()
    await browser.run(LOAD)
    await browser.run("1 + 1")
    await browser.run("%unload_ext jupyter_privguard")

    await browser.run(REWRITE.format(home=str(place.home.root)))
    await browser.run(LOAD)
    await browser.run("2 + 2")

    kinds = {gap.kind for gap in gaps(place, server_events())}
    assert "rewritten" in kinds
    assert {"unguarded", "unrecorded"} & kinds


async def test_nobody_becomes_somebody_else_by_a_grant_of_their_own(
    place: Place, jp_serverapp: Any, jp_data_dir: Path, start_kernel: Start, server_events: Events
) -> None:
    begin(place, jp_serverapp, jp_data_dir)
    browser = await start_kernel()

    await browser.run(FORGE.format(kernel=browser.kernel, folder=str(place.root / "connections")))
    refused = await browser.run("print('has ' + 'run')")

    assert "was not signed by the server" in refused.text
    assert "has run" not in refused.text
    assert server_events()


async def test_roles_are_the_persons_and_the_report_names_both_accounts(
    place: Place, jp_serverapp: Any, jp_data_dir: Path, start_kernel: Start, server_events: Events
) -> None:
    begin(place, jp_serverapp, jp_data_dir)
    browser = await start_kernel()
    await browser.run(LOAD)
    await browser.run("%%secure --experiment exp-1 --purpose test\n1 + 1")
    by_role = await browser.run("%%secure --tier internal\n20 + 2")
    too_much = await browser.run("%%secure --tier compliance --reason r\n20 + 2")
    server_events()

    assert "22" in by_role.text  # Alice's role gives it, her account has none
    assert "not granted to alice" in too_much.text

    second = runtime.second_record(runtime.policy(), verify(runtime.log_reader(place.home)))

    assert second is not None
    assert second.accounts == (str(OTHER), account_name())
    assert second.size > 0


LEARN = "import pandas as pd\ndf = pd.DataFrame({'full_name': ['Ottokar Quellenbergson'] * 30})\ndf.head(1)"


async def test_what_the_other_accounts_guard_knew_is_told_to_the_server(
    place: Place,
    jp_serverapp: Any,
    jp_data_dir: Path,
    start_kernel: Start,
    settled_events: Callable[[], Awaitable[list[dict[str, Any]]]],
) -> None:
    begin(place, jp_serverapp, jp_data_dir)
    browser = await start_kernel()
    for code in (LOAD, LEARN, "%unload_ext jupyter_privguard", "print(df.full_name[0])"):
        await browser.run(code)

    (alert,) = [event for event in await settled_events() if event["action"] == "alert"]

    assert (alert["shown"], alert["principal"]["id"]) == (["PERSON_NAME"], "alice")
    folder = json.loads((place.root / "connections" / f"privguard-{browser.kernel}.socket").read_text())["socket"]
    assert Path(folder).parent.stat().st_mode & 0o777 == 0o700
    assert Path(folder).parent.stat().st_uid == OTHER


BY_GROUP = (
    'version: 1\nprincipals: {"group:risk": {roles: [analyst]}, "group:officers": {roles: [officer]}}\n'
    "roles: {analyst: {tiers: [public, internal]}, officer: {tiers: [public, internal, compliance]}}\n"
)


async def test_a_role_by_group_is_the_servers_word_and_says_so(
    place: Place, jp_serverapp: Any, jp_data_dir: Path, start_kernel: Start, server_events: Events
) -> None:
    (place.prefix / "etc" / "privguard" / "policy.yaml").write_text(BY_GROUP)
    begin(place, jp_serverapp, jp_data_dir)
    browser = await start_kernel()
    await browser.run(LOAD)

    by_group = await browser.run("%%secure --tier internal\n20 + 2")
    too_much = await browser.run("%%secure --tier compliance --reason r\n20 + 2")

    assert "22" in by_group.text
    assert "not granted to alice" in too_much.text
    ran = [one for one in runtime.log_reader(place.home).events() if one["action"] == "cell.run" and "tier" in one]
    found = [(one["tier"], one["outcome"], one["principal"]["assurance"]) for one in ran if one["tier"] != "public"]
    assert found == [("internal", "ok", "server"), ("compliance", "refused", "server")]
    (granted,) = [one for one in server_events() if one["action"] == "identity.grant"]
    assert granted["groups"] == ["risk"]
