"""Words of column headers by language: language → entity → phrases that decide.

What ``_header_words`` has already is not repeated. Phrases are parted by commas, without accents
that folding removes anyway; words with a second meaning in another of the languages are left out.
A language is one more block.
"""

from __future__ import annotations

__all__ = ["LANGUAGES"]

LANGUAGES: dict[str, dict[str, str]] = {
    "de": {
        "PERSON_NAME": (
            "rufname, zuname, vollstandiger name, ansprechpartner, kontaktperson, mitarbeitername, "
            "patientenname, inhaber, kontoinhaber"
        ),
        "PHONE_NUMBER": "telefonnr, tel nr, mobiltelefon, handynr, faxnummer, telefon privat, telefon dienstlich",
        "ADDRESS": (
            "wohnort strasse, privatadresse, postanschrift, lieferadresse, rechnungsadresse, strasse hausnummer, "
            "adresszusatz"
        ),
        "DATE_OF_BIRTH": "geb dat, geboren am, geburtsdat",
        "AGE": "lebensalter, alter in jahren",
        "BANK_ACCOUNT": "bankkonto, kontonummer kunde",
        "CREDENTIAL": "kennwort, zugangsschlussel, geheimnis",
        "DIAGNOSIS": "hauptdiagnose, nebendiagnose, krankheitsbild, befund",
        "INCOME": "monatsgehalt, jahresgehalt, nettolohn, bruttolohn, vergutung",
        "PASSPORT": "passnr, reisepassnr",
    },
    "fr": {
        "PERSON_NAME": (
            "nom prenom client, prenoms, nom du client, nom de naissance, nom usage, nom du patient, "
            "nom salarie"
        ),
        "EMAIL_ADDRESS": "adresse courriel, adresse email, adresse electronique, mel",
        "PHONE_NUMBER": "telephone portable, numero de telephone, tel portable, num tel, no telephone",
        "ADDRESS": "adresse domicile, adresse complete, adresse client, numero rue, nom de la rue",
        "DATE_OF_BIRTH": "date naiss, ne le, nee le, annee de naissance, jour de naissance",
        "AGE": "tranche age, age client",
        "GENDER": "civilite",
        "BANK_ACCOUNT": "numero de compte bancaire, no compte",
        "CREDENTIAL": "motdepasse, mdp, cle api, cle secrete",
        "DIAGNOSIS": "pathologie, antecedents medicaux, motif hospitalisation",
        "INCOME": "salaire net, salaire mensuel, revenu annuel, revenu mensuel, remuneration annuelle",
        "DRIVER_LICENSE": "numero de permis, permis conduire",
    },
    "es": {
        "PERSON_NAME": (
            "nombres, primer nombre, segundo nombre, primer apellido, segundo apellido, apellido paterno, "
            "apellido materno, nombre y apellidos, nombre cliente, nombre del cliente, nombre paciente"
        ),
        "EMAIL_ADDRESS": "correo e, direccion de correo, direccion correo, email cliente",
        "PHONE_NUMBER": "telefono movil, telefono celular, numero de telefono, num telefono, tfno, tlfno",
        "ADDRESS": "direccion postal, direccion cliente, direccion completa, calle y numero",
        "DATE_OF_BIRTH": "fec nac, f nacimiento, fnac, ano de nacimiento",
        "AGE": "edad anos, grupo de edad, grupo edad",
        "NATIONAL_ID": (
            "numero de identidad, numero identidad, numero de identificacion, numero identificacion, "
            "doc identidad, cedula ciudadania, cedula de ciudadania"
        ),
        "BANK_ACCOUNT": "numero de cuenta bancaria, cuenta corriente, clabe, clabe interbancaria, cbu",
        "CREDENTIAL": "contrasenia, clave secreta, clave api",
        "DIAGNOSIS": "padecimiento, diagnostico principal",
        "INCOME": "salario mensual, salario anual, ingreso mensual, ingreso anual, sueldo bruto",
    },
    "pt": {
        "PERSON_NAME": (
            "primeiro nome, ultimo nome, nome cliente, nome do cliente, nome paciente, nome do paciente, "
            "nome funcionario, nome da mae, nome mae, nome do pai"
        ),
        "EMAIL_ADDRESS": "correio eletronico, endereco eletronico, email cliente",
        "PHONE_NUMBER": "telemovel, numero de telefone, numero telefone, fone, telefone celular, num celular",
        "ADDRESS": "morada, endereco residencial, endereco completo",
        "POSTCODE": "codigo de enderecamento postal",
        "DATE_OF_BIRTH": "dt nascimento, data nasc, ano de nascimento, nasc",
        "AGE": "faixa etaria, idade anos",
        "NATIONAL_ID": "cartao de cidadao, carteira de identidade, numero de identidade, registro geral",
        "BANK_ACCOUNT": "conta corrente, numero conta bancaria, conta poupanca",
        "CREDENTIAL": "palavra passe, palavra chave secreta",
        "DIAGNOSIS": "patologia, diagnostico principal",
        "INCOME": "salario bruto, salario liquido, rendimento mensal, rendimento anual, ordenado",
    },
    "it": {
        "PERSON_NAME": "nominativo, nome e cognome, nome cliente, nome paziente",
        "EMAIL_ADDRESS": "posta elettronica, indirizzo email, indirizzo mail",
        "PHONE_NUMBER": "numero di telefono, numero telefono, numero cellulare, recapito telefonico",
        "ADDRESS": "indirizzo residenza, indirizzo di residenza, via e numero, domicilio fiscale",
        "POSTCODE": "codice postale, codice avviamento postale",
        "CITY": "comune di residenza, citta di residenza, luogo di nascita, comune di nascita",
        "DATE_OF_BIRTH": "data nascita, anno di nascita, nato il, nata il",
        "AGE": "fascia eta, eta anni",
        "GENDER": "sesso",
        "MARITAL_STATUS": "stato coniugale",
        "NATIONALITY": "nazionalita",
        "NATIONAL_ID": "numero carta identita, carta di identita",
        "BANK_ACCOUNT": "numero conto, conto bancario",
        "CREDIT_CARD": "carta di credito, numero carta, numero carta di credito",
        "CREDENTIAL": "parola chiave",
        "CUSTOMER_ID": "codice cliente, numero cliente",
        "DIAGNOSIS": "diagnosi, patologia",
        "INCOME": "reddito annuo, stipendio mensile, retribuzione",
        "RELIGION": "confessione religiosa",
        "VEHICLE_PLATE": "numero targa",
    },
    "nl": {
        "PERSON_NAME": "volledige naam, roepnaam, familienaam, tussenvoegsel, klantnaam, naam klant, voorletters",
        "EMAIL_ADDRESS": "e mailadres, mailadres, emailadres",
        "PHONE_NUMBER": "telefoonnummer, mobiel nummer, mobielnummer, gsm nummer, mobiele telefoon",
        "ADDRESS": "straatnaam, huisnummer, straat, woonadres, postadres, adres klant",
        "CITY": "woonplaats, geboorteplaats",
        "DATE_OF_BIRTH": "geboortedag, geboortejaar, geb datum",
        "AGE": "leeftijdsgroep, leeftijd in jaren",
        "GENDER": "kunne",
        "MARITAL_STATUS": "huwelijkse staat",
        "BANK_ACCOUNT": "rekeningnummer, bankrekening, bankrekeningnummer",
        "CREDENTIAL": "wachtwoord, toegangscode",
        "CUSTOMER_ID": "klantnummer, klant id, klantnr",
        "EMPLOYEE_ID": "personeelsnummer, medewerker id, medewerkernummer",
        "DIAGNOSIS": "ziekte, aandoening",
        "INCOME": "brutoloon, nettoloon, jaarsalaris, maandsalaris, jaarinkomen",
        "PASSPORT": "paspoortnummer",
        "RELIGION": "geloof, godsdienst, religie",
    },
    "pl": {
        "PERSON_NAME": (
            "imie, imiona, nazwisko, imie i nazwisko, imie nazwisko, nazwisko rodowe, drugie imie, "
            "nazwa klienta"
        ),
        "EMAIL_ADDRESS": "adres email, adres e mail, poczta elektroniczna",
        "PHONE_NUMBER": "numer telefonu, nr telefonu, nr tel, telefon komorkowy, komorka, tel kom",
        "ADDRESS": "ulica, nr domu, numer domu, adres zamieszkania, adres zameldowania, nr mieszkania",
        "POSTCODE": "kod pocztowy",
        "CITY": "miejsce zamieszkania, miejsce urodzenia, miejscowosc zamieszkania",
        "DATE_OF_BIRTH": "data urodzenia, data ur, rok urodzenia, dzien urodzenia",
        "AGE": "wiek, grupa wiekowa",
        "GENDER": "plec",
        "MARITAL_STATUS": "stan cywilny",
        "NATIONALITY": "narodowosc, obywatelstwo",
        "NATIONAL_ID": "nr dowodu osobistego, numer dowodu, numer dowodu osobistego",
        "TAX_ID": "numer nip, nip",
        "PASSPORT": "paszport, numer paszportu, nr paszportu",
        "DRIVER_LICENSE": "prawo jazdy, nr prawa jazdy",
        "BANK_ACCOUNT": "numer konta, nr konta, konto bankowe, nr rachunku, numer rachunku",
        "CREDIT_CARD": "numer karty, nr karty, karta kredytowa",
        "CREDENTIAL": "haslo, klucz api",
        "CUSTOMER_ID": "numer klienta, nr klienta, id klienta",
        "EMPLOYEE_ID": "numer pracownika, nr pracownika, id pracownika",
        "DIAGNOSIS": "rozpoznanie, diagnoza, choroba",
        "MEDICATION": "lek, leki, lekarstwo",
        "INCOME": "wynagrodzenie, pensja, zarobki, dochod, dochod roczny",
        "RELIGION": "wyznanie, religia",
        "VEHICLE_PLATE": "numer rejestracyjny, nr rejestracyjny",
    },
    "hi": {
        "PERSON_NAME": (
            "naam, pehla naam, antim naam, upnaam, grahak ka naam, pita naam, mata ka naam, pati ka naam, "
            "rogi ka naam"
        ),
        "PHONE_NUMBER": "mobile sankhya, phone sankhya, doorbhash, doorbhash sankhya, sampark sankhya",
        "ADDRESS": "ghar ka pata, sthayi pata, vartaman pata, patta, makan number",
        "CITY": "janm sthan, gaon, nivas sthan",
        "DATE_OF_BIRTH": "janm tarikh, janam tarikh, janamtithi, janmdin, janma tithi",
        "AGE": "aayu, umra, ayu",
        "GENDER": "ling bhed, linga",
        "MARITAL_STATUS": "vaivahik sthithi, shaadi ki sthiti",
        "NATIONALITY": "nagrikta",
        "RELIGION": "dharam, mazhab",
        "ETHNICITY": "jaati",
        "INCOME": "aamdani, masik aay, varshik aay, masik vetan, tankhwah",
        "BANK_ACCOUNT": "khata number, khaata sankhya, bank khata",
        "CREDENTIAL": "gupt shabd",
        "CUSTOMER_ID": "grahak sankhya, upbhokta sankhya",
        "EMPLOYEE_ID": "karmchari sankhya, karmchari id",
        "DIAGNOSIS": "nidan, beemari",
        "MEDICATION": "davai, aushadhi",
    },
    "ja": {
        "PERSON_NAME": (
            "フルネーム, ふりがな, フリガナ, 姓名カナ, 氏名カナ, お客様名, 顧客名, 患者名, 社員名, 苗字, 名字, "
            "下の名前, カナ氏名, 氏名漢字, 会員名, shimei, namae, myoji"
        ),
        "EMAIL_ADDRESS": "eメール, 電子メール, メアド, 電子メールアドレス",
        "PHONE_NUMBER": "携帯電話, 携帯, 携帯電話番号, tel番号, 連絡先電話番号, 固定電話, 自宅電話, denwa bango",
        "ADDRESS": "現住所, 自宅住所, 町名番地, 番地, 住所1, jusho",
        "POSTCODE": "郵便コード, yubin bango",
        "CITY": "出身地, 出生地, 居住地",
        "DATE_OF_BIRTH": "誕生日, 生まれ, 生年, seinengappi",
        "AGE": "年齢層, 年代, nenrei",
        "GENDER": "男女, 男女別, seibetsu",
        "MARITAL_STATUS": "婚姻状況, 配偶者, 配偶者有無, 既婚未婚",
        "NATIONAL_ID": "個人識別番号, 身分証番号",
        "PASSPORT": "パスポート番号, パスポート, 旅券",
        "DRIVER_LICENSE": "運転免許証番号, 運転免許, 免許証番号",
        "BANK_ACCOUNT": "銀行口座, 預金口座, 口座",
        "CREDIT_CARD": "クレジットカード番号, クレジットカード, カード番号",
        "CREDENTIAL": "暗証番号, 秘密鍵, 合言葉",
        "USERNAME": "ユーザー名, ユーザ名, ログインid",
        "CUSTOMER_ID": "会員番号, お客様番号, 顧客id, 会員id",
        "EMPLOYEE_ID": "従業員番号, 社員id, 職員番号",
        "MEDICAL_RECORD_NUMBER": "カルテ番号, 診察券番号, 患者id",
        "DIAGNOSIS": "疾患, 疾病名, 診断名, 既往歴",
        "MEDICATION": "薬剤, 薬, 処方薬",
        "INCOME": "給料, 月収, 月給, 所得, 世帯年収",
        "ACCOUNT_BALANCE": "口座残高, 預金残高",
        "RELIGION": "信仰",
        "VEHICLE_PLATE": "車両番号, ナンバープレート",
    },
    "zh": {
        "PERSON_NAME": (
            "名字, 姓氏, 真实姓名, 客户姓名, 客户名称, 患者姓名, 员工姓名, 联系人, "
            "联系人姓名, 收件人, 持卡人, 開戶人, 客戶姓名, xingming"
        ),
        "EMAIL_ADDRESS": "电子邮箱, 邮箱地址, 电邮, 電子郵件, 電郵, 信箱",
        "PHONE_NUMBER": (
            "手机号码, 电话号码, 联系电话, 联系方式, 手機, 手機號碼, "
            "聯絡電話, 行動電話, shouji, shoujihao, dianhua"
        ),
        "ADDRESS": "家庭住址, 家庭地址, 联系地址, 通讯地址, 详细地址, 收货地址, 居住地址, 聯絡地址, dizhi",
        "POSTCODE": "邮政编号, 郵遞區號, youbian",
        "CITY": "所在城市, 居住城市, 籍贯, 出生地, 户籍地",
        "DATE_OF_BIRTH": "生日日期, 出生年月, 出生年月日, 出生年份, 出生, shengri, chushengriqi",
        "AGE": "年龄段, 年齡, 岁数, nianling",
        "GENDER": "性別, xingbie",
        "MARITAL_STATUS": "婚否, 婚姻, 婚姻狀況, 婚姻情况",
        "NATIONAL_ID": "证件号, 证件号码, 身份号码, 證件號碼",
        "PASSPORT": "护照号码, 護照號碼",
        "DRIVER_LICENSE": "驾驶证号, 驾照, 驾驶证, 駕照號碼",
        "BANK_ACCOUNT": "银行账户, 账号, 银行帐号, 银行卡, 卡号, 開戶帳號, 銀行帳號",
        "CREDIT_CARD": "信用卡, 信用卡号码, 信用卡號",
        "CREDENTIAL": "口令, 密钥, 密碼, 登录密码",
        "USERNAME": "用户名, 登录名, 昵称, 账户名, 用戶名",
        "CUSTOMER_ID": "客户号, 会员号, 用户id, 会员编号, 客户id, 用户编号",
        "EMPLOYEE_ID": "工号, 职工号, 员工号",
        "MEDICAL_RECORD_NUMBER": "住院号, 门诊号, 病案号",
        "DIAGNOSIS": "病名, 病症, 诊断结果, 既往病史, 診斷, 病史",
        "MEDICATION": "药品, 用药, 处方, 药品名称",
        "INCOME": "薪资, 薪水, 月薪, 年薪, 月收入, 年收入, 薪資",
        "ACCOUNT_BALANCE": "账户余额, 存款余额",
        "RELIGION": "宗教信仰",
        "ETHNICITY": "种族",
        "VEHICLE_PLATE": "车牌, 车牌号码, 車牌號碼",
        "IP_ADDRESS": "ip地址",
    },
    "ar": {
        "PERSON_NAME": (
            "ism, ism kamil, al ism, alism, ism awwal, ism al aila, ism alaila, laqab, ism al zaboun, "
            "ism almarid"
        ),
        "EMAIL_ADDRESS": "barid, barid iliktroni, al barid al iliktroni, albarid",
        "PHONE_NUMBER": "hatif, raqm hatif, raqm al hatif, jawwal, raqm jawwal, raqm mobile",
        "ADDRESS": "unwan, al unwan, onwan, unwan al sakan",
        "POSTCODE": "ramz baridi, al ramz al baridi",
        "CITY": "madinat al sakan, makan al milad, makan milad",
        "DATE_OF_BIRTH": "tarikh al milad, tarikh milad, tarikh almilad, sanat al milad",
        "AGE": "al umr, alumr, omr",
        "GENDER": "jins, al jins, aljins",
        "MARITAL_STATUS": "hala ijtimaiya, al hala al ijtimaiya",
        "NATIONALITY": "jinsiya, al jinsiya, aljinsiya, jinsiyya",
        "NATIONAL_ID": "raqm al hawiya, raqm watani, raqm qawmi, hawiya, raqm alhawiya",
        "PASSPORT": "jawaz safar, raqm jawaz, raqm jawaz al safar",
        "BANK_ACCOUNT": "raqm hisab, raqm al hisab, hisab banki",
        "CREDENTIAL": "kalimat sirr, kalimat al murur, kalimat murur",
        "INCOME": "ratib, al ratib, dakhl, rawatib",
        "DIAGNOSIS": "tashkhis, al tashkhis, marad",
        "RELIGION": "diyana, al diyana",
    },
}  # fmt: skip
