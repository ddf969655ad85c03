"""A record is looked up by grant, with a reason, so many an hour, and never without a trace."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.errors import InputError, KeyStoreError, LogUnavailable, Refused
from jupyter_privguard.guard.reveal import MOST_AN_HOUR, Revealed, parse_handle, reveal
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.keys.surrogates import SealedSurrogates
from jupyter_privguard.keys.vault import Vault
from jupyter_privguard.model import Principal, Request, Tier
from jupyter_privguard.policy.load import load

POLICY = """
version: 1
principals:
  officer: {roles: [compliance]}
  analyst: {roles: [analyst]}
roles:
  compliance: {tiers: [public], reveal: true}
  analyst: {tiers: [public, internal]}
"""


class Desk:
    """Everything a look-up needs, with a log that is a list."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "policy.yaml").write_text(POLICY)
        self.policy = load(None, folder / "policy.yaml", user_can_write=lambda _: False)
        self.keys = KeyRing(master=bytes(range(32)), seed=bytes(range(32, 64)), origin="privguard/0000test")
        self.keys.vault = Vault(folder / "vault", self.keys)
        self.events: list[dict[str, Any]] = []
        self.fails = False

    def record(self, **fields: Any) -> None:
        if self.fails:
            raise LogUnavailable("privguard: the log is full.")
        self.events.append(fields)

    def ask(self, handle: str, *, who: str = "officer", reason: str | None = "ticket") -> Revealed:
        return reveal(
            handle,
            reason=reason,
            request=lambda why: Request(Principal(who), "reveal", Tier.COMPLIANCE, reason=why),
            policy=self.policy,
            keyring=self.keys,
            attempts=lambda: len(self.events),
            record=self.record,
        )

    def token(self, value: str, domain: str = "CUSTOMER_ID") -> tuple[str, str]:
        (digest,) = self.keys.token(domain, [value.encode()])
        return f"tok_{digest[:4].hex()}", f"tok:hs256:{self.keys.key_id}:{text(digest)}"

    def sealed(self, value: str, domain: str = "CUSTOMER_ID") -> tuple[str, str]:
        (body,) = self.keys.seal(domain, [value.encode()])
        return f"enc_{body[:4].hex()}", f"enc:siv256:{self.keys.key_id}:{text(body)}"


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk")


@pytest.mark.parametrize("form", [0, 1], ids=["short", "full"])
@pytest.mark.parametrize("kind", ["token", "sealed"])
def test_both_kinds_are_found_in_both_forms(desk: Desk, kind: str, form: int) -> None:
    handle = getattr(desk, kind)("C-1001")[form]

    found = desk.ask(f"  {handle}\n")

    assert (found.value, found.domain) == ("C-1001", "CUSTOMER_ID")
    assert found.handle == getattr(desk, kind)("C-1001")[0]
    assert "C-1001" not in repr(found)
    assert [(e["outcome"], e["handle"], e["reason"]) for e in desk.events] == [("ok", found.handle, "ticket")]
    assert "C-1001" not in str(desk.events)


def test_a_full_sealed_value_opens_without_the_vault_and_a_token_does_not(desk: Desk) -> None:
    (_, sealed), (_, token) = desk.sealed("C-1001", "IBAN"), desk.token("C-1001")
    desk.keys.vault = None

    assert desk.ask(sealed).domain == "IBAN"
    with pytest.raises(InputError, match="nothing is known"):
        desk.ask(token)
    assert [e["outcome"] for e in desk.events] == ["ok", "error"]


@pytest.mark.parametrize(("who", "reason"), [("analyst", "r"), ("stranger", "r"), ("officer", None), ("officer", "  ")])
def test_without_right_or_reason_it_is_refused_and_recorded(desk: Desk, who: str, reason: str | None) -> None:
    with pytest.raises(Refused, match=r"^privguard: ") as caught:
        desk.ask(desk.token("C-1001")[0], who=who, reason=reason)

    assert "C-1001" not in str(caught.value)
    assert [e["outcome"] for e in desk.events] == ["refused"]


