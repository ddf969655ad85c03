"""Names of countries and of parts of the world, which are given names as often as not (*Georgia*, *Jordan*, *Chad*)."""

from __future__ import annotations

import re
from functools import cache

from .shapes import folded

__all__ = ["is_country"]

_COUNTRIES = (
    "afghanistan|albania|algeria|american samoa|andorra|angola|anguilla|antarctica|antigua|argentina|armenia|aruba"
    "|australia|austria|azerbaijan|bahamas|bahrain|bangladesh|barbados|belarus|belgium|belize|benin|bermuda|bhutan"
    "|bolivia|bosnia|botswana|brazil|brunei|bulgaria|burkina faso|burundi|cambodia|cameroon|canada|cabo verde"
    "|cape verde|cayman islands|central african republic|chad|chile|china|colombia|comoros|congo|costa rica|croatia"
    "|cuba|curacao|cyprus|czechia|czech republic|cote divoire|ivory coast|denmark|djibouti|dominica"
    "|dominican republic|ecuador|egypt|el salvador|equatorial guinea|eritrea|estonia|eswatini|swaziland|ethiopia"
    "|faroe islands|fiji|finland|france|french guiana|french polynesia|gabon|gambia|georgia|germany|ghana|gibraltar"
    "|greece|greenland|grenada|guadeloupe|guam|guatemala|guernsey|guinea|guinea-bissau|guyana|haiti|holy see|honduras"
    "|hong kong|hungary|iceland|india|indonesia|iran|iraq|ireland|isle of man|israel|italy|jamaica|japan|jersey"
    "|jordan|kazakhstan|kenya|kiribati|korea|north korea|south korea|kosovo|kuwait|kyrgyzstan|laos|latvia|lebanon"
    "|lesotho|liberia|libya|liechtenstein|lithuania|luxembourg|macao|macau|macedonia|north macedonia|madagascar"
    "|malawi|malaysia|maldives|mali|malta|marshall islands|martinique|mauritania|mauritius|mayotte|mexico|micronesia"
    "|moldova|monaco|mongolia|montenegro|montserrat|morocco|mozambique|myanmar|burma|namibia|nauru|nepal|netherlands"
    "|holland|new caledonia|new zealand|nicaragua|niger|nigeria|niue|norway|oman|pakistan|palau|palestine|panama"
    "|papua new guinea|paraguay|peru|philippines|poland|portugal|puerto rico|qatar|reunion|romania|russia|rwanda"
    "|saint lucia|st lucia|samoa|san marino|saudi arabia|senegal|serbia|seychelles|sierra leone|singapore|slovakia"
    "|slovenia|solomon islands|somalia|south africa|south sudan|spain|sri lanka|sudan|suriname|sweden|switzerland"
    "|syria|taiwan|tajikistan|tanzania|thailand|timor-leste|togo|tokelau|tonga|trinidad|tunisia|turkey|turkiye"
    "|turkmenistan|tuvalu|uganda|ukraine|uae|united arab emirates|uk|united kingdom|great britain|england|scotland"
    "|wales|northern ireland|usa|united states|uruguay|uzbekistan|vanuatu|vatican|venezuela|vietnam|viet nam"
    "|western sahara|yemen|zambia|zimbabwe|trinidad and tobago|saint kitts and nevis"
    # As their neighbours write them.
    "|deutschland|osterreich|schweiz|frankreich|italien|spanien|polen|belgien|niederlande|danemark|schweden|norwegen"
    "|turkei|griechenland|ungarn|russland|grossbritannien|vereinigtes konigreich|vereinigte staaten|tschechien"
    "|allemagne|autriche|suisse|italie|espagne|pologne|belgique|pays-bas|suede|norvege|turquie|grece|hongrie|russie"
    "|royaume-uni|etats-unis|algerie|maroc|tunisie|alemania|suiza|francia|italia|espana|polonia|belgica|paises bajos"
    "|suecia|noruega|turquia|grecia|hungria|rusia|reino unido|estados unidos|brasil|peru|marruecos|argelia|alemanha"
    "|franca|espanha|suica|holanda|germania|spagna|svizzera|regno unito|stati uniti|paesi bassi|brasile"
)
_PART = re.compile(
    r"(?:(?:north|south|east|west|central|middle|latin|northern|southern|eastern|western|sub-?saharan|south-?east(?:ern)?"
    r"|north-?east(?:ern)?) )*(?:africa|asia|europe|america|oceania|antarctica)|(?:the )?caribbean|melanesia|polynesia"
)


@cache
def _known() -> frozenset[str]:
    return frozenset(_COUNTRIES.split("|"))


def is_country(text: str) -> bool:
    """Whether it is the name of a country or of a part of the world; what follows in brackets or a comma aside."""
    plain = folded(text[:80]).partition("(")[0].partition(",")[0].strip().removeprefix("the ")
    return plain in _known() or _PART.fullmatch(plain) is not None
