"""Words of column headers, as data: entity → (phrases that decide, phrases that only suggest).

Phrases are parted by commas and matched as whole words, written together or apart
(``date of birth``, ``dateOfBirth``, ``dateofbirth``). English first; German, French, Spanish,
Portuguese, Italian, romanised Hindi, Chinese and Japanese where a word has no second meaning.
"""

from __future__ import annotations

__all__ = ["ABBREVIATIONS", "META", "PHRASES", "THINGS"]

PHRASES: dict[str, tuple[str, str]] = {
    "PERSON_NAME": (
        "first name, last name, full name, middle name, given name, family name, maiden name, surname, "
        "forename, fname, lname, firstname, lastname, customer name, client name, patient name, employee "
        "name, student name, applicant name, person name, member name, user full name, contact name, "
        "contact person, account holder, card holder, cardholder, cardholder name, holder name, passenger "
        "name, guest name, beneficiary name, nominee name, father name, fathers name, mother name, "
        "mothers name, spouse name, guardian name, donor name, subscriber name, doctor name, physician "
        "name, name of person, vorname, nachname, familienname, kundenname, geburtsname, vor und "
        "nachname, prenom, nom de famille, nom famille, nom complet, nom prenom, nombre completo, "
        "apellido, apellidos, nombre pila, nombre de pila, nome completo, sobrenome, apelido, cognome, "
        "naam, achternaam, voornaam, pura naam, pita ka naam, 姓名, 氏名, 姓, 名, 名前, お名前, legal name, "
        "preferred name, display name, insured name, policyholder, borrower name, tenant name, owner "
        "name, author name, signatory",
        "name, names, first, last, contact, holder, employee, patient, customer, client, applicant, "
        "borrower, insured, beneficiary, nominee, passenger, guest, donor, student, subscriber, nom, "
        "nombre, nome, titulaire, titular, mitarbeiter, kunde, patientin, player, candidate, person, "
        "individual, member, owner, doctor, physician, manager, attendee, participant, respondent, author",
    ),
    "EMAIL_ADDRESS": (
        "email, e mail, mail address, email address, email id, mail id, contact mail, courriel, correo, "
        "correo electronico, e mail adresse, emailadresse, adresse mail, endereco de email, 邮箱, 电子邮件, "
        "メール, メールアドレス",
        "mail",
    ),
    "PHONE_NUMBER": (
        "phone, phone number, telephone, telephone number, mobile, mobile number, mobile phone, cell "
        "phone, cellphone, cell number, contact number, home phone, work phone, whatsapp, fax, fax "
        "number, telefon, telefonnummer, handy, handynummer, mobilnummer, rufnummer, festnetz, telefone, "
        "telefono, celular, movil, portable, numero telephone, mobile no, phone no, contact no, telefoon, "
        "cellulare, dooravash, 电话, 手机, 手机号, 電話, 電話番号, 携帯番号",
        "cell, tel, msisdn, caller, callee, emergency contact, contact",
    ),
    "ADDRESS": (
        "street address, home address, postal address, mailing address, residential address, billing "
        "address, shipping address, delivery address, address line, permanent address, current address, "
        "street, street name, house number, anschrift, wohnadresse, strasse, hausnummer, adresse postale, "
        "rue, direccion, domicilio, calle, endereco, logradouro, rua, indirizzo, adres, pata, full "
        "address, home location, 地址, 住址, 住所",
        "address, adresse, addresses, residence, apartment",
    ),
    "POSTCODE": (
        "post code, postcode, postal code, zip, zip code, zipcode, pin code, pincode, plz, postleitzahl, "
        "code postal, codigo postal, cep, cap, postnummer, kodi postal, zip5, 邮编, 邮政编码, 郵便番号",
        "cp, postal, pin, zcta",
    ),
    "CITY": (
        "home city, city of residence, residence city, birth city, place of birth, birthplace, birth "
        "place, wohnort, geburtsort, home town, hometown, lieu de naissance, city name of customer, "
        "mailing city, billing city",
        "city, town, city name, place name, locality, municipality, suburb, village, stadt, ort, ville, "
        "commune, ciudad, localidad, municipio, cidade, citta, shahar, county, district, 城市, 市区町村, 都市",
    ),
    "GEO_COORDINATE": (
        "home latitude, home longitude, gps location, geolocation, gps, gps coordinates, home lat, home "
        "lon, user latitude, user longitude, last location",
        "latitude, longitude, lat, lon, lng, long, lat long, latlng, latlon, coordinates, coordinate, "
        "geo, breitengrad, laengengrad, latitud, longitud, location, 緯度, 経度",
    ),
    "DATE_OF_BIRTH": (
        "date of birth, birth date, birthdate, birthday, dob, year of birth, birth year, yob, born, born "
        "on, birth dt, geburtsdatum, geburtstag, geb datum, gebdat, geburtsjahr, date de naissance, date "
        "naissance, naissance, fecha de nacimiento, fecha nacimiento, fecha nac, nacimiento, data de "
        "nascimento, data nascimento, nascimento, date nasc, data di nascita, janm tithi, janam tithi, "
        "geboortedatum, 出生日期, 生年月日, 生日",
        "birth, geb",
    ),
    "AGE": (
        "age, ages, age years, age in years, age group, age band, age range, age bracket, age category, "
        "age cat, current age, patient age, customer age, altersgruppe, umar, 年龄, 年齢, senior citizen, "
        "idade, edad",
        "alter, leeftijd, eta",
    ),
    "GENDER": (
        "gender, sex, gender identity, geschlecht, sexe, sexo, genre, genero, genere, ling, geslacht, 性别, "
        "性別, anrede, salutation",
        "mf",
    ),
    "MARITAL_STATUS": (
        "marital status, marital, maritalstatus, civil status, relationship status, married, marriage "
        "status, familienstand, zivilstand, etat civil, situation familiale, situation matrimoniale, "
        "situation matrimonial, estado civil, stato civile, vaivahik sthiti, burgerlijke staat, 婚姻状况",
        "partner, spouse",
    ),
    "NATIONALITY": (
        "nationality, nationalities, citizenship, country of citizenship, country of birth, birth "
        "country, native country, staatsangehoerigkeit, staatsangehorigkeit, nationalitaet, nationalitat, "
        "nationalite, nacionalidad, nacionalidade, cittadinanza, nationaliteit, rashtriyata, 国籍",
        "citizen, country of origin",
    ),
    "USERNAME": (
        "username, user name, login, login name, login id, user login, screen name, screenname, "
        "benutzername, benutzer, nom utilisateur, nombre de usuario, nombre usuario, nome de usuario, "
        "nome usuario, usuario, identifiant, account name, github username, twitter handle, user handle, "
        "nickname",
        "handle, user, nick",
    ),
    "CUSTOMER_ID": (
        "customer id, customer number, customer no, customer key, customer ref, customer code, client id, "
        "client number, client no, client ref, client code, user id, userid, member id, member number, "
        "membership number, subscriber id, person id, people id, student id, student number, student no, "
        "participant id, subject id, respondent id, applicant id, borrower id, passenger id, guest id, "
        "donor id, household id, cust id, cust no, cust ref, loyalty number, loyalty id, kundennummer, "
        "kundennr, kunden nummer, kunden id, kundenid, matrikelnummer, numero client, id client, id "
        "cliente, numero cliente, codigo cliente, cliente id, crm id, contact id, profile id, roll "
        "number, roll no, enrollment number, voter reg number, grahak id, 客户编号, 顧客番号, consumer id",
        "uid, cid, account id, customer, client, member, subject, subscriber, respondent, crn, cif, user",
    ),
    "EMPLOYEE_ID": (
        "employee id, employee number, employee no, employee code, emp id, emp no, empno, empid, staff "
        "id, staff no, staff number, staff code, personnel number, personnel no, personnel id, "
        "personalnummer, personalnr, mitarbeiternummer, mitarbeiter id, mitarbeiternr, matricule, numero "
        "empleado, id empleado, matricula, worker id, badge number, badge no, badge id, payroll number, "
        "payroll id, karmachari id, 员工编号, 社員番号",
        "employee, staff, personnel, worker",
    ),
    "NATIONAL_ID": (
        "national id, national id number, national identity, national identity number, national "
        "identification number, government id, gov id, govt id, identity card, identity number, identity "
        "card number, id card, id card number, id card no, resident id, personal id number, personal code, "
        "personal identity number, citizen id, citizen number, ausweis, personalausweis, ausweisnummer, "
        "ausweisnr, carte identite, numero carte identite, documento identidad, documento de identidad, "
        "carta identita, dowod osobisty, nr dowodu, 身份证明, 証明書番号, raqm hawiya, raqam hawiya",
        "nhs, id number, ssid, id no, documento",
    ),
    "US_SSN": (
        "ssn, social security number, social security no, social security, soc sec, ssn last4, us ssn",
        "",
    ),
    "IN_AADHAAR": (
        "aadhaar, aadhar, adhaar, aadhaar number, aadhaar no, uidai, uidai number, uid number",
        "uid",
    ),
    "IN_PAN": (
        "pan number, pan no, pan card, pan card number, pan card no, pan id, indian pan",
        "pan",
    ),
    "BR_CPF": (
        "cpf, cpf number, numero cpf, cpf titular, cpf cliente",
        "",
    ),
    "PASSPORT": (
        "passport, passport number, passport no, passport id, reisepass, reisepassnummer, passnummer, "
        "passeport, numero passeport, pasaporte, numero pasaporte, passaporte, passaporto, paspoort, 护照, "
        "护照号, 旅券番号",
        "",
    ),
    "DRIVER_LICENSE": (
        "driver license, drivers license, driver licence, drivers licence, driving license, driving "
        "licence, driver license number, driving licence number, driving license number, drivers license "
        "number, dl number, dl no, fuehrerschein, fuhrerschein, fuehrerscheinnummer, permis de conduire, "
        "numero permis, licencia de conducir, carteira de motorista, cnh, patente di guida, rijbewijs",
        "dl, license number, licence number",
    ),
    "VOTER_ID": (
        "voter id, voter id number, voter card, voter number, epic number, epic no, voterid",
        "voter, epic",
    ),
    "VEHICLE_PLATE": (
        "license plate, licence plate, number plate, plate number, plate no, vehicle plate, vehicle "
        "registration, vehicle reg, registration plate, vehicle number, vehicle no, kennzeichen, kfz "
        "kennzeichen, immatriculation, plaque immatriculation, matricula vehiculo, placa, targa, "
        "kenteken, car registration, 车牌号",
        "plate, vin",
    ),
    "TAX_ID": (
        "tax id, tax number, tax no, taxpayer id, tax identification number, tin, itin, us itin, gstin, "
        "gst number, gst no, steuernummer, numero "
        "fiscal, numero fiscale, identifiant fiscal, vat number, 税号",
        "gst, vat, tax",
    ),
    "CREDIT_CARD": (
        "credit card, credit card number, card number, card no, cc number, cc no, ccnum, cc num, debit "
        "card, debit card number, payment card, card pan, kreditkarte, kreditkartennummer, kartennummer, "
        "carte bancaire, numero de carte, numero carte, numero tarjeta, tarjeta de credito, numero "
        "cartao, cartao de credito, 信用卡号",
        "card, cc, pan, tarjeta, cartao",
    ),
    "CARD_CVV": (
        "cvv, cvc, cvv2, cvc2, card verification, card verification code, security code, card cvv",
        "",
    ),
    "IBAN": (
        "iban, iban number, iban no, payout iban, rib iban, kontonummer iban",
        "rib",
    ),
    "BANK_ACCOUNT": (
        "bank account, bank account number, bank account no, account number, account no, accountno, acct "
        "no, acct number, bank acc, bank acct, bank number, routing number, kontonummer, kontonr, "
        "kontonummern, bankverbindung, compte bancaire, numero de compte, numero compte, cuenta bancaria, "
        "numero de cuenta, numero cuenta, numero da conta, conta bancaria, numero conta, conto corrente, "
        "upi, upi id, vpa, khata sankhya, 银行账号, 银行卡号, 口座番号",
        "account, acct num, konto, compte, cuenta, conta, bank",
    ),
    "INCOME": (
        "income, annual income, monthly income, household income, gross income, net income, salary, "
        "annual salary, wage, wages, hourly wage, earnings, base pay, gross pay, net pay, base salary, "
        "total pay, pay rate, hourly rate, monthly rate, daily rate, compensation, remuneration, ctc, "
        "bonus, gehalt, bruttogehalt, nettogehalt, lohn, einkommen, jahreseinkommen, salaire, revenu, "
        "revenus, salaire brut, salario, sueldo, ingresos, ingreso, renda, renda mensal, stipendio, "
        "reddito, salaris, inkomen, vetan, aay, 工资, 收入, 年収, 給与, income bracket",
        "pay, commission",
    ),
    "ACCOUNT_BALANCE": (
        "account balance, balance, current balance, available balance, avail balance, avail bal, acct "
        "bal, opening balance, closing balance, savings balance, outstanding balance, kontostand, saldo, "
        "guthaben, solde, solde compte, saldo conta, saldo cuenta, 余额, 残高",
        "savings, deposits",
    ),
    "FINANCIAL": (
        "credit score, fico, fico score, cibil, cibil score, credit rating, credit limit, credit history, "
        "loan amount, loan status, loan balance, debt, debts, total debt, debt ratio, net worth, "
        "networth, assets, mortgage, mortgage amount, overdraft, credit utilization, credit amount, "
        "default history, credit risk, bonitaet, kreditlimit, kreditrahmen, schulden, "
        "dette, dettes, deuda, divida, emi, emi amount, outstanding debt",
        "loan, credit, investments, bankrupt, bankruptcy, housing loan",
    ),
    "MEDICAL_RECORD_NUMBER": (
        "mrn, medical record number, medical record no, medical record, patient id, patient number, "
        "patient no, patientid, hospital no, hospital number, hospital id, chart number, health id, "
        "health card number, insurance member id, uhid, abha, patientennummer, patienten id, patienten "
        "nr, numero patient, ipp, historia clinica, prontuario, numero de historia, 病历号, 患者番号",
        "patient, encounter id, admission id",
    ),
    "DIAGNOSIS": (
        "diagnosis, diagnoses, primary diagnosis, condition name, medical condition, medical history, "
        "disease, diseases, disability, illness, comorbidity, comorbidities, chief complaint, primary "
        "condition, health condition, symptoms, allergies, allergy, diagnose, diagnosen, krankheit, "
        "erkrankung, vorerkrankung, behinderung, diagnostic, maladie, diagnostico, enfermedad, doenca, "
        "malattia, rog, bimari, 诊断, 疾病, 診断, 病名, mental health, pregnancy, pregnant, hypertension, heart "
        "disease, diabetes, stroke, hiv status, cancer type, cause of death, handicap, anaemia, asthma",
        "condition, outcome, diabetic, dx, chief concern",
    ),
    "MEDICAL_CODE": (
        "icd, icd10, icd 10, icd9, icd 9, icd code, icd10 code, diagnosis code, dx code, procedure code, "
        "cpt, cpt code, snomed, snomed code, snomed ct, sctid, loinc, loinc code, ndc, ndc code, hcpcs, hcpcs code, "
        "atc code, icd10 cm, icd 10 cm, cie 10, cim 10, cid 10, ops code, drg, drg code, diagnosecode, "
        "diagnoseschluessel, code cim, cie10, cid10",
        "dx",
    ),
    "MEDICATION": (
        "medication, medications, medicine, medicines, drug name, drug, prescription, prescribed drug, "
        "current medication, rx, medikament, medikamente, medikation, arzneimittel, medicament, "
        "traitement, medicamento, medicamentos, medicacion, medicacao, farmaco, dawa, dawai, 药物, 処方, "
        "treatment drug, vaccine",
        "treatment, dose, dosage",
    ),
    "HEALTH_MEASURE": (
        "blood pressure, systolic, diastolic, systolic bp, diastolic bp, heart rate, pulse, pulse rate, "
        "bmi, body mass index, body weight, body height, weight kg, height cm, glucose, glucose level, "
        "avg glucose level, blood glucose, blood sugar, cholesterol, hba1c, hemoglobin, haemoglobin, "
        "oxygen saturation, spo2, creatinine, insulin, blood group, blood type, smoker, smoking, smoking "
        "status, tobacco, alcohol, alcohol consumption, lab result, test result, blutdruck, blutgruppe, "
        "blutzucker, raucher, groupe sanguin, fumeur, tension arterielle, grupo sanguineo, fumador, "
        "fumante, presion arterial, raktchap, health status, self rated health, skin thickness, resting "
        "bp, egfr, triglycerides, hdl, ldl, respiratory rate, health",
        "weight, height, body temperature, bp",
    ),
    "ETHNICITY": (
        "ethnicity, ethnic group, ethnic origin, ethnic, race ethnicity, caste, caste "
        "category, ethnie, ethnische herkunft, etnia, raca, raza, hautfarbe, raca cor, jati, racial "
        "group, 民族",
        "race, cor, category caste",
    ),
    "RELIGION": (
        "religion, religious affiliation, faith, denomination, konfession, religionszugehoerigkeit, "
        "religione, religiao, religiosidad, dharm, dharma, 宗教, religious belief, religious",
        "belief, confession",
    ),
    "POLITICAL": (
        "political party, political affiliation, political views, party affiliation, voting intention, "
        "party registration, political orientation, politics, parteizugehoerigkeit, parti politique, "
        "opinion politique, partido politico, ideologia politica, vote choice, voted for",
        "party, partei, parti, partido, vote",
    ),
    "CRIMINAL_RECORD": (
        "criminal record, conviction, convictions, criminal history, offense, offence, offenses, "
        "offences, felony, misdemeanor, arrest, arrests, arrested, prior convictions, prior arrests, "
        "priors, recidivism, sentence, charge description, charges filed, "
        "criminal charges, vorstrafen, straftat, casier judiciaire, antecedentes penales, "
        "antecedentes criminais, inmate id, crime committed",
        "crime, charge, verdict",
    ),
    "SEXUAL_ORIENTATION": (
        "sexual orientation, sexuality, sexuelle orientierung, orientation sexuelle, orientacion sexual, "
        "orientacao sexual",
        "orientation",
    ),
    "TRADE_UNION": (
        "trade union, trade union membership, union membership, union member, gewerkschaft, syndicat, "
        "sindicato, labor union, labour union",
        "",
    ),
    "BIOMETRIC": (
        "fingerprint, fingerprint template, face embedding, face template, faceprint, iris scan, iris "
        "code, voiceprint, voice print, retina scan, biometric, biometric template, facial features, "
        "fingerabdruck, empreinte digitale, huella digital, impressao digital",
        "face id, iris template",
    ),
    "IP_ADDRESS": (
        "ip, ip address, ip addr, client ip, remote ip, source ip, src ip, dst ip, dest ip, user ip, "
        "login ip, ipv4, ipv6, ip adresse, adresse ip, direccion ip, endereco ip, remote addr, last login "
        "ip, host ip",
        "",
    ),
    "MAC_ADDRESS": (
        "mac, mac address, mac addr, hw address, hardware address, wifi mac, bluetooth mac, ethernet "
        "address",
        "",
    ),
    "DEVICE_ID": (
        "imei, imsi, device id, device identifier, device imei, device uuid, device serial, advertising "
        "id, ad id, idfa, gaid, aaid, idfv, android id, "
        "imei number, imei no, device mac, phone id, device token, geraete id, udid, iccid, sim number",
        "device",
    ),
    "CREDENTIAL": (
        "password, passwd, passphrase, pwd, password hash, pass hash, passwort, mot de passe, contrasena, "
        "clave de acceso, senha, api key, apikey, api token, access token, access key, refresh token, "
        "auth token, bearer token, secret key, client secret, private key, session token, session id, "
        "otp, pin code hash, card pin, atm pin, secret, csrf token, security answer, 密码, パスワード, totp "
        "secret, recovery code",
        "token, credential, credentials, hash, salt, pin, key, session",
    ),
    "IMAGE_OF_PERSON": (
        "photo, portrait, selfie, profile picture, profile photo, profile image, face image, face photo, "
        "passport photo, id photo, passbild, lichtbild, bewerbungsfoto, mugshot, headshot, photo identite, "
        "foto carnet, foto de perfil, foto perfil, fototessera, pasfoto, zdjecie, 照片, 顔写真, 証明写真",
        "picture, avatar",
    ),
}  # fmt: skip

