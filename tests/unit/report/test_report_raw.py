"""Raw values on a finished page are found; proofs and accounts are not taken for them."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from jupyter_privguard.model import DataClass, Pattern
from jupyter_privguard.report.raw import raw_cells, raw_sections


def _page(inside: str) -> str:
    head = "<html><head><title>t</title><style>.a{}</style></head>"
    return f'{head}<body><section id="cells">{inside}</section></body></html>'


@pytest.mark.parametrize(
    ("inside", "entity"),
    [
        ("<p>mail jane.doe@example.com now</p>", "EMAIL_ADDRESS"),
        ("<table><tr><td><code>jane.doe@example.com</code></td></tr></table>", "EMAIL_ADDRESS"),
        ("<pre><code>x = jane.doe@example.com</code></pre>", "EMAIL_ADDRESS"),
        ("<p>jane.doe&#64;example.com</p>", "EMAIL_ADDRESS"),
        ("<p>jane.<b>doe</b>@example.com</p>", "EMAIL_ADDRESS"),
        ("<p>4539 1488 0343 6467</p>", "CREDIT_CARD"),
        ("<p class='who'>a</p><p>jane.doe@example.com</p>", "EMAIL_ADDRESS"),
        ("<pre class='proof'>a</pre><p>one<br>two jane.doe@example.com</p>", "EMAIL_ADDRESS"),
    ],
)
def test_raw_values_are_found_with_their_section(inside, entity):
    assert ("cells", entity) in raw_sections(_page(inside))


@pytest.mark.parametrize(
    "inside",
    [
        "<p>2026-11-25 21:57:03 UTC, 1,225 values, #3–#61, 600 rows, 0.1.0, 3.11.7</p>",
        "<td>11-25 21:57:03</td><td>[12] 11-25 21:57:04</td>",
        '<span class="who">jane.doe@example.com</span>',
        '<pre class="proof">— privguard/1f2e3d4c +4915112345678jane.doe@example.com</pre>',
        "<p>GDPR Art. 5(1)(b); 45 CFR 164.312(a)(2)(iv); ISO/IEC 27001:2022, A.8.11; Regulation (EU) 2016/679</p>",
        "<p>tok_7f3a91bc enc_91bc00de</p>",
        "<table><tr><td>4111</td><td>1111</td><td>1111</td><td>1111</td></tr></table>",
    ],
)
def test_what_a_report_usually_says_is_no_hit(inside):
    assert raw_sections(_page(inside)) == []


def test_proofs_are_never_hits():
    for number in range(300):
        digest = hashlib.sha256(str(number).encode()).digest()
        signature = base64.b64encode(digest * 3).decode()
        proof = f'<td><code class="proof">{digest.hex()}</code></td><pre class="proof">{signature}</pre>'
        assert raw_sections(_page(proof)) == []


STAFF = Pattern("STAFF_NO", DataClass.INTERNAL, "ST-[0-9]{6}", ("staff no",))
BADGE = Pattern("BADGE", DataClass.PII, "[0-9]{6}", ("badge",), True)
CREW = Pattern("CREW_NO", DataClass.PII, "[A-Z]{3}")


@pytest.mark.parametrize(
    ("inside", "entities"),
    [
        ("<p>handed over by ST-123456</p>", ["STAFF_NO"]),
        ("<td><code>ST-123456</code></td>", ["STAFF_NO"]),
        ("<p>badge 123456</p>", ["BADGE"]),
        ("<p>XQZ was there</p>", ["CREW_NO"]),
        ("<p>ST-123456 and jane.doe@example.com</p>", ["EMAIL_ADDRESS", "STAFF_NO"]),
        # parts of our own words, and words of our code that no page shows, are no words of ours
        ("<p>FRA ABL PAG</p>", ["CREW_NO", "CREW_NO", "CREW_NO"]),
        ("<p>SEC</p><td>STR</td>", ["CREW_NO", "CREW_NO"]),
        ("<p>UTC/XQZ</p>", ["CREW_NO", "CREW_NO"]),
        # near misses
        ("<p>ST-12345 and ST-1234567</p>", []),
        ("<p>order 123456</p>", []),
        ('<pre class="proof">ST-123456</pre><span class="who">ST-123456</span>', []),
        ("<p>2026-11-25 21:57:03 UTC, 11-25 21:57:03, of class PII under the GDPR</p>", []),
    ],
)
def test_values_of_the_policy_s_own_forms_are_found_and_the_report_s_own_words_are_not(inside, entities):
    found = raw_sections(_page(inside), (STAFF, BADGE, CREW))

    assert sorted(entity for _, entity in found) == entities


@pytest.mark.parametrize("regex", [r"CFR [0-9]{3}", r"A\.[0-9]", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[a-z]{4} [a-z]{4}"])
def test_parts_of_the_reports_own_numbers_and_words_are_hits_where_they_stand_alone(regex):
    loose = Pattern("LOOSE", DataClass.PII, regex)
    own = "<p>9 events from 2026-11-24 to 2026-11-25 (UTC), 45 CFR 164.312(a)(2)(iv) and ISO/IEC 27001:2022, A.8.11</p>"

    assert raw_sections(_page(own), (loose,)) == []
    for value in ("CFR 164", "A.8", "2026-11-25", "ords mask"):
        found = raw_sections(_page(f"<td>{value}</td>"), (loose,))
        assert bool(found) == bool(re.fullmatch(regex, value)), value


def test_without_such_a_policy_they_are_no_hits():
    assert raw_sections(_page("<p>handed over by ST-123456</p>")) == []


def test_cells_of_csv_are_looked_at_one_by_one_and_accounts_are_not():
    header = "account,column,events\r\n"

    assert raw_cells(header + "asha.rao@example.org,email,1 2 3\r\n") == []
    assert raw_cells(header + "asha,asha.rao@example.org,1\r\n") == ["EMAIL_ADDRESS"]
    assert raw_cells(header + 'asha,"a, ""DE89370400440532013000""",1\r\n') == ["IBAN"]
