"""Keys of persons in any language and order, and keys of things and amounts, which are nobody's number."""

from __future__ import annotations

import pandas as pd
import pytest

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.classification.headers import STRONG, WEAK, read_header
from jupyter_privguard.frames import view

KEYS = {
    "CUSTOMER_ID": "id_studente aluno_id alunoId id_kunde mitglied_id ogrenci_id pelanggan_id id_warga zakaznik_id"
    " uzytkownik_id utilisateur_id usuarioId id_klient eleve_id anvandare_id medlem_id ma_kh клиент_id 用户编号",
    "EMPLOYEE_ID": "pracownik_id dipendente_id id_medewerker karyawan_id id_calisan funcionario_code empleadoId"
    " medarbeider_id id_teacher doctor_code MaNV сотрудник_id",
    "MEDICAL_RECORD_NUMBER": "pacjent_id paziente_id pasien_id pacient_id id_hasta patiente_id ma_bn",
}
NOBODYS = (
    "loan_id id_prestito prestamo_id salary_id income_id balance_id id_emprestimo product_id order_id student_count"
)


@pytest.mark.parametrize(("entity", "label"), [(e, label) for e, labels in KEYS.items() for label in labels.split()])
def test_a_role_and_a_key_are_a_persons_number(entity, label):
    hint = read_header(label).hints[0]
    assert (hint.entity, hint.score) == (entity, STRONG)


def test_a_role_and_a_number_only_suggest_one():
    assert read_header("uczen_no").score("CUSTOMER_ID") == WEAK
    assert read_header("lekarza_nr").score("EMPLOYEE_ID") == WEAK


@pytest.mark.parametrize("label", NOBODYS.split())
def test_keys_of_things_and_amounts_are_no_amounts_and_no_persons_numbers(label):
    frame = pd.DataFrame({"email": [f"p{i}@mail.example" for i in range(40)], label: [7001 + i for i in range(40)]})
    assert classify(view(frame))[1].entity in ("NONE", "INTERNAL_UNKNOWN")


def test_a_status_that_is_coded_is_still_one():
    assert read_header("loan status code").score("FINANCIAL") == STRONG


def test_small_numbers_that_repeat_are_counts_unless_the_label_says_that_they_number():
    small = [1 + i % 5 for i in range(60)]
    frame = pd.DataFrame({"e": [f"p{i}@mail.example" for i in range(60)], "staff_on_shift": small, "staff_id": small})
    counts, numbers = classify(view(frame))[1:]
    assert not counts.is_sensitive
    assert (numbers.entity, numbers.is_sensitive) == ("EMPLOYEE_ID", True)


def test_a_crowd_that_is_counted_is_nobodys_number():
    frame = pd.DataFrame({"e": [f"p{i}@mail.example" for i in range(60)], "staff": [1 + i % 5 for i in range(60)]})
    assert not classify(view(frame))[1].is_sensitive


@pytest.mark.parametrize("label", ["task_name", "currency_name", "milestoneName", "ALCACER DO SAL"])
def test_names_of_tasks_and_towns_of_salt_are_about_nobody(label):
    assert read_header(label).thing or not read_header(label).hints
