"""Numbers that an organisation gives to its people: customers, employees."""

from __future__ import annotations

from ..detector import Detector
from ..shapes import full, year_in

__all__ = ["CUSTOMER_ID", "EMPLOYEE_ID", "PERSONAL_LINK"]

_id = full(r"[^\W_][\w./:-]{0,63}")
_customer = full(
    r"(?:CUST|CUSTOMER|CLIENT|CLNT|MEMBER|MBR|USER|USR|KUNDE|KD|CLI|STUDENT|STU|SUBJ)[-_#]?\d{2,12}", ignore_case=True
)
_employee = full(
    r"(?:EMP|EMPLOYEE|STAFF|WORKER|MITARB|MA)[-_#]\d{2,10}|(?:EMP|EMPLOYEE|STAFF)\d{2,10}", ignore_case=True
)
# A link with an account, a session or a sign-in token in its query leads to one person.
_link = full(
    r"https?://[^\s?#]+\?(?:[^\s#]*&)?(?:uid|userid|user_id|user|customer|customer_id|client_id|member|account|session|sid"
    r"|sessionid|token|auth|email)=[^\s&#]{3,}[^\s]*",
    ignore_case=True,
)
_decimal = full(r"[-+]?\d+\.\d+|[-+]\d+")


def _id_shape(text: str) -> bool:
    return bool(_id(text)) and not _decimal(text) and (len(text) == 8 or year_in(text) is None)


CUSTOMER_ID = Detector(
    "customer_id", "CUSTOMER_ID", shape=_id_shape, proof=_customer, alone=0.85, share=0.9,
    says="numbers that begin with a word for customer",
)  # fmt: skip
PERSONAL_LINK = Detector(
    "personal_link", "CUSTOMER_ID", shape=_link, proof=_link, alone=0.8, share=0.8,
    says="links that carry an account or a session",
)  # fmt: skip
EMPLOYEE_ID = Detector(
    "employee_id", "EMPLOYEE_ID", shape=_id_shape, proof=_employee, alone=0.85, share=0.9,
    says="numbers that begin with a word for employee",
)  # fmt: skip
