"""Why a team store could not be reached is told in words that help, and never in the server's own."""

from __future__ import annotations

import pytest

from jupyter_privguard.audit.stores.unreached import why_unreached

AT = 'connection failed: connection to server on socket "/run/postgresql/.s.PGSQL.5432"'


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (f'{AT} failed: FATAL:  role "asha@corp.example" does not exist', "it knows no such login"),
        (f'{AT} failed: FATAL:  database "governance" does not exist', "it has no such database"),
        (f'{AT} failed: FATAL:  password authentication failed for user "asha"', "it does not let this login in"),
        (f"{AT} failed: fe_sendauth: no password supplied", "it does not let this login in"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "asha", SSL off', "it does not let this login in"),
        ("SSL error: certificate verify failed", "its TLS cannot be trusted"),
        (f"{AT} failed: No such file or directory\n\tIs the server running locally?", "nobody answers there"),
        ('connection to server at "10.0.0.1", port 5432 failed: Connection refused', "nobody answers there"),
        ("connection timeout expired", "nobody answers there"),
        ("FATAL:  Rolle »asha« existiert nicht", "OperationalError"),
        ("", "OperationalError"),
    ],
)
def test_what_the_library_says_is_told_as_a_reason_and_a_cure(said: str, why: str) -> None:
    told = why_unreached(said, "OperationalError")

    assert told.startswith(f"({why}); ") and not told.endswith(".")
    assert "asha" not in told and "10.0.0.1" not in told