# Endings and beginnings that make a column speak *about* a thing instead of holding it.
META = frozenset(
    "app area avg bounce brand bytes campaign category change charge charges clicked clicks confirmed "
    "consent count counts domain driver duration enabled expiration expired expires expiry flag format has hash "
    "index is issue issued kind language len length life linked lock machine make match matched max mean "
    "median method min missing model network num opened opens optin plan preference preferred present "
    "provided provider quality rate ratio reason required satisfaction score security sensor sent "
    "service services size speed status std subject sum support template time timestamp total type "
    "types usage valid validated verification verified verify version".split()
)  # fmt: skip

# What is not a person: rows, names, cities and phones of these are nobody's.
THINGS = frozenset(
    "aircraft airline airport album animal app application artikel artist asset bank beer book branch brand breed "
    "bridge building business car cars category city clinic club cluster college color colour companies company "
    "component country course database department dept dish drug_company dukan ecole empresa entreprise equipe "
    "equipment equipo escola escuela event fabrica facility file filename files filiale film firm firma flight "
    "folder food fornecedor game gebaeude genre haus hospital host hotel house ingredient item items lager lake "
    "league line location loja machine magasin major manufacturer merchant meter metre model models module mountain "
    "movie museum neighborhood neighbourhood node org organisation organization package park path pet plant port "
    "product producto products produit produkt produto project property race recipe region restaurant river road "
    "route school sensor server service shelf ship shop site sku societe song species state station stop store "
    "stores street subject supplier team tienda title track university usine utpad vehicle vendor venue vessel "
    "warehouse wine".split()
)  # fmt: skip

ABBREVIATIONS: dict[str, str] = {
    "cnt": "count", "byt": "bytes", "typ": "type", "desc": "description", "fel": "felony", "misd": "misdemeanor",
    "nm": "name", "addr": "address", "adr": "address", "adrs": "address", "cust": "customer", "acct": "account",
    "acc": "account", "emp": "employee", "dt": "date", "ph": "phone", "tel": "telephone", "tlf": "telefon", "mob":
    "mobile", "bal": "balance", "sal": "salary", "ttl": "title", "nbr": "number", "nmbr": "number", "num": "number",
    "nr": "number", "numero": "number", "nummer": "number", "fst": "first", "frst": "first", "lst": "last", "fll":
    "full", "brth": "birth", "bth": "birth", "bday": "birthday", "gndr": "gender", "cty": "city", "cntry": "country",
    "pwd": "password", "pswd": "password", "passwd": "password", "usr": "user", "mbr": "member", "pt": "patient",
    "med": "medication", "diag": "diagnosis", "natl": "national", "lic": "license", "veh": "vehicle", "reg":
    "registration", "nat": "nationality", "eml": "email", "cntct": "contact", "clnt": "client", "incm": "income",
    "ssnum": "ssn",
}  # fmt: skip
