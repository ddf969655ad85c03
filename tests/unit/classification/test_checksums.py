"""Check digits against the standards' own examples, and the errors they promise to find."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_privguard.classification import checksums

_DIGITS = st.text("0123456789", min_size=4, max_size=18)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (checksums.luhn, "79927398713", "79927398710"),
        (checksums.luhn, "4111111111111111", "4111111111111112"),
        (checksums.verhoeff, "2363", "2364"),
        (checksums.verhoeff, "123451", "123415"),
        (checksums.iban, "GB82WEST12345698765432", "GB82WEST12345698765423"),
        (checksums.iban, "DE89370400440532013000", "DE8937040044053201300"),
        (checksums.iso7064_mod11_10, "86095742719", "86095742718"),
        (checksums.iso7064_mod11_2, "11010519491231002X", "110105194912310021"),
        (checksums.luhn_mod36, "27AAPFU0939F1ZV", "27AAPFU0939F1ZW"),
    ],
)
def test_published_examples(check, good, bad):
    assert check(good)
    assert not check(bad)


@pytest.mark.parametrize(
    "check",
    [
        checksums.luhn,
        checksums.verhoeff,
        checksums.iban,
        checksums.iso7064_mod11_10,
        checksums.iso7064_mod11_2,
        checksums.luhn_mod36,
        checksums.iso7064_mod97,
    ],
)
@pytest.mark.parametrize("text", ["", "x", "١٢٣٤", "12 34", "-1", "½", "GB", "😀" * 20])
def test_what_cannot_be_checked_is_not_right(check, text):
    assert check(text) in (False, True)
    assert not check(text) or text == ""


@given(_DIGITS, st.data())
@settings(max_examples=100)
def test_verhoeff_finds_every_wrong_digit_and_every_swap_of_neighbours(body, data):
    number = next(body + digit for digit in "0123456789" if checksums.verhoeff(body + digit))
    place = data.draw(st.integers(0, len(number) - 2))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))

    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert not checksums.verhoeff(number[:place] + other + number[place + 1 :])
    assert swapped == number or not checksums.verhoeff(swapped)


@given(_DIGITS, st.data())
@settings(max_examples=100)
def test_luhn_finds_every_wrong_digit(body, data):
    number = next(body + digit for digit in "0123456789" if checksums.luhn(body + digit))
    place = data.draw(st.integers(0, len(number) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))

    assert not checksums.luhn(number[:place] + other + number[place + 1 :])


def test_one_random_number_in_ten_passes_so_one_hit_proves_nothing():
    numbers = [f"{n * 7919 % 10**12:012d}" for n in range(1, 2001)]

    for check in (checksums.luhn, checksums.verhoeff):
        assert 0.05 < sum(map(check, numbers)) / len(numbers) < 0.15
