"""Names in small letters are masked where a text lists them, and are ordinary words elsewhere."""

from __future__ import annotations

import pytest

from jupyter_privguard.guard.texts.known import KnownValues

FAMILY = "Okonkwo Balogun Heikkila Demirtas Beridze Kapanadze Novotny Kucera Suleimenov Georgiadis".split()


@pytest.fixture
def known() -> KnownValues:
    """Ten people."""
    known = KnownValues()
    known.learn("PERSON_NAME", [f"Aino {name}" for name in FAMILY], column="name")
    return known


def found(text: str, known: KnownValues) -> set[str]:
    return {text[hit.start : hit.end] for hit in known.find_listed(text)}


@pytest.mark.parametrize("form", [repr, ", ".join, "\n".join, lambda all_of: str(dict.fromkeys(all_of, 1))])
def test_a_vocabulary(known: KnownValues, form) -> None:
    words = sorted({name.lower() for name in FAMILY} | {"called", "office", "friday", "pain", "reports"})

    assert found(form(words), known) == {name.lower() for name in FAMILY}


@pytest.mark.parametrize(
    "text",
    [
        "the novotny method, by kucera",
        "beridze beridze beridze beridze beridze beridze",
        " ".join([name.lower() for name in FAMILY] + [f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(99)]),
        "xnovotny novotnyx kucera_beridze3x balogunokonkwo heikkila6a demirtas12345678 kapanadze",
        "",
    ],
)
def test_few_of_them_are_words(known: KnownValues, text: str) -> None:
    assert found(text, known) == set()


def test_names_of_accounts_are_listed_with_their_digits(known: KnownValues) -> None:
    words = [f"{name.lower()}{n * 7}" for n, name in enumerate(FAMILY)]

    assert found(str(words), known) == set(words)


def test_letters_that_are_compared_in_another_form() -> None:
    family = "Großkopf Weißenfels Strauß Meißner Boßler Žižkaŭ".split()
    known = KnownValues()
    known.learn("PERSON_NAME", [f"Aino {name}" for name in family], column="name")
    words = sorted({name.lower() for name in family} | {"straße", "größe", "friday"})

    assert found(str(words), known) == {name.lower() for name in family}
