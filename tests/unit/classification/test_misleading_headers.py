"""Where values refute several headers of a table, its other headers are believed less."""

from __future__ import annotations

import pandas as pd

import jupyter_privguard as pg

MAILS = [f"reader{n}@corp.example" for n in range(60)]
IPS = [f"192.0.2.{n}" for n in range(60)]
WORDS = [f"{word} {n % 7}" for n, word in enumerate(["blue shelf", "green box", "red lamp"] * 20)]


def confidence(columns, label):
    found = pg.classify(pd.DataFrame(columns))
    return next(v.confidence for v in found if v.column == label), next(v.evidence for v in found if v.column == label)


def test_two_refuted_headers_make_the_rest_doubtful():
    honest = {"email": MAILS, "last_login_ip": IPS, "religion": WORDS, "city": WORDS}
    swapped = {"iban": MAILS, "date_of_birth": IPS, "religion": WORDS, "city": WORDS}

    sure, _ = confidence(honest, "religion")
    doubtful, evidence = confidence(swapped, "religion")

    assert doubtful < sure
    assert any("refute other headers" in reason for reason in evidence)


def test_one_odd_header_says_nothing_of_the_others():
    odd = {"iban": MAILS, "last_login_ip": IPS, "religion": WORDS, "city": WORDS}

    _, evidence = confidence(odd, "religion")

    assert not any("refute other headers" in reason for reason in evidence)


def test_what_values_prove_is_as_sure_as_before():
    swapped = {"iban": MAILS, "date_of_birth": IPS, "city": WORDS}

    assert confidence(swapped, "iban")[0] >= 0.9
