"""Headers as people write them, in fifteen languages: each names its entity, and near misses name nobody's."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_privguard.classification.classifier import classify
from jupyter_privguard.classification.compounds import split_compound, split_run
from jupyter_privguard.classification.headers import STRONG, read_header
from jupyter_privguard.frames import view

# Abbreviated, in snake and camel case, in capitals, with prefixes and endings, of SAP, CRM and hospital systems.
VARIANTS = {
    "PERSON_NAME": """
        cust_nm full_name FullName FIRST_NM LASTNAME patientName Emp_Name t1_src_last_name_raw tbl_person_name
        c_surname Nachname_Kunde vorname_patient NACHNAME_1 Name,Vorname nom_prenom NOMCLIENT prenom_patient
        PrenomBeneficiaire nom_du_salarie nombre_cliente NOMBRES_APELLIDOS apellido1 apePaterno
        apellido_paterno_alumno nomeCliente nm_paciente NOME_COMPLETO sobrenome_cliente cognome_cliente
        NomeCognome nominativo voornaam_klant ACHTERNAAM imie_klienta NazwiskoPacjenta efternamn Förnamn
        pura_naam grahak_ka_naam 氏名（漢字） 顧客氏名 患者名 氏名_カナ shimei_kana 客户姓名 姓名 xingming
        联系人姓名 AdSoyad musteri_adi_soyadi hasta_adi nama_lengkap NAMAPELANGGAN nama_pasien ism_al_mareed
        al_ism_al_kamil PersonFirstName account_holder_nm beneficiary_nm name_on_card mother_maiden_name
        fathers_name spouse_nm LastName__c nok_name pt_first_name
    """,
    "EMAIL_ADDRESS": """
        CUSTOMEREMAIL email_addr e-mail EMail1 PersonEmail work_email contact_email_v2 src_email_raw eml_adr
        Email_ID mailid E-Mail-Adresse kunden_email emailadresse_privat adresse_mail courriel_client adr_mail
        MAILCLIENT correo_electronico correo_cliente CORREOELECTRONICO dir_correo email_cliente endereco_email
        indirizzo_email posta_elettronica e-mailadres emailadres_klant adres_email mail_klienta epostadress
        e-post email_pata メールアドレス お客様メールアドレス メール 邮箱 电子邮箱 联系邮箱 e_posta
        musteri_eposta eposta_adresi alamat_email emel_pelanggan al_barid_al_iliktroni SMTP_ADDR emailaddress1
        user.email customer-email-address
    """,
    "PHONE_NUMBER": """
        mob mob_no phone_nbr MOBILENO tel_nr telnr_privat Handynummer TELF1 TEL_NUMBER MobilePhone phn_no ph_num
        home_tel cell_phone_no tel_mobil kunden_telefon telefonnr_dienstlich tel_portable num_tel TELPORTABLE
        numero_telephone_client tel_fixe telefono_movil tel_celular num_telefono_cliente TELEFONOCASA
        celular_cliente nr_telefone fone_cliente telemovel telefone_contato cellulare num_cellulare
        recapito_telefonico telefoonnummer mobiel_nr telefoon_klant nr_telefonu tel_kom telefonnummer mobilnr
        mobile_sankhya doorbhash_sankhya 電話番号 携帯電話番号 自宅電話 denwa_bangou 手机号 联系电话
        客户手机号码 shoujihao cep_telefonu telefon_no gsm_no no_hp nomor_telepon no_telp_pelanggan
        raqm_al_jawwal raqm_hatif emergency_contact_no fax_no whatsapp_no
    """,
    "ADDRESS": """
        addr1 ADDRESS_LINE_1 street_addr home_addr HomeAddress mailing_street MailingStreet STRAS STREET
        house_no str_nr Strasse_Hausnr wohnadresse ANSCHRIFT adresse_postale adresse_client ADRESSELIVRAISON
        num_rue direccion_cliente DIRECCION calle_numero domicilio_fiscal endereco_cliente LOGRADOURO
        end_completo morada indirizzo_residenza via_e_numero straatnaam huisnummer adres_zamieszkania ulica_nr
        gatuadress bostadsadress ghar_ka_pata sthayi_pata 住所 自宅住所 現住所 jusho 家庭住址 联系地址 详细地址
        dizhi ev_adresi acik_adres alamat_rumah alamat_lengkap al_unwan unwan_al_sakan res_addr perm_addr
    """,
    "POSTCODE": """
        zip zip_cd ZipCode postal_cd PSTLZ POST_CODE1 MailingPostalCode cust_zip plz PLZ_Kunde postleitzahl
        code_postal CODEPOSTAL cp_client cod_postal codigo_postal_cliente cep CEP_cliente codice_postale
        cap_residenza postcode kod_pocztowy postnummer pin_code pincode 郵便番号 yubin_bango 邮编 邮政编码
        posta_kodu kode_pos ramz_baridi
    """,
    "DATE_OF_BIRTH": """
        dob DOB_dt birth_dt birthDate BIRTHDT GBDAT year_of_birth yob d_o_b cust_dob born_on geb_dat geburtsdat
        GebDatum geburtsdatum_patient date_naiss DATNAISS dt_naissance ddn annee_naissance fech_nac FECNAC
        fecha_nacimiento_cliente f_nacimiento dt_nasc DATANASC data_nascimento_aluno data_nasc data_nascita
        datanascita anno_nascita geboortedatum gebdatum data_urodzenia data_ur rok_urodzenia fodelsedatum
        Födelsedatum janm_tithi janam_tithi 生年月日 顧客生年月日 誕生日 seinengappi 出生日期 出生年月
        客户出生日期 shengri dogum_tarihi DogumTarihi tgl_lahir tanggal_lahir_pasien tarikh_al_milad
    """,
    "AGE": """
        age AGE_YRS age_years cust_age pt_age age_grp AgeGroup alter_jahre lebensalter altersgruppe age_client
        tranche_age edad edad_paciente rango_edad idade faixa_etaria idade_anos fascia_eta eta_anni leeftijd
        leeftijdscategorie wiek wiek_klienta ålder åldersgrupp umar aayu 年齢 年齢層 nenrei 年龄 年龄段 患者年龄
        yas yas_grubu umur usia_pasien al_umr anchor_age
    """,
    "GENDER": """
        sex gender GNDR cust_gender gender_cd geschlecht GESCHL geschlecht_kunde sexe civilite sexe_patient sexo
        genero sexo_paciente genere sesso geslacht plec kön kjonn ling 性別 seibetsu 性别 客户性别 xingbie
        cinsiyet jenis_kelamin jk al_jins jantina administrative_gender
    """,
    "MARITAL_STATUS": """
        marital_status MaritalStatus mar_stat familienstand FAMST etat_civil situation_familiale sit_fam
        estado_civil edo_civil stato_civile burgerlijke_staat stan_cywilny civilstånd vaivahik_sthiti 婚姻状況
        配偶者有無 婚姻状况 婚否 medeni_durum status_perkawinan al_hala_al_ijtimaiya
    """,
    "NATIONALITY": """
        nationality citizenship country_of_birth NATIO staatsangehoerigkeit geburtsland nationalite
        pays_naissance nacionalidad pais_nacimiento nacionalidade cittadinanza nationaliteit obywatelstwo
        medborgarskap rashtriyata 国籍 uyruk kewarganegaraan warganegara al_jinsiya
    """,
    "ETHNICITY": """
        ethnicity ethnic_grp race_ethnicity caste ethnische_herkunft origine_ethnique etnia grupo_etnico
        raca_cor etnia_cliente etniciteit pochodzenie_etniczne etnicitet jati 民族 人種 种族 etnik_koken
        suku_bangsa race_concept_id
    """,
    "RELIGION": """
        religion relig religious_affil KONFE konfession religionszugehoerigkeit religion_client
        confession_religieuse religiao religione religie wyznanie dharm 宗教 宗教信仰 dini_inanc agama al_diyana
    """,
    "POLITICAL": """
        political_party party_affil parteizugehoerigkeit parti_politique opinion_politique partido_politico
        afiliacion_politica filiacao_partidaria orientamento_politico politieke_voorkeur poglady_polityczne
        rajnitik_dal 支持政党 政治面貌 siyasi_gorus partai_politik
    """,
    "CRIMINAL_RECORD": """
        criminal_record prior_convictions crim_hist vorstrafen fuehrungszeugnis casier_judiciaire
        antecedentes_penales antecedentes_criminais precedenti_penali strafblad karalnosc brottsregister
        apradhik_record 犯罪歴 前科 犯罪记录 sabika_kaydi catatan_kriminal
    """,
    "SEXUAL_ORIENTATION": """
        sexual_orientation sex_orient lgbtq_status sexuelle_orientierung orientation_sexuelle orientacion_sexual
        orientacao_sexual orientamento_sessuale seksuele_geaardheid orientacja_seksualna sexuell_laggning
        性的指向 性取向 cinsel_yonelim orientasi_seksual
    """,
    "TRADE_UNION": """
        union_member trade_union_membership gewerkschaft gewerkschaftsmitglied syndicat appartenance_syndicale
        sindicato afiliacion_sindical filiacao_sindical iscrizione_sindacale vakbond zwiazek_zawodowy
        fackforbund 労働組合 工会会员 sendika serikat_pekerja
    """,
    "BIOMETRIC": """
        fingerprint_hash face_embedding faceprint voice_print iris_scan fingerabdruck empreinte_digitale
        huella_digital huella_dactilar impressao_digital impronta_digitale vingerafdruk odcisk_palca
        fingeravtryck 指紋 顔認証 指纹 人脸特征 parmak_izi sidik_jari
    """,
    "USERNAME": """
        user_name login_id usr_nm screen_name twitter_handle samAccountName benutzername BENUTZERKENNUNG
        nom_utilisateur identifiant_connexion nombre_usuario usuario nome_usuario nome_utente gebruikersnaam
        nazwa_uzytkownika anvandarnamn ユーザー名 ログインID 用户名 昵称 kullanici_adi nama_pengguna
        ism_al_mustakhdim
    """,
    "CUSTOMER_ID": """
        cust_id CustomerNo CUSTNO KUNNR client_ref member_no MemberID kdnr kunden_nr KUNDENNR num_client
        ID_CLIENT code_client id_cliente cod_cliente NUMCLIENTE codigo_cliente nr_cliente codice_cliente
        klantnummer klant_nr nr_klienta kundnummer grahak_sankhya 顧客番号 会員ID お客様番号 客户编号 会员号
        用户ID musteri_no id_pelanggan raqm_al_zaboun
    """,
    "EMPLOYEE_ID": """
        emp_id EMPNO PERNR staff_no employeeNumber badge_no personal_nr PersNr mitarbeiter_nr matricule
        matricule_agent num_empleado legajo nro_legajo matricula_funcionario id_dipendente matricola
        personeelsnummer nr_pracownika anstallningsnummer karmchari_sankhya 社員番号 従業員コード 工号 员工编号
        sicil_no id_karyawan raqm_al_muwazzaf
    """,
    "DEVICE_ID": """
        device_id imei IMEI_NO user_pseudo_id idfa android_id geraete_id id_appareil id_dispositivo
        identificador_dispositivo apparaat_id id_urzadzenia 端末ID 设备ID 设备号 cihaz_id id_perangkat
        advertising_id
    """,
    "IP_ADDRESS": """
        ip client_ip ip_addr src_ip IPAddress remote_addr ip_adresse adresse_ip direccion_ip endereco_ip
        indirizzo_ip ip_adres adres_ip ip-adress IPアドレス ip地址 登录IP ip_adresi alamat_ip last_login_ip
    """,
    "MAC_ADDRESS": """
        mac mac_addr MACAddress wifi_mac bssid mac_adresse adresse_mac direccion_mac endereco_mac indirizzo_mac
        macアドレス mac地址 hw_addr
    """,
    "NATIONAL_ID": """
        national_id natl_id_no nid_no govt_id id_card_no citizen_id ausweisnr personalausweis_nr carte_identite
        num_cni documento_identidad num_documento nro_doc cedula_ciudadania rg_numero carta_identita
        numero_documento identiteitskaart dowod_osobisty nr_dowodu pehchan_patra 身分証番号 证件号码
        no_identitas raqm_al_hawiya al_raqm_al_qawmi
    """,
    "PASSPORT": """
        passport_no passportNumber psprt_no reisepassnr passnummer num_passeport numero_pasaporte nr_passaporte
        numero_passaporto paspoortnummer nr_paszportu passnummer 旅券番号 パスポート番号 护照号码 pasaport_no
        no_paspor raqm_jawaz_al_safar
    """,
    "DRIVER_LICENSE": """
        drivers_license dl_no driving_licence_no fuehrerschein_nr permis_conduire num_permis licencia_conducir
        cnh nr_cnh carta_conducao patente_guida rijbewijs_nr prawo_jazdy korkortsnummer 運転免許証番号 驾驶证号
        ehliyet_no no_sim dl_sankhya
    """,
    "VOTER_ID": """
        voter_id voter_reg_no epic_no electoral_number clave_elector titulo_eleitor carte_electeur
        tessera_elettorale waehlernummer matdata_id
    """,
    "VEHICLE_PLATE": """
        license_plate plate_no veh_reg_no kennzeichen KFZ_KENNZ immatriculation plaque_immat placa_vehiculo
        num_placa placa_veiculo targa numero_targa kenteken nr_rejestracyjny regnr gadi_number ナンバープレート
        车牌号 plaka no_polisi
    """,
    "TAX_ID": """
        tax_id tin tax_no STCD1 steuernummer ust_id numero_fiscal identifiant_fiscal rfc ruc cnpj partita_iva
        btw_nummer nr_nip 納税者番号 税号 纳税人识别号 vergi_no npwp kar_sankhya
    """,
    "CREDIT_CARD": """
        credit_card_no cc_num card_nbr CardNumber kreditkartennr num_carte_bancaire numero_cb num_tarjeta
        tarjeta_credito num_cartao numero_carta_credito creditcardnummer numer_karty kreditkort
        クレジットカード番号 信用卡号 kredi_karti_no no_kartu_kredit
    """,
    "CARD_CVV": """
        cvv cvc2 card_cvv security_code cryptogramme codigo_seguridad codigo_seguranca kartenpruefnummer
        セキュリティコード 安全码 guvenlik_kodu
    """,
    "IBAN": """
        iban IBAN_NR code_iban iban_code konto_iban cuenta_iban codice_iban customer_iban
    """,
    "BANK_ACCOUNT": """
        acct_no bank_acct_num BANKN kto_nr kontonummer num_compte compte_bancaire num_cuenta cuenta_bancaria
        nro_cuenta conta_corrente nr_conta conto_corrente rekeningnummer nr_rachunku bankkonto khata_sankhya
        口座番号 银行账号 银行卡号 hesap_no no_rekening raqm_al_hisab
    """,
    "INCOME": """
        salary annual_inc monthly_income gehalt bruttolohn_monat jahreseinkommen salaire_net revenu_annuel
        salario_mensual sueldo_base ingresos_mensuales renda_mensal salario_bruto reddito_annuo stipendio
        brutoloon jaarinkomen wynagrodzenie pensja manadslon masik_aay vetan 年収 給与 月薪 年收入 maas
        aylik_gelir gaji pendapatan_bulanan al_ratib
    """,
    "ACCOUNT_BALANCE": """
        acct_bal balance current_balance kontostand solde_compte saldo_cuenta saldo_conta saldo_conto
        rekeningsaldo saldo_konta kontosaldo 口座残高 账户余额 bakiye saldo_rekening
    """,
    "FINANCIAL": """
        credit_score fico_score loan_amt kreditlimit schufa_score score_credit montant_pret monto_credito
        limite_credito valor_emprestimo importo_prestito kredietlimiet limit_kredytu 信用スコア 借入金額
        信用评分 贷款金额 kredi_notu skor_kredit
    """,
    "MEDICAL_RECORD_NUMBER": """
        mrn MRN_NO pt_id patient_id chart_no patientennr pat_id fallnummer num_patient ipp historia_clinica
        nro_historia_clinica num_prontuario codigo_paciente id_paziente cartella_clinica patientnummer
        nr_pacjenta journalnummer rogi_sankhya 患者番号 カルテ番号 病历号 住院号 hasta_no no_rekam_medis
    """,
    "DIAGNOSIS": """
        diagnosis primary_dx diag_desc medical_condition hauptdiagnose vorerkrankungen diagnostic_principal
        pathologie enfermedad diagnostico_principal doenca doencas_cronicas diagnosi patologia ziekte aandoening
        rozpoznanie choroba sjukdom bimari rog 病名 診断名 既往歴 诊断 主要诊断 tani hastalik diagnosa penyakit
        al_tashkhis
    """,
    "MEDICAL_CODE": """
        icd10_code icd_cd dx_code loinc loinc_num ndc_code cpt_cd snomed_code icd_schluessel code_cim10
        codigo_cie10 cid10 codice_icd kod_icd10 ICDコード 诊断编码 tani_kodu kode_icd
    """,
    "MEDICATION": """
        medication drug_nm med_name rx_name medikament arzneimittel medicament traitement_en_cours medicamento
        farmaco medicacao medicatie lek nazwa_leku lakemedel dawa 処方薬 薬剤名 药品名称 用药 ilac_adi nama_obat
        al_dawaa
    """,
    "HEALTH_MEASURE": """
        blood_pressure sys_bp bmi heart_rate blutdruck blutgruppe groupe_sanguin tension_arterielle
        presion_arterial tipo_sangre pressao_arterial gruppo_sanguigno bloedgroep cisnienie_krwi blodtryck
        raktchap 血圧 血液型 血压 血型 tansiyon kan_grubu tekanan_darah golongan_darah daght_al_dam
    """,
    "CREDENTIAL": """
        password pwd_hash api_key accessToken secret_key passwort kennwort mot_de_passe mdp contrasena
        clave_acceso senha senha_hash wachtwoord haslo losenord パスワード 暗証番号 密码 登录密码 sifre
        kata_sandi kalimat_al_murur otp_secret
    """,
    "IMAGE_OF_PERSON": """
        photo face_img profile_pic selfie passbild bewerbungsfoto photo_identite foto_perfil foto_cliente
        fototessera pasfoto zdjecie profilbild 顔写真 プロフィール画像 照片 头像 证件照 vesikalik foto_diri
        employee_photo
    """,
    "CITY": """
        home_city city_of_residence birth_place wohnort geburtsort lieu_naissance ville_residence
        ciudad_residencia lugar_nacimiento cidade_nascimento local_nascimento luogo_nascita comune_residenza
        woonplaats geboorteplaats miejsce_urodzenia bostadsort janm_sthan 出身地 居住地 出生地 dogum_yeri
        tempat_lahir makan_al_milad
    """,
    "GEO_COORDINATE": """
        home_lat home_lon gps_location user_latitude pickup_longitude gps_lat
    """,
}

# Said about persons and their things, or of somebody else.
NEAR_MISSES = """
    city_population product_name account_type email_sent has_phone age_of_account gender_ratio tax_rate
    phone_model zip_file card_type address_type race_time patient_count ip_rating user_count iban_valid
    password_reset_count rating mean_income_region email_opens email_count email_status phone_type
    phone_verified company_name store_city branch_address warehouse_zip species_name team_name file_name
    host_name event_name model_name brand_name court_name country_name region_name account_status
    account_created account_age customer_count customer_segment customer_satisfaction employee_count
    member_since user_agent session_duration session_count token_count password_strength password_expiry
    card_brand card_expiry bank_name bank_branch passport_expiry visa_fee license_type licence_expiry
    vehicle_type vehicle_count diagnosis_count drug_price drug_manufacturer disease_prevalence hospital_name
    hospital_city school_name doctor_count nurse_ratio average_age median_age mean_age avg_salary median_income
    income_tax_rate gdp_per_capita unemployment_rate sentence_count race_distance race_winner party_size
    party_date union_square iris_species sin_theta mac_version pan_angle pin_count tin_content cap_rate ssn_flag
    dob_missing birth_rate death_rate city_area city_code zip_count postal_zone street_light street_type
    address_count location_count latitude_offset device_type device_model device_count mac_count ip_count
    ip_version image_url product_image photo_count gender_gap sex_ratio marital_rate religion_count
    ethnicity_share population density total_population voters_count vote_count vote_share votes age_limit
    min_age max_age shelf_age building_age age_rating stadt_einwohner produktname anzahl_kunden email_gesendet
    kontoart kontotyp kartentyp adresstyp durchschnittsalter altersdurchschnitt steuersatz anzahl_patienten
    firmenname filialname lagerort telefontyp passwort_gueltig krankenhaus_name kundenanzahl artikelname
    bevoelkerung durchschnittsgehalt nombre_clients nb_clients nb_patients population_ville nom_produit
    nom_entreprise nom_fichier type_compte type_carte type_adresse email_envoye taux_tva age_moyen
    revenu_moyen_region nom_magasin ville_magasin nb_appels modele_telephone nom_ecole nom_hopital statut_compte
    nombre_producto nombre_empresa numero_clientes cantidad_clientes tipo_cuenta tipo_tarjeta tipo_direccion
    correo_enviado poblacion_ciudad tasa_impuesto edad_promedio ingreso_promedio_region nombre_archivo
    nombre_tienda modelo_telefono nombre_escuela cantidad_pacientes tipo_documento nome_produto nome_empresa
    qtd_clientes quantidade_pacientes tipo_conta tipo_cartao tipo_endereco email_enviado populacao_cidade
    taxa_imposto idade_media renda_media_municipio nome_arquivo nome_loja modelo_telefone nome_escola
    tipo_documento nome_prodotto nome_azienda numero_clienti tipo_conto tipo_carta email_inviata
    popolazione_citta eta_media reddito_medio_regione nome_negozio modello_telefono numero_pazienti productnaam
    bedrijfsnaam aantal_klanten soort_rekening kaarttype bevolking_stad gemiddelde_leeftijd bestandsnaam
    aantal_patienten nazwa_produktu nazwa_firmy liczba_klientow typ_konta typ_karty ludnosc_miasta sredni_wiek
    srednie_wynagrodzenie produktnamn foretagsnamn antal_kunder medelalder befolkning_stad kontotyp korttyp
    utpad_naam dukan_ka_naam grahak_sankhya_kul jansankhya_shahar ausat_umar 商品名 会社名 店舗名 顧客数 患者数
    平均年齢 都市人口 平均年収 口座種別 カード種別 メール送信数 病院名 学校名 電話機種 住所区分 性別比率 会員数
    部署名 駅名 ファイル名 产品名称 公司名称 客户数量 患者人数 平均年龄 城市人口 平均收入 账户类型 卡类型
    邮件发送数 医院名称 学校名称 手机型号 地址类型 性别比例 店铺名称 文件名 urun_adi sirket_adi musteri_sayisi
    hasta_sayisi hesap_turu kart_tipi sehir_nufusu ortalama_yas telefon_modeli dosya_adi nama_produk
    nama_perusahaan jumlah_pelanggan jumlah_pasien jenis_akun tipe_kartu populasi_kota rata_rata_umur nama_toko
    nama_file adad_al_zaboun mutawassit_al_umr ism_al_muntaj ism_al_sharika
