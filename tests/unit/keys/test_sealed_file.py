"""Sealed files: they come back byte for byte, and nothing that was done to one goes unnoticed."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.errors import InputError, KeyStoreError
from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.keys.sealed_file import CHUNK, HEADER, MAGIC, open_sealed, seal

RING = KeyRing(master=b"m" * 32, seed=b"s" * 32, origin="privguard/test")
SIZE = 16
TAG = 16
NAME = "people.csv"
INSIDE = 2 + len(NAME)


def sealed(data: bytes, *, name: str = NAME, size: int = SIZE, ring: KeyRing = RING) -> bytes:
    out = io.BytesIO()
    seal(io.BytesIO(data), out, ring, name=name, chunk_size=size)
    return out.getvalue()


def opened(data: bytes, ring: KeyRing = RING) -> tuple[str, bytes]:
    found = open_sealed(io.BytesIO(data), ring, called="x.sealed")
    return found.name, b"".join(found.chunks)


def chunks(data: bytes) -> list[bytes]:
    body = data[HEADER:]
    return [body[at : at + SIZE + TAG] for at in range(0, len(body), SIZE + TAG)]


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=200), size=st.integers(1, 64), name=st.sampled_from(["a", NAME, "kunden-ü.parquet"]))
def test_what_was_sealed_comes_back(data: bytes, size: int, name: str) -> None:
    assert opened(sealed(data, size=size, name=name)) == (name, data)


@pytest.mark.parametrize("length", [0, 1, SIZE - INSIDE, SIZE - INSIDE + 1, 2 * SIZE - INSIDE, CHUNK, 3 * CHUNK + 5])
def test_ends_of_chunks_make_no_difference(length: int) -> None:
    data = bytes(length)

    assert opened(sealed(data, size=CHUNK if length > 100 else SIZE))[1] == data


def test_nothing_of_name_or_content_shows_and_no_two_are_alike() -> None:
    data = b"asha@corp.example," * 20

    one, two = sealed(data), sealed(data)

    assert one != two and len(one) == len(two)
    assert b"corp" not in one and NAME.encode() not in one and one.startswith(MAGIC)
    assert bytes.fromhex(RING.key_id) in one[:HEADER]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_flipped_bit_is_refused(data: st.DataObject) -> None:
    whole = bytearray(sealed(b"some bytes that fill more than three of the chunks"))
    place = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[place // 8] ^= 1 << place % 8

    with pytest.raises((KeyStoreError, InputError)) as caught:
        opened(bytes(whole))

    assert str(caught.value).startswith("privguard: ") and "some bytes" not in str(caught.value)


def test_every_byte_of_the_header_counts() -> None:
    whole = sealed(b"x" * 40)
    for place in range(HEADER):
        with pytest.raises((KeyStoreError, InputError)):
            opened(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])


def test_every_cut_is_refused() -> None:
    whole = sealed(b"some bytes that fill more than three of the chunks")

    for end in range(len(whole)):
        with pytest.raises((KeyStoreError, InputError)):
            opened(whole[:end])


@pytest.mark.parametrize("more", [b"\0", bytes(SIZE + TAG), b"again"])
def test_what_was_appended_is_refused(more: bytes) -> None:
    whole = sealed(b"some bytes that fill more than three of the chunks")
    tail = chunks(whole)[-1] if more == b"again" else more

    with pytest.raises(KeyStoreError):
        opened(whole + tail)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_chunks_in_another_order_or_number_are_refused(data: st.DataObject) -> None:
    whole = sealed(bytes(range(120)))
    parts = chunks(whole)
    order = data.draw(st.lists(st.integers(0, len(parts) - 1), max_size=len(parts) + 2))

    if order == list(range(len(parts))):
        assert opened(whole)[1] == bytes(range(120))
    else:
        with pytest.raises(KeyStoreError):
            opened(whole[:HEADER] + b"".join(parts[place] for place in order))


def test_a_chunk_of_another_file_is_refused() -> None:
    one, two = sealed(b"a" * 60), sealed(b"b" * 60)

    with pytest.raises(KeyStoreError):
        opened(one[:HEADER] + chunks(two)[0] + b"".join(chunks(one)[1:]))


def test_only_what_is_verified_comes_out() -> None:
    whole = bytearray(sealed(b"a" * (SIZE - INSIDE) + b"b" * SIZE + b"c" * SIZE))
    whole[HEADER + 2 * (SIZE + TAG)] ^= 1
    found = open_sealed(io.BytesIO(bytes(whole)), RING, called="x.sealed")

    got = b""
    with pytest.raises(KeyStoreError, match=r"x\.sealed: chunk 3"):
        for part in found.chunks:
            got += part

    assert b"c" not in got


def test_an_older_key_opens_by_its_id_and_a_destroyed_one_is_named() -> None:
    whole = sealed(b"data")
    later = KeyRing(master=b"n" * 32, seed=b"s" * 32, origin="privguard/test", older=[b"m" * 32])
    other = KeyRing(master=b"n" * 32, seed=b"s" * 32, origin="privguard/test")

    assert opened(whole, later) == (NAME, b"data")
    with pytest.raises(KeyStoreError, match=RING.key_id):
        opened(whole, other)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a\0", "x" * 1001])
def test_a_name_never_leads_into_a_folder(name: str) -> None:
    with pytest.raises(ValueError):
        sealed(b"", name=name)


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", MAGIC[:-1]])
def test_other_files_are_no_sealed_ones(data: bytes) -> None:
    with pytest.raises(InputError, match="not a sealed file"):
        opened(data)
