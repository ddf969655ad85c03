"""Random surrogates: drawn once, kept sealed, the same for the same value, derived from nothing."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_privguard.keys.keyring import KeyRing
from jupyter_privguard.keys.surrogates import SealedSurrogates
from jupyter_privguard.keys.vault import Vault


def ring(master: bytes = bytes(range(32))) -> KeyRing:
    return KeyRing(master=master, seed=bytes(range(32, 64)), origin="privguard/0000test")


def table(folder: Path) -> SealedSurrogates:
    return SealedSurrogates(folder / "surrogates", ring())


def test_a_value_keeps_its_id_in_every_process_and_has_another_in_another_domain(tmp_path: Path) -> None:
    first = table(tmp_path).surrogate("PATIENT", ["Asha", "John", "Asha"])

    assert first[0] == first[2] != first[1]
    assert all(re.fullmatch("sur_[0-9a-f]{32}", one) for one in first)
    assert table(tmp_path).surrogate("PATIENT", ["John", "Asha"]) == [first[1], first[0]]
    assert table(tmp_path).surrogate("CUSTOMER", ["Asha"]) != [first[0]]


def test_the_same_keys_draw_other_ids_elsewhere(tmp_path: Path) -> None:
    one = table(tmp_path / "one").surrogate("PATIENT", ["Asha"])

    assert table(tmp_path / "other").surrogate("PATIENT", ["Asha"]) != one


def test_two_processes_that_draw_at_once_give_one_id(tmp_path: Path) -> None:
    one, other = table(tmp_path), table(tmp_path)
    values = [f"value {n}" for n in range(300)]

    assert one.surrogate("D", values) == other.surrogate("D", values[::-1])[::-1]


def test_the_table_holds_neither_values_nor_a_way_back_without_the_vault(tmp_path: Path) -> None:
    keys = ring()
    keys.vault = Vault(tmp_path / "vault", keys)
    (drawn,) = SealedSurrogates(tmp_path / "surrogates", keys).surrogate("PATIENT", ["Asha Kulkarni"])
    keys.vault.flush()

    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Asha" not in stored and drawn.removeprefix("sur_").encode() not in stored
    [kept] = keys.vault.find(bytes.fromhex(drawn.removeprefix("sur_")))
    assert (kept.domain, kept.value) == ("PATIENT", "Asha Kulkarni")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=8), max_size=12))
def test_equal_values_have_equal_ids_and_others_others(tmp_path: Path, values: list[str]) -> None:
    drawn = table(tmp_path).surrogate("D", values)

    assert len(set(drawn)) == len(set(values))
    assert dict(zip(values, drawn, strict=True)) == dict(
        zip(values, table(tmp_path).surrogate("D", values), strict=True)
    )
