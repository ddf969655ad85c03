"""Masking and learning large tables."""

from __future__ import annotations

import hashlib
import hmac
import importlib
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from measure import Row, as_text, in_turns, seconds
from peers import alone, installed
from tables import SENSITIVE, people

import jupyter_privguard as pg
from jupyter_privguard.frames import view
from jupyter_privguard.guard.texts.known import KnownValues
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.masking.masker import ColumnMask, mask_frame
from jupyter_privguard.masking.operator import OPERATORS, MaskContext
from jupyter_privguard.model import Operator

_ROWS = 1_000_000
_RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/00000000")


def rows() -> list[Row]:
    frame = people(_ROWS)
    return [*_mask(frame), *_of_operators(frame), *_keyed(), _repeated(), *_made_up(), _learn()]


def _mask(frame: object) -> list[Row]:
    ours = seconds(lambda: pg.mask(frame), times=1)
    copied = seconds(lambda: frame.copy(deep=True), times=3)
    key = bytes(32)

    def by_hand() -> None:
        for name in SENSITIVE:
            handles = {v: hmac.digest(key, str(v).encode(), hashlib.sha256).hex() for v in frame[name].unique()}
            frame[name].map(handles)

    peer = seconds(by_hand, times=1)
    what = "`mask` 1,000,000 × 20, 6 columns sensitive"
    return [
        Row(what, as_text(ours), f"HMAC-SHA-256 of their distinct values by hand {as_text(peer)}", ours / peer, 3.0),
        Row(what, as_text(ours), f"`df.copy(deep=True)` {as_text(copied)}", ours / copied),
    ]


def _of_operators(frame: pd.DataFrame) -> list[Row]:
    """What the masks themselves take of `mask`; the rest is looking, copying and putting back."""
    found = pg.classify(frame)
    columns = [(v, frame[v.column]) for v in found if v.action.get("public", "clear") != "clear"]

    def operators() -> None:
        for verdict, column in columns:
            context = MaskContext(verdict.entity, verdict.entity, _RING, on_screen=False)
            OPERATORS[Operator(verdict.action["public"])].apply(column.unique().tolist(), context)

    ours, sum_of_them = in_turns(lambda: pg.mask(frame), operators, times=1)
    peer = f"its {len(columns)} operators on distinct values {as_text(sum_of_them)}"
    return [Row("`mask` 1,000,000 × 20, 6 columns sensitive", as_text(ours), peer, ours / sum_of_them, 3.0)]


def _keyed() -> list[Row]:
    """The ciphers alone (bytes to bytes) and the masks with them (texts to handles, as for a column of a file).

    All values differ; the peer is the library, value by value.
    """
    texts = [f"customer {number:025d}" for number in range(_ROWS)]
    values = [text.encode() for text in texts]
    digits = [f"{number:010d}" for number in np.random.default_rng(7).permutation(_ROWS) * 9_973]
    context = MaskContext("CUSTOMER_ID", "CUSTOMER_ID", _RING, on_screen=False)
    key, siv, bound = bytes(32), AESSIV(bytes(64)), [b"CUSTOMER_ID", b"00000000"]
    _RING.text_cipher("CUSTOMER_ID").encrypt(digits[:1000])

    def by_hand() -> None:
        for value in values:
            siv.encrypt(value, bound)

    def hmac_by_hand() -> None:
        for value in values:
            hmac.digest(key, value, hashlib.sha256)

    times = in_turns(
        lambda: _RING.seal("CUSTOMER_ID", values),
        lambda: OPERATORS[Operator.ENCRYPT].apply(texts, context),
        lambda: OPERATORS[Operator.FPE].apply(digits, context),
        by_hand,
        lambda: _RING.digest("CUSTOMER_ID", values),
        lambda: OPERATORS[Operator.TOKEN].apply(texts, context),
        hmac_by_hand,
        times=3,
    )
    sealed, encrypted, format_kept, siv_loop, digested, tokens, hmac_loop = times
    of_siv = f"`AESSIV.encrypt`, one call each {as_text(siv_loop)}"
    of_hmac = f"`hmac.digest`, one call each {as_text(hmac_loop)}"
    return [
        Row("AES-256-SIV, 1,000,000 × 34 bytes", _rate(sealed), of_siv, sealed / siv_loop, 0.25),
        Row(
            "`encrypt`, texts to full handles, 1,000,000 × 34 bytes",
            _rate(encrypted),
            of_siv,
            encrypted / siv_loop,
            0.3,
        ),
        Row("FF1, 1,000,000 × 10 digits (`fpe`)", _rate(format_kept), of_siv, format_kept / siv_loop, 1.0),
        Row("HMAC-SHA-256, 1,000,000 × 34 bytes", _rate(digested), of_hmac, digested / hmac_loop, 0.9),
        Row("`token`, texts to full handles, 1,000,000 × 34 bytes", _rate(tokens), of_hmac, tokens / hmac_loop, 1.5),
    ]


def _repeated() -> Row:
    """Where values repeat, the work is done on the distinct ones."""
    frame = pd.DataFrame({"id": pd.Series(np.arange(10 * _ROWS) % 1000, dtype="int64")})
    seen = view(frame)
    assert seen is not None
    masks = {0: ColumnMask("CUSTOMER_ID", Operator.TOKEN, "CUSTOMER_ID")}

    def by_hand() -> None:
        codes, numbers = pd.factorize(frame["id"])
        handles = np.array([f"tok_{number:08x}" for number in numbers], dtype=object)
        pd.DataFrame({"id": handles[codes]}, dtype=object)

    ours, peer = in_turns(lambda: mask_frame(seen, masks, _RING, on_screen=False), by_hand, times=3)
    what = "tokens for 10,000,000 rows of 1,000 values"
    of_hand = f"`factorize` and numpy's indexing by hand {as_text(peer)}"
    return Row(what, _rate(ours, 10 * _ROWS), of_hand, ours / peer, 3.0)


def _made_up() -> list[Row]:
    """Other people's names in place of theirs; the peer draws names and keeps who got which."""
    if (package := installed("faker")) is None:
        return [Row("made-up names, 20,000 distinct", "not measured", "Faker: `make bench PEERS=1`", None)]
    names = [f"Asha{n} Kulkarni{n % 977}" for n in range(20_000)]
    context = MaskContext("PERSON_NAME", "PERSON_NAME", _RING, on_screen=False)
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, str(alone(package, Path(folder, "beside"))))
        faker = importlib.import_module("faker").Faker()
        faker.name()
        ours, peer = in_turns(
            lambda: OPERATORS[Operator.SURROGATE].apply(names, context),
            lambda: {name: faker.name() for name in names},
            times=3,
        )
        sys.path.pop(0)
    what = "made-up names, 20,000 distinct, the same for a person everywhere (`surrogate`)"
    return [Row(what, _rate(ours, len(names)), f"Faker, any name {as_text(peer)}", ours / peer, 1.0)]


def _rate(duration_s: float, values: int = _ROWS) -> str:
    return f"{as_text(duration_s)} ({values / duration_s / 1e6:.1f} M/s)"


def _learn() -> Row:
    values = [f"Asha{n} Kulkarni{n % 977}" for n in range(_ROWS)]
    ours = seconds(lambda: KnownValues().learn("PERSON_NAME", values), times=1)
    peer = seconds(lambda: {tuple(value.lower().split()) for value in values}, times=3)
    return Row(
        "learning 1,000,000 known names", as_text(ours), f"a set of their split words {as_text(peer)}", ours / peer, 5.0
    )
