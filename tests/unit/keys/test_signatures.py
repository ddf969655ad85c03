"""Verifier keys and signatures, against Go's published example."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from jupyter_privguard.errors import KeyStoreError
from jupyter_privguard.keys.signatures import SignatureError, VerifierKey, verifier_key, verify_signature

NOTE = json.loads((Path(__file__).parents[2] / "vectors/checkpoints/signed_notes.json").read_text())["note"]


def test_the_published_note_verifies_and_its_key_is_written_as_published() -> None:
    key = VerifierKey.parse(NOTE["vkey"])
    payload = base64.b64decode(NOTE["signature"])

    assert payload[:4] == key.key_hash
    verify_signature(NOTE["vkey"], NOTE["text"].encode(), payload[4:])
    assert verifier_key(key.name, key.public) == NOTE["vkey"]


@pytest.mark.parametrize("signature", [b"", bytes(64), bytes(63), base64.b64decode(NOTE["signature"])])
def test_a_wrong_signature_raises(signature: bytes) -> None:
    with pytest.raises(SignatureError, match=r"^privguard: "):
        verify_signature(NOTE["vkey"], NOTE["text"].encode(), signature)


def test_no_part_of_a_verifier_key_passes_for_one() -> None:
    vkey = NOTE["vkey"]
    broken = [vkey[start:end] for start in range(0, len(vkey), 3) for end in range(start, len(vkey), 5)]
    broken += [vkey[:at] + chr(ord(vkey[at]) ^ 1) + vkey[at + 1 :] for at in range(len(vkey) - 1)]
    broken += ["", "+++", "a+b+c", " " + vkey.replace("Neumann", " Neumann"), vkey.replace("+A", "+B"), "\x00", "é+é+é"]

    for text in broken:
        with pytest.raises(KeyStoreError, match="malformed"):
            VerifierKey.parse(text)
