"""Numbers of persons: a word for whom, and a word for a number, in whatever order (``pacjent_id``, ``id_studente``).

Phrases alone would have to name every pair in every language.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

__all__ = ["is_of_key", "person_number", "says_number"]

_CUSTOMERS = (
    "customer client user member student pupil learner subscriber participant passenger guest borrower policyholder"
    " cardholder respondent applicant donor tenant resident beneficiary shopper buyer"
    " kunde kunden kundin mitglied teilnehmer nutzer benutzer schueler schuler versicherte mieter bewerber"
    " utilisateur usager abonne membre adherent etudiant eleve assure locataire cliente patron"
    " clientes usuario socio alumno estudiante afiliado asegurado ciudadano aluno utente segurado assinante estudante"
    " clienti utenti studente studenti iscritto assistito alunno klant klanten lid gebruiker leerling deelnemer"
    " verzekerde klient klienta klienci uzytkownik uzytkownika czlonek czlonka uczen ucznia studenta czytelnik"
    " musteri kullanici uye ogrenci abone pelanggan konsumen pengguna anggota siswa mahasiswa nasabah warga peserta"
    " kund medlem anvandare deltagare bruker bruger asiakas asiakkaan kayttaja jasen"
    " grahak chhatra vidyarthi sadasya labharthi zakaznik zakaznika uzivatel ugyfel felhasznalo"
    " клиент клиента покупатель покупателя пользователь пользователя студент студента ученик ученика абонент абонента"
    " 用户 客户 会员 学生 顾客 用戶 客戶 會員 學生 顧客 会員 利用者 生徒 고객 회원 사용자 학생"
)
_EMPLOYEES = (
    "employee staff worker teacher doctor physician nurse instructor manager supervisor clerk cashier salesperson"
    " mitarbeiter mitarbeiterin angestellter lehrer arzt bearbeiter employe salarie enseignant professeur medecin"
    " vendeur empleado empleada trabajador docente medico vendedor funcionario empregado colaborador servidor"
    " dipendente dipendenti impiegato venditore medewerker werknemer leraar pracownik pracownika nauczyciel lekarz"
    " lekarza calisan personel ogretmen doktor karyawan pegawai guru dosen dokter anstalld medarbetare medarbejder"
    " medarbeider ansatt larare tyontekija karmachari zamestnanec zamestnance alkalmazott"
    " сотрудник сотрудника работник работника врач врача учитель учителя 员工 职工 員工 教师 医生 社員 従業員 職員"
    " 직원 사원"
)
_PATIENTS = (
    "patient patiente paciente paziente pazienti pacjent pacjenta hasta pasien pasient potilas potilaan rogi mareez"
    " pacient pacienta пациент пациента 患者 病人 환자"
)
_ENTITIES = {
    word: entity
    for entity, words in (
        ("CUSTOMER_ID", _CUSTOMERS),
        ("EMPLOYEE_ID", _EMPLOYEES),
        ("MEDICAL_RECORD_NUMBER", _PATIENTS),
    )
    for word in words.split()
}
_KEYS = frozenset(
    "id ids uid uuid guid pk fk sk identifier identifikator identyfikator identifiant identificador identificativo"
    " identificatore kennung code kod codigo codice kode идентификатор код 编号 编码 編號 コード 코드".split()
)
_NUMBERS = frozenset(
    "no nr num number nummer numero numer numara numarasi nomor номер 号码 番号 번호 ref reference".split()
)


def person_number(words: Sequence[str], fill: Collection[str]) -> tuple[str, bool]:
    """The entity of a label that is made of a role and a word for numbers, and whether it has one meaning.

    ``passenger_no`` may also count them; ``fill`` are words that say nothing. Empty for any other label.
    """
    entities = {_ENTITIES[role] for word in words if (role := _role(word))}
    keys = any(word in _KEYS for word in words)
    if len(entities) != 1 or not (keys or any(word in _NUMBERS for word in words)):
        return "", False
    if any(not (_role(word) or word in _KEYS or word in _NUMBERS or word in fill or word.isdigit()) for word in words):
        return "", False
    return entities.pop(), keys


def is_of_key(words: Sequence[str]) -> bool:
    """Whether a label names something's key (``loan_id``), not what is kept of it."""
    return len(words) > 1 and not _KEYS.isdisjoint((words[0], words[-1]))


def says_number(words: Sequence[str]) -> bool:
    """Whether a word of a label says that what it holds numbers something."""
    return not _KEYS.isdisjoint(words) or not _NUMBERS.isdisjoint(words)


def _role(word: str) -> str:
    return word if word in _ENTITIES else word[:-1] if word.endswith("s") and word[:-1] in _ENTITIES else ""
