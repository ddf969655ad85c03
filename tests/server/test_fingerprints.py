"""A value that a guard knew is noticed when it leaves its kernel by a way round the guard."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_privguard.audit.reconcile import reconcile
from jupyter_privguard.runtime import has_log, home, log_reader
from jupyter_privguard.runtime.fingerprints import address_file
from jupyter_privguard.settings import account_name

if TYPE_CHECKING:
    from conftest import Browser

Start = Callable[..., Awaitable["Browser"]]
Events = Callable[[], Awaitable[list[dict[str, Any]]]]

LOAD, UNLOAD = "%load_ext jupyter_privguard", "%unload_ext jupyter_privguard"
NAME, OTHER = "Ottokar Quellenbergson", "Wilhelmine Obermuellerin"
EMAIL = "o.quellenbergson-canary@example-bank.com"
TABLE = (
    "import pandas as pd\n"
    f"names = ['{NAME}'] * 15 + ['{OTHER}'] * 15\n"
    f"df = pd.DataFrame({{'full_name': names, 'email': ['{EMAIL}'] * 30, 'n': range(30)}})\n"
    "df.head(1)"
)
PATCH = "s = get_ipython().kernel.session; s.__dict__.pop('send', None); None"


def alerts(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event for event in events if event["action"] == "alert" and event.get("shown")]


async def guarded(start: Start) -> Browser:
    browser = await start()
    await browser.run(LOAD)
    masked = await browser.run(TABLE)
    assert NAME not in masked.text
    return browser


async def test_a_known_value_after_the_guard_raises_an_alert_with_cell_and_person(
    start_kernel: Start, settled_events: Events
) -> None:
    browser = await guarded(start_kernel)
    await browser.run(UNLOAD)

    shown = await browser.run("print('see', df.full_name[0])\ndf[['full_name', 'n']]", cell="c-raw")

    assert NAME in shown.text, "what has no form passes"
    (alert,) = alerts(events := await settled_events())
    assert alert["shown"] == ["PERSON_NAME"]
    assert alert["cell"] == {"id": "c-raw", "message": alert["cell"]["message"], "execution_count": 4}
    assert alert["principal"]["id"] == account_name()
    assert alert["notebook"] == "demo.ipynb"
    assert "Quellenbergson" not in json.dumps(events)
    kernels = list(log_reader().events()) if has_log(home()) else []
    (gap,) = [gap for gap in reconcile(kernels, events) if gap.kind == "shown"]
    assert (gap.cell, gap.cell_id, gap.person, gap.is_contradiction) == (4, "c-raw", account_name(), False)


@pytest.mark.parametrize(
    "code",
    [
        "print(df.full_name[20])",
        "print('Wilhelmine', end=' '); print('OBERMUELLERIN')",
        "import sys\nsys.stdout.write('Wilhelmine'); sys.stdout.flush(); sys.stdout.write(' Obermuellerin')",
        "from IPython.display import HTML, display\ndisplay(HTML(df[['full_name']].tail().to_html()))",
        "raise ValueError(df.full_name[20])",
        "from comm import create_comm\ncreate_comm('t', data={'deep': [df.full_name[20]]}); None",
        "print('harmless text 12 ' * 5000, df.full_name[20])",
        "print('harmless text 12 ' * 100_000, df.full_name[20])",
        "!echo {df.full_name[20]}",
    ],
)
async def test_it_is_noticed_in_every_kind_of_message(start_kernel: Start, settled_events: Events, code: str) -> None:
    browser = await guarded(start_kernel)
    await browser.run(UNLOAD)

    await browser.run(code)

    assert [alert["shown"] for alert in alerts(await settled_events())] == [["PERSON_NAME"]]


async def test_a_guard_whose_hooks_were_taken_out_has_told_before(start_kernel: Start, settled_events: Events) -> None:
    browser = await guarded(start_kernel)
    await browser.run("1 + 1")
    shown = await browser.run(f"{PATCH}\nprint(df.full_name[0], flush=True)")
    assert NAME in shown.text

    (alert,) = alerts(await settled_events())

    assert alert["shown"] == ["PERSON_NAME"]


async def test_a_kernel_that_begins_anew_without_its_guard_is_still_watched(
    start_kernel: Start, settled_events: Events, jp_fetch: Any
) -> None:
    browser = await guarded(start_kernel)
    await browser.run(UNLOAD)
    await jp_fetch("api", "kernels", browser.kernel, "restart", method="POST", body="{}")
    again = await start_kernel(kernel=browser.kernel)

    await again.run(f"print('{NAME}')")

    assert [alert["shown"] for alert in alerts(await settled_events())] == [["PERSON_NAME"]]


async def test_what_shows_by_its_form_is_withheld_and_no_alert(start_kernel: Start, settled_events: Events) -> None:
    browser = await guarded(start_kernel)
    await browser.run(UNLOAD)

    shown = await browser.run("print(df.email[0], df.full_name[0])")

    assert EMAIL not in shown.text
    assert NAME not in shown.text
    assert "the server withheld an output that shows EMAIL_ADDRESS" in shown.text
    assert alerts(await settled_events()) == []


async def test_nothing_is_said_of_harmless_outputs_and_of_what_the_guard_shows(
    start_kernel: Start, settled_events: Events
) -> None:
    browser = await guarded(start_kernel)
    for code in (
        "df",
        "print(df.full_name[0])",
        "df.describe(include='all')",
        "%%secure --tier internal --purpose test --reason test\ndf.head()",
        "raise ValueError(df.full_name[0])",
        "%privguard classify df",
        "%privguard status",
        UNLOAD,
        "print('the quellenbergson in small letters, 42 and', df.n.sum())\ndf.n.describe()",
        "from IPython.display import display\ndisplay({'text/plain': 'ok'}, raw=True)",
    ):
        await browser.run(code)

    assert alerts(await settled_events()) == []


async def test_a_column_that_was_lowered_by_right_raises_none(start_kernel: Start, settled_events: Events) -> None:
    browser = await start_kernel()
    for code in (LOAD, TABLE.removesuffix("df.head(1)"), "print(df.full_name[0])", "%privguard set df.full_name NONE"):
        await browser.run(code)

    shown = await browser.run("print(df.full_name[0])\ndf.head()")

    assert NAME in shown.text
    assert alerts(await settled_events()) == []


async def test_a_message_that_cannot_be_checked_is_withheld(
    start_kernel: Start, jp_serverapp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await guarded(start_kernel)
    await browser.run(UNLOAD)
    values = jp_serverapp.web_app.settings["privguard_plane"].fingerprints.known_to(browser.kernel)

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError(NAME)

    monkeypatch.setattr(values, "entities_in", broken)
    shown = await browser.run("print('anything')")

    assert "anything" not in shown.text
    assert "privguard: the server could not look through an output (RuntimeError) and withheld it" in shown.text


async def test_the_socket_is_the_accounts_alone_and_goes_with_its_kernel(
    start_kernel: Start, jp_serverapp: Any, jp_fetch: Any
) -> None:
    browser = await guarded(start_kernel)
    address = address_file(Path(jp_serverapp.kernel_manager.connection_dir), browser.kernel)
    path = Path(json.loads(address.read_text())["socket"])

    modes = [stat.S_IMODE(one.stat().st_mode) for one in (path.parent, path, address)]
    await jp_fetch("api", "kernels", browser.kernel, method="DELETE")

    assert modes == [0o700, 0o600, 0o600]
    assert not address.exists()
    assert not path.parent.exists()


async def test_a_server_that_ends_records_that_its_kernels_did_and_leaves_no_socket(
    start_kernel: Start, settled_events: Events, jp_serverapp: Any
) -> None:
    browser = await guarded(start_kernel)
    manager = jp_serverapp.kernel_manager
    path = Path(json.loads(address_file(Path(manager.connection_dir), browser.kernel).read_text())["socket"])

    await manager.shutdown_all(now=True)

    assert not path.parent.exists()
    ended = [event["kernel"] for event in await settled_events() if event["action"] == "kernel.stop"]
    assert ended == [browser.kernel]


def _say(path: str, *parts: bytes) -> bytes:
    """What the server answers to somebody who does not hold the key."""
    with socket.socket(socket.AF_UNIX) as forged:
        forged.settimeout(20)
        forged.connect(path)
        nonce = forged.recv(32)
        assert len(nonce) == 32
        try:
            for part in parts:
                forged.sendall(part)
            forged.shutdown(socket.SHUT_WR)
            return forged.recv(1)
        except OSError:
            return b""


async def test_whoever_has_no_key_adds_nothing(start_kernel: Start, settled_events: Events, jp_serverapp: Any) -> None:
    from jupyter_privguard.guard.texts.fingerprinting import Fingerprinting
    from jupyter_privguard.guard.texts.known import KnownValues
    from jupyter_privguard.keys.fingerprints import FingerprintKey

    browser = await guarded(start_kernel)
    await browser.run(UNLOAD)
    fingerprints = jp_serverapp.web_app.settings["privguard_plane"].fingerprints
    before = len(fingerprints.known_to(browser.kernel))
    address = address_file(Path(jp_serverapp.kernel_manager.connection_dir), browser.kernel)
    path = json.loads(address.read_text())["socket"]
    known = KnownValues()
    known.learn("PERSON_NAME", ["Harmless Sentence"], column="c")
    key = FingerprintKey(b"another key", browser.kernel)
    making = Fingerprinting(key, known)
    (batch,) = making.batches(making.news())
    body = batch.encoded()

    for parts in (
        (len(body).to_bytes(4, "big"), body, key.proof(b"", body)),
        (b"\xff\xff\xff\xff",),
        (b"GET / HTTP/1.1\r\n\r\n",),
        (),
        (os.urandom(3),),
    ):
        assert await asyncio.to_thread(_say, path, *parts) == b""
    await browser.run("print('Harmless Sentence')")

    assert len(fingerprints.known_to(browser.kernel)) == before
    assert alerts(await settled_events()) == []
    await browser.run("print(df.full_name[0])")
    assert len(alerts(await settled_events())) == 1


async def test_a_guard_that_finds_no_socket_goes_on_and_says_so(start_kernel: Start, jp_serverapp: Any) -> None:
    browser = await start_kernel()
    address = address_file(Path(jp_serverapp.kernel_manager.connection_dir), browser.kernel)
    address.write_text(json.dumps({"socket": "/nonexistent/socket"}))

    await browser.run(LOAD)
    masked = await browser.run(TABLE)
    await browser.run(UNLOAD)

    assert NAME not in masked.text
    (alert,) = [event for event in log_reader().events() if event["action"] == "alert"]
    assert alert["about"] == "fingerprints could not be told to the server"


async def test_what_a_kernel_knew_that_died_is_known_in_the_one_after_it(
    start_kernel: Start, settled_events: Events
) -> None:
    browser = await guarded(start_kernel)
    await browser.run("1 + 1")
    browser.send("execute_request", {"code": "import os; os._exit(1)", "silent": False})
    while (await browser.read())["content"].get("execution_state") != "restarting":
        pass
    again = await start_kernel(kernel=browser.kernel)

    await again.run(f"print('{NAME}')")

    assert [alert["shown"] for alert in alerts(await settled_events())] == [["PERSON_NAME"]]
