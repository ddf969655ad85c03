"""Texts of long columns as hashes of their words: what is found is what stands there, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.frames.packed_texts import PackedTexts, merged, ordered_hashes
from jupyter_privguard.frames.phrases import Looked, key_of, learned

ALL = Looked(
    words=True, digits=True, last_digits=10, parts=True, before_at=True, least=5, least_digits=9, common=frozenset()
)


@given(st.lists(st.text(), unique=True), st.text())
@settings(max_examples=60, deadline=None)
def test_packed_texts_are_what_they_were(texts: list[str], other: str) -> None:
    packed = PackedTexts(texts)

    assert [packed[at] for at in range(len(packed))] == list(packed) == texts
    assert all(text in packed for text in texts) and (other in packed) == (other in texts)
    assert packed.without([*texts, other]) == ([] if other in texts else [other])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CUST-00017", ("cust", "00017")),
        ("asha.k77@corp.example", ("asha", "k77", "corp", "example")),
        ("Müller, Jörg", ("müller", "jörg")),
        ("O'Brien   Sean", ("o", "brien", "sean")),
        ("kulkarni", ("kulkarni",)),
        ("12 MG Road", ("12", "mg", "road")),
    ],
)
@pytest.mark.parametrize("beside", [[], ["Zoë Ångström"], ["plain text beside it", "98"]])
def test_a_text_is_found_by_all_of_its_words_and_by_no_others(text, words, beside) -> None:
    found = learned([*beside[:1], text, *beside[1:]], ALL, str.casefold)

    assert found.phrase(key_of(words)) == text
    assert found.lengths is not None and len(words) in found.lengths[words[0]]
    assert len(words) == 1 or found.has_second(words[1])
    assert found.phrase(key_of((*words, "more"))) is None and found.phrase(key_of(words[1:] or ("other",))) is None
    assert found.phrase(key_of(tuple(reversed(words)))) in (None, *([text] if len(words) == 1 else []))


@pytest.mark.parametrize(
    ("text", "looked_for", "is_found"),
    [
        ("asha.k77@corp.example", ("asha", "k77"), True),
        ("asha77@corp.example", ("asha77",), True),
        ("someone@corp.example", ("someone",), False),
        ("9812345@corp.example", ("9812345",), False),
        ("a.b@corp.example", ("a", "b"), False),
        ("jörg.m8@corp.example", ("jörg", "m8"), True),
        ("no address at all", ("no", "address"), False),
        ("first@second.name@corp.example", ("first", "second", "name"), True),
    ],
)
def test_what_stands_before_an_at_is_found_where_it_tells_who_it_is(text, looked_for, is_found) -> None:
    found = learned([text], ALL, str.casefold)

    assert found.phrase(key_of(looked_for)) == (text.rpartition("@")[0] if is_found else None)


@pytest.mark.parametrize(
    ("text", "digits", "is_found"),
    [
        ("+91 98765 43210", "919876543210", True),
        ("+91 98765 43210", "9876543210", True),
        ("+91 98765 43210", "876543210", False),
        ("00012345678", "00012345678", True),
        ("00012345678", "12345678", False),
        ("12345678", "12345678", False),
        ("987654321٣", "987654321٣", True),
    ],
)
def test_a_number_is_found_by_its_digits(text, digits, is_found) -> None:
    found = learned([text], ALL, str.casefold)

    assert found.number(digits) == (text if is_found else None)
    assert not is_found or len(digits) in found.sizes


def test_short_and_common_words_are_not_looked_for() -> None:
    found = learned(["Art", "Dean", "an", "winter", "1999"], ALL._replace(common=frozenset({"winter"})), str.casefold)

    assert len(found) == 0 and not found.lengths


@pytest.mark.parametrize(
    ("shown", "is_ending", "is_found"),
    [
        (("wendeline", "oster"), False, True),
        (("wendeline", "osterhaus"), False, False),
        (("wendel",), False, True),
        (("windel",), False, False),
        (("haus",), True, True),
        (("line", "osterhaus"), True, True),
        (("wendeline", "osterhaus"), True, False),
        (("dehaus",), True, False),
    ],
)
def test_a_cut_text_is_known_by_either_end(shown, is_ending, is_found) -> None:
    found = learned(["Adam Zollner", "Wendeline Osterhaus", "Zita Baumann"], ALL, str.casefold)

    known = found.ending(shown) if is_ending else found.starting(shown)
    assert known == ("Wendeline Osterhaus" if is_found else None)


def test_a_stream_that_may_go_on_is_recognised() -> None:
    found = learned(["Wendeline Osterhaus", "+91 98765 43210"], ALL, str.casefold)

    assert found.may_begin("wend") and found.may_begin("wendeline") and found.may_begin("98")
    assert not found.may_begin("west") and not found.may_begin("9" * 13)


def test_hashes_in_order_are_those_of_all_parts() -> None:
    one, other = ordered_hashes([["a", "b"], ["b"]]), ordered_hashes([["c"]])

    assert list(one) == sorted({hash("a"), hash("b")})
    assert list(merged([one, other, one])) == sorted({hash("a"), hash("b"), hash("c")})
    assert list(ordered_hashes([])) == list(merged([])) == []
