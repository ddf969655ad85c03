"""Addresses and numbers of machines: IP, MAC, device ids."""

from __future__ import annotations

import re

from .. import checksums
from ..detector import Detector
from ..shapes import full

__all__ = ["DEVICE_ID", "IP_ADDRESS", "MAC_ADDRESS"]

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_V4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_V6 = r"(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}"
_v4 = full(_V4)
_v6 = full(_V6)
_MAC = r"[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}"
_mac = full(rf"{_MAC}|(?:[0-9A-Fa-f]{{4}}\.){{2}}[0-9A-Fa-f]{{4}}")
_ip_shape = full(rf"(?:{_V4}|{_V6})(?:/\d{{1,3}}|:\d{{1,5}})?")
_uuid = full(r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?", ignore_case=True)
_device = full(r"[\w:-]{8,64}")
_imei = full(r"(?:01|35|86|99)\d{13}")


def _ip(text: str) -> bool:
    """An address of somebody: not loopback, unspecified, multicast or a four-part version number.

    RFC 1122 3.2.1.3 and RFC 5771 for what is nobody's. Versions count from small numbers, so a
    first part below 14 is taken for an address only in the private block 10 (RFC 1918).
    """
    if _v4(text):
        first, second = (int(part) for part in text.split(".")[:2])
        return (first == 10 and second > 40) or (14 <= first < 224 and first != 127)
    return bool(_v6(text)) and text.strip(":0") not in ("", "1")


def _imei_proof(text: str) -> bool:
    """Fifteen digits, a reporting body's prefix and Luhn (3GPP TS 23.003 annex B)."""
    return bool(_imei(text)) and checksums.luhn(text)


IP_ADDRESS = Detector(
    "ip_address", "IP_ADDRESS", shape=_ip_shape, proof=_ip, alone=0.9,
    span=re.compile(rf"(?<![\w.:/-])(?:{_V4}|{_V6})(?![\w:]|\.\d|-\d)"), says="IP addresses",
)  # fmt: skip
MAC_ADDRESS = Detector(
    "mac_address", "MAC_ADDRESS", shape=_mac, proof=_mac, alone=0.95, few=True,
    span=re.compile(rf"(?<![\w:-]){_MAC}(?![\w:-])"), says="MAC addresses",
)  # fmt: skip
DEVICE_ID = Detector(
    "device_id", "DEVICE_ID", shape=lambda text: bool(_uuid(text)) or bool(_device(text)), proof=_imei_proof,
    kind="checksum", alone=0.92, says="IMEI prefix and Luhn check digit",
)  # fmt: skip
