"""Tokens against somebody who has the file, knows what the ids look like, and tries them all."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator

import pandas as pd
import pytest

from jupyter_privguard.frames import view
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.masking.masker import ColumnMask, mask_frame
from jupyter_privguard.model import Operator

IDS = [f"C{number:06d}" for number in range(100_000, 130_000, 7)]
RING = KeyRing(master=bytes(range(32)), seed=bytes(range(32, 64)), origin="privguard/0000test")
SALTS = (b"", b"salt", b"privguard", b"CUSTOMER_ID", RING.key_id.encode(), RING.origin.encode())
TRIED = 40
"""Ids after which a recipe that has found none is given up: it is not the one."""
Guess = Callable[[bytes], bytes]


def guesses() -> Iterator[Guess]:
    """The usual recipes: a hash of id and salt in either order, or keyed by a salt that anybody can guess."""
    for name in ("md5", "sha1", "sha256", "sha512", "blake2b"):
        for salt in SALTS:
            yield lambda text, name=name, salt=salt: hashlib.new(name, salt + text).digest()
            yield lambda text, name=name, salt=salt: hashlib.new(name, text + salt).digest()
            yield lambda text, name=name, salt=salt: hmac.digest(salt, text, name)


def forms(digest: bytes) -> set[str]:
    """What a digest looks like in a file, cut or not."""
    texts = (digest.hex(), base64.urlsafe_b64encode(digest).decode().rstrip("="), base64.b64encode(digest).decode())
    return {text[:length] for text in texts for length in (8, 12, 16, 32, 43, 64)}


def reversed_ids(tokens: set[str]) -> tuple[int, int]:
    """How many ids were found, and how many hashes that took; stops at the first recipe that works."""
    spent = 0
    for guess in guesses():
        found = 0
        for tried, text in enumerate(IDS, start=1):
            spent += 1
            found += not tokens.isdisjoint(forms(guess(text.encode())))
            if tried == TRIED and not found:
                break
        if found:
            return found, spent
    return 0, spent


@pytest.mark.parametrize(
    "recipe",
    [
        lambda text: hashlib.sha256(b"salt" + text).hexdigest()[:16],
        lambda text: hashlib.md5(text).hexdigest(),
        lambda text: base64.urlsafe_b64encode(hashlib.sha256(text).digest()).decode().rstrip("="),
        lambda text: hmac.digest(b"", text, "sha256").hex()[:12],
    ],
)
def test_a_planted_weak_hash_falls(recipe) -> None:
    found, _ = reversed_ids({recipe(text.encode()) for text in IDS})

    assert found == len(IDS)


@pytest.mark.parametrize("operator", [Operator.TOKEN, Operator.ENCRYPT, Operator.FPE, Operator.SURROGATE])
@pytest.mark.parametrize("on_screen", [False, True])
def test_against_ours_without_the_key_every_recipe_is_spent_in_vain(operator: Operator, on_screen: bool) -> None:
    seen = view(pd.DataFrame({"id": IDS}))
    assert seen is not None
    masked = mask_frame(seen, {0: ColumnMask("CUSTOMER_ID", operator, "CUSTOMER_ID")}, RING, on_screen=on_screen)
    tokens = set(masked.native["id"])
    # The handle itself, and what a reader would take for the digest in it.
    tokens |= {part for token in tokens for part in token.replace("_", ":").split(":")[-1:]}

    found, spent = reversed_ids(tokens)

    assert found == 0
    assert spent == TRIED * sum(1 for _ in guesses())


def test_another_deployment_s_key_reverses_nothing_either() -> None:
    other = KeyRing(master=bytes(range(1, 33)), seed=bytes(range(32, 64)), origin=RING.origin)
    values = [text.encode() for text in IDS]

    assert set(RING.digest("CUSTOMER_ID", values)).isdisjoint(other.digest("CUSTOMER_ID", values))
    assert set(RING.digest("CUSTOMER_ID", values)).isdisjoint(RING.digest("EMPLOYEE_ID", values))