"""


@pytest.mark.parametrize(
    ("entity", "label"), [(e, label) for e, labels in VARIANTS.items() for label in labels.split()]
)
def test_a_header_names_its_entity(entity, label):
    reading = read_header(label)

    assert reading.score(entity) >= STRONG
    assert not reading.veto
    assert not reading.thing


@pytest.mark.parametrize("label", NEAR_MISSES.split())
def test_a_near_miss_names_nobody(label):
    verdict = classify(view(pd.DataFrame({"customer_email": ["a@example.com"], label: ["x"]})), header_only=True)[1]

    assert verdict.entity == "NONE" or verdict.confidence < 0.7


@pytest.mark.parametrize("label", ["CUSTOMEREMAIL", "customeremail", "KUNDENTELEFONNUMMER", "DATNAISS", "患者生年月日"])
def test_words_written_together_are_taken_apart(label):
    assert read_header(label).hints[0].score >= STRONG


@pytest.mark.parametrize(
    "label", ["package", "usage", "storage", "percentage", "language", "message", "capacity", "essex"]
)
def test_no_short_word_is_found_inside_another(label):
    assert not read_header(label).hints


@pytest.mark.parametrize(
    "label", ["date_of_birth", "date_birth", "date_of_the_birth", "fecha_de_nacimiento", "fecha_del_nacimiento"]
)
def test_small_words_inside_a_phrase_change_nothing(label):
    assert read_header(label).score("DATE_OF_BIRTH") >= STRONG


@pytest.mark.parametrize(
    ("label", "entity"),
    [
        ("telphone", "PHONE_NUMBER"),
        ("brithdate", "DATE_OF_BIRTH"),
        ("Geburtsdatm", "DATE_OF_BIRTH"),
        ("nationalty", "NATIONALITY"),
        ("user_pasword", "CREDENTIAL"),
        ("emial", "EMAIL_ADDRESS"),
        ("passports", "PASSPORT"),
        ("salaries_usd", "INCOME"),
    ],
)
def test_misspellings_and_plurals_of_long_words_are_read(label, entity):
    assert read_header(label).score(entity) >= STRONG


@pytest.mark.parametrize(
    "label", ["patent", "norm", "said", "contract", "mediation", "thesis", "strata", "detest", "windowed"]
)
def test_ordinary_words_are_no_misspellings(label):
    assert not read_header(label).hints


@given(st.text(alphabet="名前電話番号顧客の", min_size=1, max_size=12))
def test_a_run_without_spaces_loses_no_character(run):
    assert "".join(split_run(run, {"名前", "電話番号", "電話", "顧客"})) == run


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("kundentelefon", ("kunden", "telefon")),
        ("patientsname", ("patient", "name")),
        ("telefonpatientname", ("telefon", "patient", "name")),
        ("kundenhaus", ("kundenhaus",)),
        ("name", ("name",)),
    ],
)
def test_a_compound_is_taken_apart_only_as_a_whole(word, parts):
    assert split_compound(word, {"kunden", "telefon", "patient", "name"}) == parts


def test_two_letters_beside_other_words_name_nothing():
    assert read_header("rg").hints
    assert not read_header("motor_rg_axis").hints


def test_twenty_thousand_headers_are_read():
    labels = [f"{label}_{number}" for number in range(20) for labels in VARIANTS.values() for label in labels.split()]

    assert len(labels) > 20_000
    assert sum(bool(read_header(label).hints) for label in labels) > 0.99 * len(labels)
