"""Models made to hurt whoever reads them: a sentence or nothing, in bounded time and memory, and nothing is run."""

from __future__ import annotations

import os
import pickle
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_privguard.frames.stored.limits import Budget, Unreadable
from jupyter_privguard.frames.stored.onnx import read_onnx
from jupyter_privguard.frames.stored.pickles import read_pickle
from jupyter_privguard.frames.stored.unpacking import unpacked
from jupyter_privguard.frames.stored.wire import message
from jupyter_privguard.policy.builtin import built_in
from jupyter_privguard.scanning.contents import findings_in
from jupyter_privguard.scanning.findings import Finding
from jupyter_privguard.scanning.judging import Judge
from tests.unit.scanning.made_files import MAIL
from tests.unit.scanning.made_models import PACKED, PEOPLE, by_joblib, neighbours

Look = Callable[..., list[Finding]]


def _doubling(times: int) -> bytes:
    """Each list holds the one before it twice."""
    return b"\x80\x04]\x94" + b"".join(b"]\x94(h%ch%ce" % (n, n) for n in range(times)) + b"."


def _array(count: int, code: bytes = b"f8") -> bytes:
    """An array that says it has so many cells, and has one."""
    dtype = (
        b"cnumpy\ndtype\n(X\x02\0\0\0" + code + b"I00\nI01\ntR(K\3X\1\0\0\0<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"
    )
    head = b"\x80\x02cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\1btR"
    return head + b"(K\1(L%dL\nt" % count + dtype + b"I00\nU\x08" + bytes(8) + b"tb."


PICKLES: dict[str, bytes] = {
    "a list that doubles 200 times": _doubling(200),
    "a list that holds itself": b"\x80\x04]\x94h\x00a.",
    "lists in lists": b"\x80\x04" + b"]" * 12_000 + b"a" * 11_999 + b".",
    "tuples in tuples": b"\x80\x04)" + b"\x85" * 12_000 + b".",
    "calls of calls": b"\x80\x02c\n\n" + b")R" * 12_000 + b".",
    "states of states": b"\x80\x02c\n\n)R" + b"cm\nK\n)R" * 6_000 + b"b" * 6_000 + b".",
    "one thing many times": b"\x80\x04]\x94(" + b"h\x00" * 30_000 + b"e.",
    "many copies of a text": b"\x80\x04]\x94X\x10\x27\0\0" + b"x" * 10_000 + b"\x94" + b"h\x01" * 12_000 + b".",
    "marks without an end": b"\x80\x04" + b"(" * 12_000,
    "bytes of a billion billion": b"\x80\x04\x8e" + b"\xff" * 8 + b"x",
    "bytes below zero": b"\x80\x02T\xff\xff\xff\xffx.",
    "a number of many digits": b"I" + b"9" * 30_000 + b"\n.",
    "a number of many bytes": b"\x80\x04\x8b\x00\x00\x10\x00" + b"\x7f" * 2**20 + b".",
    "a fraction of many digits": b"F" + b"9" * 30_000 + b"\n.",
    "an array of a billion cells": _array(10**9),
    "an array of cells below zero": _array(-1),
    "an array of very many cells": _array(10**30),
    "an array of cells that are none": _array(1, b"zz"),
    "an array of long texts": _array(10**6, b"U9"),
    "memory at a far place": b"\x80\x04K\1r\xff\xff\xff\xff.",
    "nothing to take": b"\x80\x04.",
    "a protocol of tomorrow": b"\x80\x63N.",
    "extensions and what is outside": b"\x80\x02(\x82\x01\x83\x01\x01PX\nQt.",
    "other buffers": b"\x80\x05\x97\x98.",
    "a class with a long name": b"c" + b"m" * 2**19 + b"\n" + b"K" * 2**19 + b"\n)R.",
    "letters": bytes(range(256)) * 300,
}


@pytest.mark.parametrize("what", PICKLES)
def test_a_pickle_costs_no_more_than_its_length(what: str, found: Look) -> None:
    data = PICKLES[what]
    tracemalloc.start()
    try:
        assert found("m.pkl", data, []) == []
        assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()


def test_operations_beyond_a_number_are_told(found: Look) -> None:
    read = read_pickle(pickle.dumps([MAIL] + [[n] for n in range(5000)]), most=1000)

    assert read.problem == "only its first 1000 operations were read one by one"
    assert MAIL in read.texts
    assert read_onnx(b"\x08\x01" * 2000, most=1000).problem == read.problem


