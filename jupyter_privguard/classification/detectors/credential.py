"""What opens doors: keys and tokens of a dozen issuers, private keys, password hashes.

Prefixes as the issuers publish them. A random string without a prefix is not taken for a secret
unless its header says so.
"""

from __future__ import annotations

import re

from ..detector import Detector
from ._shapes import full

__all__ = ["CREDENTIAL"]

_KINDS = (
    r"(?:AKIA|ASIA)[A-Z0-9]{16}",  # AWS access key id
    r"gh[pousr]_[A-Za-z0-9]{36,255}",  # GitHub
    r"github_pat_[A-Za-z0-9_]{22,255}",  # GitHub, fine-grained
    r"glpat-[\w-]{20,64}",  # GitLab
    r"xox[abeoprs]-[A-Za-z0-9-]{10,250}",  # Slack
    r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,255}",  # Stripe
    r"sk-(?:proj-|ant-)?[\w-]{32,255}",  # OpenAI, Anthropic
    r"AIza[\w-]{35}",  # Google API key
    r"ya29\.[\w-]{20,255}",  # Google OAuth
    r"SG\.[\w-]{22}\.[\w-]{43}",  # SendGrid
    r"npm_[A-Za-z0-9]{36}",  # npm
    r"pypi-[\w-]{50,255}",  # PyPI
    r"hf_[A-Za-z0-9]{30,64}",  # Hugging Face
    r"dop_v1_[0-9a-f]{64}",  # DigitalOcean
    r"(?:AC|SK)[0-9a-f]{32}",  # Twilio
    r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",  # JSON Web Token, RFC 7519
    r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}",  # bcrypt
    r"\$argon2(?:id|i|d)\$[\w$=,+/.-]{20,255}",  # Argon2
    r"\$[156]\$[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}",  # crypt(3)
    r"pbkdf2_sha256\$\d+\$[\w+/=]+\$[\w+/=]{20,88}",  # Django
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\w\s+/=,:-]*(?:-----END (?:[A-Z]+ )?PRIVATE KEY-----)?",  # PEM, RFC 7468
    r"[a-z][a-z0-9+.-]{2,20}://[^\s:/@]{1,64}:[^\s:/@]{3,64}@[^\s/]{3,}(?:/\S*)?",  # password in a URL, RFC 3986 3.2.1
)
_ANY = "|".join(_KINDS)
_secret = full(_ANY)
_opaque = full(r"\S{4,4096}")


CREDENTIAL = Detector(
    "credential", "CREDENTIAL", shape=lambda text: bool(_opaque(text)) or bool(_secret(text)),
    proof=_secret, alone=0.97, few=True, span=re.compile(rf"(?<![\w$-])(?:{_ANY})"),
    says="keys, tokens or password hashes of known forms",
)  # fmt: skip
