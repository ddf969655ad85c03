"""Signed checkpoints, against a published one and an independent reader."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from jupyter_privguard.audit.checkpoint import Checkpoint, open_note, open_own_note, sign
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.keys.signatures import SignatureError, verify_signature

PUBLISHED = json.loads((Path(__file__).parents[2] / "vectors/checkpoints/signed_notes.json").read_text())["checkpoint"]
PUBLISHED_NOTE = f"{PUBLISHED['text']}\n\u2014 sum.golang.org {PUBLISHED['signature']}\n"
CHECKPOINT = Checkpoint("privguard/0badcafe", 38, bytes(range(32)))


def own_open(note: str, vkey: str) -> list[str]:
    """The C2SP formats read by hand: the lines of the text once its signature was checked."""
    name, hashed, encoded = vkey.split("+", 2)
    raw = base64.b64decode(encoded)
    assert raw[0] == 1
    assert hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8] == hashed
    text, signatures = note.split("\n\n")
    dash, signer, payload = signatures.rstrip("\n").split(" ")
    assert (dash, signer) == ("\u2014", name)
    assert base64.b64decode(payload)[:4].hex() == hashed
    Ed25519PublicKey.from_public_bytes(raw[1:]).verify(base64.b64decode(payload)[4:], f"{text}\n".encode())
    return text.split("\n")


def test_a_published_checkpoint_is_read_and_its_signature_holds() -> None:
    found = Checkpoint.parse(PUBLISHED["text"])

    verify_signature(PUBLISHED["vkey"], found.text().encode(), base64.b64decode(PUBLISHED["signature"])[4:])
    assert (found.origin, found.size) == ("go.sum database tree", PUBLISHED["size"])
    assert found.root.hex() == PUBLISHED["root"]


def test_a_log_whose_key_has_another_name_is_not_ours() -> None:
    with pytest.raises(SignatureError, match=r"another log \(go\.sum database tree\)"):
        open_note(PUBLISHED_NOTE, PUBLISHED["vkey"])


def test_independent_code_reads_what_we_sign(keyring: KeyRing) -> None:
    origin, size, root = own_open(sign(CHECKPOINT, keyring), keyring.vkey)

    assert (origin, size, base64.b64decode(root)) == ("privguard/0badcafe", "38", bytes(range(32)))


def test_signing_and_opening_agree(keyring: KeyRing) -> None:
    assert open_note(sign(CHECKPOINT, keyring), keyring.vkey) == CHECKPOINT


def test_a_witness_line_may_follow(keyring: KeyRing) -> None:
    note = sign(CHECKPOINT, keyring) + "\u2014 witness.example " + base64.b64encode(bytes(76)).decode() + "\n"

    assert open_note(note, keyring.vkey) == CHECKPOINT


@pytest.mark.parametrize(
    ("old", "new"),
    [("\n38\n", "\n37\n"), ("AAEC", "AAED"), ("privguard/0badcafe\n38", "privguard/0badcaff\n38")],
)
def test_a_changed_checkpoint_is_refused(keyring: KeyRing, old: str, new: str) -> None:
    note = sign(CHECKPOINT, keyring)
    assert old in note

    with pytest.raises(SignatureError):
        open_note(note.replace(old, new), keyring.vkey)


def test_the_checkpoint_of_another_key_or_log_is_refused(keyring: KeyRing) -> None:
    same_name = KeyRing(master=bytes(range(32)), seed=bytes(range(1, 33)), origin=keyring.origin)
    other = KeyRing(master=bytes(range(32)), seed=bytes(range(1, 33)), origin="privguard/feedbeef")

    for stranger in (same_name, other):
        with pytest.raises(SignatureError):
            open_note(sign(Checkpoint(stranger.origin, 38, bytes(32)), stranger), keyring.vkey)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        "no note at all",
        "origin\n1\nAAAA\n\n\u2014 privguard/0badcafe AAAA\n",
        "privguard/0badcafe\n01\n" + base64.b64encode(bytes(32)).decode() + "\n\n\u2014 privguard/0badcafe AAAA\n",
        "privguard/0badcafe\n-1\n" + base64.b64encode(bytes(32)).decode() + "\n\n\u2014 privguard/0badcafe AAAA\n",
        "privguard/0badcafe\n\u0661\n" + base64.b64encode(bytes(32)).decode() + "\n\n\u2014 privguard/0badcafe AAAA\n",
        "privguard/0badcafe\n1\n" + base64.b64encode(bytes(32)).decode() + "\n\n- privguard/0badcafe AAAA\n",
        "privguard/0badcafe\n1\n" + base64.b64encode(bytes(32)).decode() + "\n\n\u2014 privguard/0badcafe A\n",
        "privguard/0badcafe\r\n1\r\n" + base64.b64encode(bytes(32)).decode() + "\r\n\r\n\u2014 x AAAA\r\n",
        PUBLISHED_NOTE.removesuffix("\n"),
        "\x00" * 200,
    ],
)
def test_what_is_no_signed_checkpoint_is_refused(keyring: KeyRing, note: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        open_note(note, keyring.vkey)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("\n3\n", "\n4\n", 1),
        lambda note: note.replace("privguard/0badcafe\n", "privguard/0badcaff\n", 1),
        lambda note: note[:-3] + ("A" if note[-3] != "A" else "B") + note[-2:],
        lambda note: note.partition("\n\n")[0] + "\n",
        lambda note: "",
        lambda note: note.replace("\n\n", "\n"),
        lambda note: None,
        lambda note: note.encode(),
    ],
)
def test_whoever_holds_the_key_opens_a_note_as_everybody_else(keyring: KeyRing, change) -> None:
    note = sign(Checkpoint(keyring.origin, 3, b"r" * 32), keyring)
    assert open_own_note(note, keyring) == open_note(note, keyring.vkey)

    cosigned = note + "\u2014 witness AAAAAAAA\n"
    assert open_own_note(cosigned, keyring) == open_note(cosigned, keyring.vkey)
    for opened in (lambda bad: open_own_note(bad, keyring), lambda bad: open_note(bad, keyring.vkey)):
        with pytest.raises((ValueError, TypeError, SignatureError)):
            opened(change(note))