def test_there_is_a_limit_an_hour_and_what_is_refused_counts(desk: Desk) -> None:
    handle = desk.token("C-1001")[0]
    for _ in range(MOST_AN_HOUR):
        desk.ask(handle)

    with pytest.raises(Refused, match="within an hour"):
        desk.ask(handle)
    assert desk.events[-1]["outcome"] == "refused"


def test_what_cannot_be_recorded_is_not_shown(desk: Desk) -> None:
    handle = desk.token("C-1001")[0]
    desk.fails = True

    with pytest.raises(LogUnavailable):
        desk.ask(handle)


def test_a_short_handle_of_several_records_asks_for_the_full_one(desk: Desk) -> None:
    assert desk.keys.vault is not None
    desk.keys.vault.note("A", [b"one", b"two"], [b"abcd" + bytes(28), b"abcd" + b"x" * 28])

    with pytest.raises(InputError, match="full one"):
        desk.ask("tok_" + b"abcd".hex())


@pytest.mark.parametrize(
    "written",
    ["", "C-1001", "tok_", "tok_12345", "tok_1234567g", "TOK_12345678", "tok_123456789", "sur_1234",
     "tok:md5:00000000:xx", "tok:hs256:0000000:" + "A" * 43, "enc:siv256:00000000:",
     "../../etc/passwd", "tok_١٢٣٤٥٦٧٨", "x" * 100_000],
)  # fmt: skip
def test_what_is_no_handle_is_refused_and_not_quoted(written: str) -> None:
    with pytest.raises(InputError, match=r"^privguard: this is no handle") as caught:
        parse_handle(written)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("change", ["tail", "key id", "kind"])
def test_a_changed_handle_opens_nothing(desk: Desk, change: str) -> None:
    handle = desk.sealed("C-1001")[1]
    if change == "tail":
        handle = handle[:-3] + ("AAA" if handle[-3:] != "AAA" else "BBB")
    elif change == "key id":
        handle = handle.replace(desk.keys.key_id, "00000000")
    else:
        handle = handle.replace("enc:siv256", "tok:hs256")

    with pytest.raises((InputError, KeyStoreError)) as caught:
        desk.ask(handle)
    assert "C-1001" not in str(caught.value)
    assert [e["outcome"] for e in desk.events] == ["error"]


def test_a_drawn_surrogate_is_looked_up_like_a_token(desk: Desk, tmp_path: Path) -> None:
    (drawn,) = SealedSurrogates(tmp_path / "surrogates", desk.keys).surrogate("CUSTOMER_ID", ["C-1001"])

    for handle in (drawn, drawn[:12]):
        assert (desk.ask(handle).value, desk.events[-1]["handle"]) == ("C-1001", drawn[:12])


def test_a_handle_is_written_one_way_only() -> None:
    body = base64.urlsafe_b64encode(bytes(range(17))).rstrip(b"=").decode()  # 23 letters, two bits of the last unused

    assert parse_handle(f"enc:siv256:1a2b3c4d:{body}").body == bytes(range(17))
    others = [
        letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" if letter != body[-1]
    ]
    same_bytes = [x for x in others if base64.urlsafe_b64decode(body[:-1] + x + "=") == bytes(range(17))]
    assert same_bytes
    for letter in same_bytes:
        with pytest.raises(InputError):
            parse_handle(f"enc:siv256:1a2b3c4d:{body[:-1]}{letter}")


@pytest.mark.parametrize("written", ["nothing", "tok:hs256:7b1704e0:" + "A" * 25, "", "C-1001"])
def test_an_attempt_with_no_handle_is_recorded_too(desk: Desk, written: str) -> None:
    with pytest.raises(InputError, match=r"^privguard: this is no handle"):
        desk.ask(written)

    assert [(e["outcome"], e["handle"]) for e in desk.events] == [("refused", None)]


@pytest.mark.parametrize("reason", ["Asha Kulkarni asked", "for ASHA, by mail", "kulkarni (ticket 4)"])
def test_a_reason_that_names_the_person_is_recorded_with_the_handle(desk: Desk, reason: str) -> None:
    short, _ = desk.token("Asha Kulkarni", "PERSON_NAME")

    desk.ask(short, reason=reason)

    assert short in desk.events[-1]["reason"]
    assert not {"asha", "kulkarni"}.intersection(desk.events[-1]["reason"].lower().split())