SAID = {
    "zeros by joblib": ("m.joblib", lambda: by_joblib(np.zeros(8 * 2**20), ("zlib", 9)), "too large"),
    "zeros by lz4": ("m.joblib", lambda: pa.compress(bytes(64 * 2**20), codec="lz4", asbytes=True), "too large"),
    "half of lz4": ("m.joblib", lambda: pa.compress(os.urandom(9999), codec="lz4", asbytes=True)[:50], "unpacked"),
    "lz4 of another version": ("m.joblib", lambda: b"\x04\x22\x4d\x18\x00\x40\x00", "unpacked"),
    "no array": ("a.npy", lambda: b"\x93NUMPY\1\0\xff\xff{", "array of numpy"),
    "a header that goes on": ("a.npy", lambda: b"\x93NUMPY\1\0\x10\x27" + b"(" * 10_000, "array of numpy"),
    "an array of more than there is": (
        "a.npy",
        lambda: b"\x93NUMPY\1\0\x40\0" + b"{'descr':'<f8','fortran_order':False,'shape':(999999999,)}".ljust(64),
        "array of numpy",
    ),
    "half a model of ONNX": ("m.onnx", lambda: _field(7, _field(5, bytes(50))[:20]), "cut off"),
    "a number without an end": ("m.onnx", lambda: b"\xff" * 400, "cut off"),
    "a length of all there is": ("m.onnx", lambda: b"\x3a" + b"\xff" * 9 + b"\1", "cut off"),
    "graphs in graphs": ("m.onnx", lambda: _graphs(60), "nested deeper"),
}


def _field(number: int, data: bytes) -> bytes:
    size = len(data)
    coded = bytearray()
    while size > 127:
        coded.append(size & 127 | 128)
        size >>= 7
    return bytes([number << 3 & 127 | 2, *coded, size]) + data


def _graphs(levels: int) -> bytes:
    data = b""
    for _ in range(levels):
        data = _field(1, _field(5, _field(6, data)))  # of a graph a node, its attribute, the graph in that
    return _field(7, data)


@pytest.mark.parametrize("what", SAID)
def test_a_sentence_each(what: str, found: Look) -> None:
    name, made, said = SAID[what]
    problems: list[str] = []

    assert found(name, made(), problems) == []
    assert said in "".join(problems)


@pytest.mark.parametrize(
    "tensor",
    [
        b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x08\x02\x10\x01\x42\x01a",  # dims that multiply to very many
        b"\x0a\x02\x80\x80\x10\x01\x42\x01a",  # a number that is cut off within dims
        b"\x08\x02\x08\x02\x10\x01\x42\x01a\x4a\x03abc",  # fewer bytes than cells
        b"\x08\x02\x08\x02\x10\x08\x42\x01a\x32\x01\xff",  # a text that is none
    ],
)
def test_tensors_that_say_what_is_not_so(tensor: bytes, found: Look) -> None:
    scan = _field(1, _field(1, b"a") + _field(4, b"Scan"))

    assert found("m.onnx", _field(7, _field(5, tensor) + scan), []) == []


def test_fields_are_not_believed() -> None:
    with pytest.raises(Unreadable):
        message(memoryview(b"\x3a\x7f" + bytes(3)), Budget())


SEEDS: dict[str, bytes] = {
    **{f"{form}.pkl": pack([neighbours(), PEOPLE]) for form, pack in PACKED.items() if form[-1] in "025b4"},
    "m.onnx": _field(
        7, _field(5, b"\x08\x02\x08\x02\x10\x01\x42\x01a\x4a\x10" + bytes(16)) + _field(1, b"\x0a\x01a\x22\x04Scan")
    ),
}
JUDGE = Judge(built_in(), None, 60)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_is_damaged_ends_in_findings_or_a_sentence(data: Any) -> None:
    name = data.draw(st.sampled_from(sorted(SEEDS)))
    changed = bytearray(SEEDS[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(0, len(changed) - 1)))
        new = data.draw(
            st.one_of(st.binary(max_size=4), st.sampled_from([b"\xff" * 8, b"(", b"R", b"b", b"\x94", b"t"]))
        )
        changed[at : at + data.draw(st.integers(0, 40))] = new
    problems: list[str] = []

    findings = findings_in(name, bytes(changed), JUDGE, problems)

    assert not any(MAIL in str(one) for one in findings)
    assert all(isinstance(one, str) and "\n" not in one for one in problems)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\x80\x04", b"\x80\x02(", b"\x04\x22\x4d\x18\x60\x40\x00", b"\x93NUMPY\1\0"]),
)
def test_bytes_of_any_kind_raise_nothing_but_why(data: bytes, head: bytes) -> None:
    for read in (read_pickle, read_onnx, unpacked):
        try:
            read(head + data)
        except Unreadable as reason:
            assert str(reason)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=70_000)
    | st.lists(st.sampled_from([b"abcdef", b"a", b"xyz" * 9])).map(lambda parts: b"".join(parts * 99))
)
def test_lz4_gives_back_what_was_packed(data: bytes) -> None:
    assert unpacked(pa.compress(data, codec="lz4", asbytes=True)) == data


def test_members_of_lz4_that_point_before_the_beginning() -> None:
    block = bytes([0x10, 65, 9, 0, 0])

    with pytest.raises(Unreadable):
        unpacked(b"\x04\x22\x4d\x18\x60\x40\x00" + struct.pack("<I", len(block)) + block)
    assert zlib.compress(b"") and unpacked(b"plain") == b"plain"
