"""Headers are read as words, in the ways people write them."""

from __future__ import annotations

import pytest

from jupyter_privguard.classification._header_words import all_words, words_in
from jupyter_privguard.classification.headers import STRONG, label_text, read_header, words_of
from jupyter_privguard.model import ENTITIES, NATIONAL_IDS


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("dateOfBirth", ("date", "of", "birth")),
        ("DATE_OF_BIRTH", ("date", "of", "birth")),
        ("customerID", ("customer", "id")),
        ("IPAddress", ("ip", "address")),
        ("phone1", ("phone", "1")),
        ("Prénom", ("prenom",)),
        ("Straße", ("strasse",)),
        ("e-mail (work)", ("e", "mail", "work")),
        ("姓名", ("姓名",)),
        ("", ()),
    ],
)
def test_labels_are_split_into_words(label, words):
    assert words_of(label) == words


@pytest.mark.parametrize(
    ("label", "entity"),
    [
        ("dateOfBirth", "DATE_OF_BIRTH"),
        ("dateofbirth", "DATE_OF_BIRTH"),
        ("DOB", "DATE_OF_BIRTH"),
        ("Geburtsdatum", "DATE_OF_BIRTH"),
        ("fecha_nac", "DATE_OF_BIRTH"),
        ("dt_nasc", "DATE_OF_BIRTH"),
        ("cust_email_addr", "EMAIL_ADDRESS"),
        ("Courriel", "EMAIL_ADDRESS"),
        ("fll_nm", "PERSON_NAME"),
        ("Nachname", "PERSON_NAME"),
        ("prénom", "PERSON_NAME"),
        ("sobrenome", "PERSON_NAME"),
        ("mobile_no", "PHONE_NUMBER"),
        ("Aadhaar No", "IN_AADHAAR"),
        ("social_security_number", "US_SSN"),
        ("ssn", "US_SSN"),
        ("Kontonummer", "BANK_ACCOUNT"),
        ("blood_type", "HEALTH_MEASURE"),
        ("credit_score", "FINANCIAL"),
        ("maritalStatus", "MARITAL_STATUS"),
        ("umar", "AGE"),
        ("vetan", "INCOME"),
        ("accn_nmbr", "BANK_ACCOUNT"),
    ],
)
def test_headers_with_one_meaning_are_strong(label, entity):
    assert read_header(label).score(entity) >= STRONG


@pytest.mark.parametrize(
    ("label", "entity"),
    [
        ("WorkLifeBalance", "ACCOUNT_BALANCE"),
        ("driver_version", "DRIVER_LICENSE"),
        ("package", "AGE"),
        ("average", "AGE"),
        ("usage", "AGE"),
        ("capacity", "CITY"),
        ("scenario", "INCOME"),
        ("description", "IP_ADDRESS"),
        ("shipment", "IP_ADDRESS"),
        ("Essex", "GENDER"),
        ("machine", "MAC_ADDRESS"),
        ("discovery", "CARD_CVV"),
        ("Low_wage_jobs", "INCOME"),
    ],
)
def test_words_inside_other_words_are_not_matched(label, entity):
    reading = read_header(label)

    assert reading.score(entity) < STRONG or reading.veto


@pytest.mark.parametrize("label", ["email_opens", "phone_type", "card_count", "address_verified", "passport_expiry"])
def test_words_that_make_it_a_column_about_something_are_seen(label):
    assert read_header(label).veto


@pytest.mark.parametrize("label", ["store_city", "product_name", "branch_phone", "wrhs_cty", "Company Name", "airport"])
def test_words_for_things_are_seen(label):
    assert read_header(label).thing


def test_any_label_has_a_text():
    class Odd:
        def __str__(self):
            raise RuntimeError

    labels = [None, 3, 2.5, ("a", ("b", 1)), "x" * 70_000, Odd(), b"bytes", frozenset()]

    assert [type(label_text(label)) for label in labels] == [str] * len(labels)
    assert label_text(("first", "name")) == "first name"


def test_a_very_long_label_is_read_at_its_beginning_only():
    assert read_header("email " + "x " * 10_000).words == ("email", *["x"] * 39)


LANGUAGES = all_words()
_NOT_NAMED = {"NONE", "INTERNAL_UNKNOWN", "FREE_TEXT_WITH_PII", *NATIONAL_IDS}
_MANY = "de fr es pt it nl pl hi ja zh tr id ar".split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_a_language_decides_for_its_entity(language):
    phrases = [(entity, phrase) for entity, said in LANGUAGES[language].strong.items() for phrase in said]
    readings = [(entity, phrase, read_header(phrase)) for entity, phrase in phrases if entity != "NONE"]

    assert [each[:2] for each in readings if each[2].score(each[0]) < STRONG or each[2].veto] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_that_only_suggests_is_read_too(language):
    phrases = [(entity, phrase) for entity, said in LANGUAGES[language].weak.items() for phrase in said]

    assert [(entity, phrase) for entity, phrase in phrases if not read_header(phrase).score(entity)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_that_only_look_like_an_entity_speak_against_all(language):
    assert [phrase for phrase in LANGUAGES[language].strong.get("NONE", ()) if not read_header(phrase).veto] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_files_name_entities_that_exist(language):
    assert {*LANGUAGES[language].strong, *LANGUAGES[language].weak} <= {*ENTITIES}


@pytest.mark.parametrize("entity", sorted({*ENTITIES} - _NOT_NAMED))
def test_each_entity_has_words_in_many_languages(entity):
    named = [language for language in _MANY if entity in LANGUAGES[language].strong]

    few = {"VOTER_ID", "IBAN", "CARD_CVV", "DEVICE_ID", "MAC_ADDRESS", "SEXUAL_ORIENTATION", "GEO_COORDINATE"}
    assert entity in LANGUAGES["en"].strong
    assert len(named) >= (0 if entity == "GEO_COORDINATE" else 3 if entity in few else 10)


def test_a_line_that_cannot_be_read_is_named(tmp_path):
    file = tmp_path / "xx.txt"
    file.write_text("# a language\nAGE: years\nno colon here\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"xx\.txt, line 3"):
        words_in(file)


@pytest.mark.parametrize(
    ("label", "entity"),
    [
        ("ｅｍａｉｌ", "EMAIL_ADDRESS"),
        ("Ｄａｔｅ＿ｏｆ＿Ｂｉｒｔｈ", "DATE_OF_BIRTH"),
        ("ﾒｰﾙｱﾄﾞﾚｽ", "EMAIL_ADDRESS"),
        ("fødselsnummer", "NO_FNR"),
        ("imię i nazwisko", "PERSON_NAME"),
        ("doğum", ""),
        ("bs_py_cd", "INCOME"),
        ("avl_bl", "ACCOUNT_BALANCE"),
        ("crdt_lmt", "FINANCIAL"),
    ],
)
def test_full_width_letters_accents_and_bare_consonants_are_read(label, entity):
    reading = read_header(label)

    assert reading.score(entity) >= STRONG if entity else not reading.hints


@pytest.mark.parametrize("label", ["mtr_id", "byt_cnt", "cnnc_typ", "md5", "shlf_cd", "wrhs_ct"])
def test_short_words_for_things_are_no_persons(label):
    reading = read_header(label)

    assert not reading.hints or reading.thing or reading.veto
