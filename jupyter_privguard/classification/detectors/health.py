"""Health: diagnoses, ICD-10 codes, medication, measures, record numbers."""

from __future__ import annotations

import re

from ..detector import Detector
from ..shapes import folded, full, number

__all__ = ["BLOOD_GROUP", "DIAGNOSIS", "HEALTH_MEASURE", "MEDICAL_CODE", "MEDICAL_RECORD_NUMBER", "MEDICATION"]

_CONDITIONS = re.compile(
    r"\b(?:diabetes|hypertension|asthma|cancer|carcinoma|tumou?r|leuk(?:a)?emia|lymphoma|melanoma|depress(?:ion|ive)"
    r"|anxiety|schizophrenia|bipolar|dementia|alzheimer|parkinson|epilepsy|migraine|stroke|infarction|arrhythmia"
    r"|fibrillation|angina|heart failure|coronary|pneumonia|bronchitis|copd|influenza|covid|tuberculosis|hepatitis"
    r"|hiv|aids|malaria|dengue|an(?:a)?emia|arthritis|arthrosis|osteoporosis|psoriasis|eczema|dermatitis|gastritis"
    r"|ulcer|colitis|crohn|cirrhosis|nephritis|kidney disease|renal failure|hypothyroidism|hyperthyroidism|obesity"
    r"|fracture|sclerosis|neuropathy|glaucoma|cataract|appendicitis|sepsis|hyperlipid(?:a)?emia|insomnia|autism|adhd"
    r"|endometriosis|pre-?eclampsia|allergic rhinitis|sinusitis|lupus|thrombosis|embolism|syndrome|disorder"
    # Folded: without accents.
    r"|diabete|diabet|zuckerkrankheit|ipertensione|hipertension|hipertensao|hypertonie|hypertonia|bluthochdruck"
    r"|hypertoni|hoge bloeddruk|nadcisnienie|asma|asthme|astma|polmonite|neumonia|pneumonie|lungenentzundung"
    r"|longontsteking|lunginflammation|zapalenie pluc|bronchite|bronquite|bronquitis|krebs|cancro|kanker|kreft"
    r"|rak piersi"
    r"|tumore|depressione|depresion|depressao|depressie|depresja|ansia|ansiedad|ansiedade|angststorung|angststoornis"
    r"|emicrania|migrana|enxaqueca|migrane|migrena|migran|artrite|artritis|artrose|arthrite|arthrose|epilessia"
    r"|epilepsia"
    r"|epilepsie|ictus|infarto|infarctus|herzinfarkt|hartinfarct|hjartinfarkt|zawal|schlaganfall|beroerte|udar mozgu"
    r"|gastrite|anemia|anemie|blutarmut|niedokrwistosc|osteoporose|osteoporosi|insufficienza renale|insuffisance"
    r"|insuficiencia|herzinsuffizienz|hartfalen|hjartsvikt|niewydolnosc|obesita|obesidad|obesidade|adipositas|otylosc"
    r"|tubercolosi|tuberculose|gruzlica|epatite|hepatite|demenza|demencia|demenz|dementie|allergie|allergia|alergia)\b"
    r"|糖尿病|高血圧|喘息|肺炎|がん|癌|うつ病|片頭痛|偏頭痛|骨折|胃炎|心筋梗塞|脳卒中|てんかん|関節炎|貧血|認知症|アレルギー"
    r"|高血压|哮喘|抑郁|骨质疏松|中风|冠心病|肝炎|당뇨|고혈압|천식|폐렴|우울증|диабет|гипертония|астма|пневмония|депрессия|मधुमेह"
    r"|उच्च रक्तचाप|दमा"
)
_MEDICINES = re.compile(
    r"\b(?:metformin|insulin|glimepiride|gliclazide|empagliflozin|semaglutide|aspirin|acetylsalicylic|paracetamol"
    r"|acetaminophen|ibuprofen|diclofenac|naproxen|tramadol|morphine|oxycodone|codeine|amoxicillin|azithromycin"
    r"|ciprofloxacin|doxycycline|penicillin|cef\w+|omeprazole|pantoprazole|lansoprazole|atorvastatin|simvastatin"
    r"|rosuvastatin|pravastatin|lisinopril|ramipril|enalapril|losartan|valsartan|candesartan|amlodipine|nifedipine"
    r"|bisoprolol|metoprolol|atenolol|propranolol|furosemide|hydrochlorothiazide|spironolactone|warfarin|apixaban"
    r"|rivaroxaban|clopidogrel|heparin|enoxaparin|levothyroxine|prednisone|prednisolone|dexamethasone|salbutamol"
    r"|albuterol|budesonide|montelukast|cetirizine|loratadine|sertraline|fluoxetine|citalopram|escitalopram"
    r"|venlafaxine|mirtazapine|amitriptyline|quetiapine|risperidone|olanzapine|lithium|diazepam|lorazepam"
    r"|alprazolam|gabapentin|pregabalin|levetiracetam|valproate|carbamazepine|methotrexate|tamoxifen|letrozole"
    r"|sildenafil|methylphenidate|allopurinol|ferrous sulfate|folic acid"
    # The endings of international names in other languages: “Metformina”, “Ibuprofeno”, “Lisinoprilum”.
    r"|(?:metformin|insulin|paracetamol|ibuprofen|diclofenac|amoxicilin|amoxicillin|omeprazol|pantoprazol|lansoprazol"
    r"|atorvastatin|simvastatin|rosuvastatin|lisinopril|ramipril|enalapril|losartan|valsartan|amlodipin|bisoprolol"
    r"|metoprolol|furosemid|warfarin|levothyroxin|levotiroxin|prednison|prednisolon|salbutamol|sertralin|fluoxetin"
    r"|citalopram|diazepam)(?:a|e|o|um|na|en)?|aspirina|aspirine|acetylsalicylzuur)\b"
    r"|アムロジピン|ランソプラゾール|メトホルミン|インスリン|アスピリン|ロキソプロフェン|アトルバスタチン|ロスバスタチン|オメプラゾール"
    r"|アセトアミノフェン|イブプロフェン|プレドニゾロン|ワルファリン|フロセミド|サルブタモール|セルトラリン|二甲双胍|胰岛素|阿司匹林|布洛芬"
    r"|氨氯地平|阿莫西林|奥美拉唑"
)
# ICD-10: letter, two digits (ICD-10-CM: the third may be A or B), up to four more after a dot.
_icd = full(r"[A-TV-Z]\d[\dAB](?:\.[\dA-Z]{1,4})?")
# Also SNOMED CT (6–18 digits), CPT, HCPCS, LOINC (digits, hyphen, check digit), NDC (21 CFR 207.33), ATC.
_code = full(
    r"[A-Z]?\d{2,6}[A-Z]?(?:\.[\dA-Z]{1,4})?|\d{6,18}|[A-Z]\d{4}|\d{1,5}-\d|\d{4,5}-\d{3,4}-\d{1,2}"
    r"|[A-Z]\d\d[A-Z]{2}\d\d",
    ignore_case=True,
)
_words = full(r"(?=.*[^\W\d_]{2})[^@#$%*<>=]{2,120}")
_short_code = full(r"[A-Za-z0-9][\w.+-]{0,11}")
_record = full(
    r"[A-Z]{0,7}[ _#-]?\d{2,12}[A-Z]?|[A-Z0-9]{4,16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", ignore_case=True
)
_record_proof = full(r"(?:MRN|PAT|PATIENT|PT)[-_ #]?\d{2,12}", ignore_case=True)
_blood = full(r"(?:AB|[ABO0]) ?(?:[+-]|\((?:\+|-|ve\+|ve-)\)|Rh ?[+-]|positive|negative|pos|neg)", ignore_case=True)
_pressure = full(r"\d{2,3}/\d{2,3}")


def _names_one(words: re.Pattern[str], text: str) -> bool:
    """Whether a short text has one of the words, without accents or, in scripts where these make letters, with them."""
    if len(text) > 80:
        return False
    return bool(words.search(folded(text))) or (not text.isascii() and bool(words.search(text)))


def _codes_with_subclass(text: str) -> bool:
    return bool(_icd(text.upper()))


def _measure(text: str) -> bool:
    return number(text) is not None or bool(_pressure(text)) or len(text) <= 40


DIAGNOSIS = Detector(
    "diagnosis", "DIAGNOSIS", shape=lambda text: bool(_words(text)) or bool(_short_code(text)),
    proof=lambda text: _names_one(_CONDITIONS, text), kind="dictionary", alone=0.85,
    with_person=0.92, share=0.5, says="names of diseases",
)  # fmt: skip
MEDICAL_CODE = Detector(
    "medical_code", "MEDICAL_CODE", shape=lambda text: bool(_code(text)), proof=_codes_with_subclass, alone=0.39,
    with_person=0.75, share=0.9, says="the form of ICD-10 codes",
)  # fmt: skip
MEDICATION = Detector(
    "medication", "MEDICATION", shape=lambda text: bool(_words(text)),
    proof=lambda text: _names_one(_MEDICINES, text), kind="dictionary", alone=0.88,
    with_person=0.94, share=0.5, says="names of medicines",
)  # fmt: skip
HEALTH_MEASURE = Detector("health_measure", "HEALTH_MEASURE", shape=_measure)
BLOOD_GROUP = Detector(
    "blood_group", "HEALTH_MEASURE", shape=_blood, proof=_blood, alone=0.3, with_person=0.8, share=0.95,
    says="blood groups with their rhesus factor",
)  # fmt: skip
MEDICAL_RECORD_NUMBER = Detector(
    "medical_record_number", "MEDICAL_RECORD_NUMBER", shape=lambda text: bool(_record(text)), proof=_record_proof,
    alone=0.88, share=0.9, says="numbers that begin with MRN or PAT",
)  # fmt: skip
