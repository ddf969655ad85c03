"""What opens doors: keys and tokens of some seventy issuers, private keys, password hashes.

Prefixes as the issuers publish them. A random string without a prefix is not taken for a secret
unless its header says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..detector import Detector
from ..shapes import full

__all__ = ["CREDENTIAL", "KINDS"]

KINDS: Mapping[str, str] = {
    "AWS access key, role and user ids": r"(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}",
    "GitHub": r"gh[pousr]_[A-Za-z0-9]{36,255}",
    "GitHub, fine-grained": r"github_pat_[A-Za-z0-9_]{22,255}",
    "GitLab": r"gl(?:pat|ptt|dt|rt|cbt|oas|soat)-[\w.-]{20,64}",
    "Slack tokens": r"xox[abeoprs]-[A-Za-z0-9-]{10,250}",
    "Slack app": r"xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]{20,80}",
    "Slack webhook": r"https://hooks\.slack\.com/services/T\w{6,12}/B\w{6,12}/\w{20,28}",
    "Stripe": r"(?:sk|rk|pk|whsec)_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/=]{32,64}",
    "OpenAI, Anthropic, OpenRouter": r"sk-(?:proj-|ant-|or-v1-)?[\w-]{32,255}",
    "Groq": r"gsk_[A-Za-z0-9]{48,64}",
    "Replicate": r"r8_[A-Za-z0-9]{37}",
    "Google API key": r"AIza[\w-]{35}",
    "Google OAuth access token": r"ya29\.[\w-]{20,255}",
    "Google OAuth client secret": r"GOCSPX-[\w-]{28}",
    "SendGrid": r"SG\.[\w-]{22}\.[\w-]{43}",
    "Mailgun": r"key-[0-9a-f]{32}",
    "npm": r"npm_[A-Za-z0-9]{36}",
    "PyPI": r"pypi-[\w-]{50,255}",
    "Hugging Face": r"hf_[A-Za-z0-9]{30,64}",
    "DigitalOcean": r"do[opr]_v1_[0-9a-f]{64}",
    "Twilio": r"(?:AC|SK)[0-9a-f]{32}",
    "Shopify": r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
    "Databricks": r"dapi[0-9a-f]{32}(?:-\d)?",
    "Grafana": r"glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[A-Za-z0-9+/=]{32,400}",
    "HashiCorp Vault": r"hv[sbr]\.[\w-]{24,300}",
    "HashiCorp Terraform": r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}",
    "Docker": r"dckr_pat_[\w-]{27}",
    "New Relic": r"NRAK-[A-Z0-9]{27}",
    "Linear": r"lin_api_[A-Za-z0-9]{40}",
    "Atlassian": r"ATATT3[\w=-]{180,220}",
    "Postman": r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}",
    "Square": r"sq0(?:atp|csp)-[\w-]{22,43}",
    "Meta": r"EAA[A-Za-z0-9]{90,400}",
    "Telegram bot": r"\d{8,10}:AA[\w-]{33}",
    "Discord bot": r"[MNO][A-Za-z\d]{23,25}\.[\w-]{6}\.[\w-]{27,38}",
    "Supabase": r"sbp_[0-9a-f]{40}|sb_secret_[\w-]{20,64}",
    "Notion": r"ntn_[A-Za-z0-9]{40,50}|secret_[A-Za-z0-9]{43}",
    "Figma": r"figd_[\w-]{35,60}",
    "Airtable": r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}",
    "Sentry": r"sntry[su]_[\w+/=-]{40,500}",
    "Doppler": r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}",
    "Pulumi": r"pul-[0-9a-f]{40}",
    "Heroku": r"HRKU-[\w-]{36,80}",
    "PlanetScale": r"pscale_(?:tkn|pw|oauth)_[\w.=-]{32,64}",
    "Tailscale": r"tskey-(?:api|auth|client|scim|webhook)-\w{8,32}-\w{16,64}",
    "Netlify": r"nfp_[A-Za-z0-9]{36,44}",
    "xAI": r"xai-[A-Za-z0-9]{70,100}",
    "Perplexity": r"pplx-[A-Za-z0-9]{40,60}",
    "LangSmith": r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}",
    "RubyGems": r"rubygems_[0-9a-f]{48}",
    "Brevo": r"xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}",
    "Mailchimp": r"[0-9a-f]{32}-us\d{1,2}",
    "Razorpay": r"rzp_(?:live|test)_[A-Za-z0-9]{14}",
    "Plaid": r"access-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "Alibaba Cloud": r"LTAI[A-Za-z0-9]{12,24}",
    "Tencent Cloud": r"AKID[A-Za-z0-9]{32}",
    "Microsoft Entra client secret": r"[A-Za-z0-9_~.]{3}[78]Q~[\w~.-]{31,34}",
    "Mapbox": r"sk\.eyJ[\w-]{20,200}\.[\w-]{20,40}",
    "1Password service account": r"ops_eyJ[\w-]{50,1500}",
    "JFrog": r"AKCp[A-Za-z0-9]{65,75}",
    "Dropbox": r"sl\.[\w-]{130,1600}",
    "one-time password seeds": r"otpauth://[th]otp/\S{1,200}[?&]secret=[A-Z2-7]{16,128}=*\S{0,100}",
    "age identity": r"AGE-SECRET-KEY-1[0-9A-Z]{58}",
    "JSON Web Token, RFC 7519": r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",
    "password hash: bcrypt": r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}",
    "password hash: Argon2, RFC 9106": r"\$argon2(?:id|i|d)\$[\w$=,+/.-]{20,255}",
    "password hash: scrypt, RFC 7914": r"\$scrypt\$[\w$=,+/.-]{20,255}|scrypt:\d+:\d+:\d+\$[\w$+/=]{20,255}",
    "password hash: crypt(5), Apache": r"\$(?:1|5|6|y|7|apr1)\$[./$=A-Za-z0-9]{1,40}\$[./A-Za-z0-9]{22,86}",
    "password hash: Django": r"pbkdf2_sha(?:1|256|512)\$\d+\$[\w+/=]+\$[\w+/=]{20,88}",
    "password hash: Werkzeug": r"pbkdf2:sha\d{1,3}:\d+\$[\w+/=]+\$[0-9a-f]{40,128}",
    "password hash: passlib": r"\$pbkdf2(?:-sha\d{3})?\$\d+\$[\w./+=]+\$[\w./+=]{20,100}",
    "password hash: phpass": r"\$[PH]\$[./A-Za-z0-9]{31}",
    "password hash: PostgreSQL, RFC 5803": r"SCRAM-SHA-(?:1|256)\$\d+:[\w+/=]+\$[\w+/=]+:[\w+/=]+",
    "password hash: MySQL": r"\*[0-9A-F]{40}",
    "password hash: LDAP, RFC 2307": r"\{S?(?:SHA|MD5|SSHA|SMD5)(?:256|512)?\}[A-Za-z0-9+/=]{20,120}",
    "private key: PEM and OpenPGP, RFC 7468, RFC 9580": (
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----[\w\s+/=,:.()-]*"
        r"(?:-----END (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----)?"
    ),
    "Azure storage account": (
        r"(?:DefaultEndpointsProtocol|AccountName)=\S{1,200}AccountKey=[A-Za-z0-9+/=]{40,100}\S{0,200}"
    ),
    "Bearer and Basic headers, RFC 6750, RFC 7617": (
        r"[Bb]earer [\w.~+/-]{24,2000}=*|Basic (?:[A-Za-z0-9+/]{4}){4,500}[A-Za-z0-9+/]{2,3}={1,2}"
    ),
    "password in a URL, RFC 3986 3.2.1": r"[a-z][a-z0-9+.-]{2,20}://[^\s:/@]{1,64}:[^\s:/@]{3,64}@[^\s/]{3,}(?:/\S*)?",
}
"""Patterns by issuer or form."""
_ANY = "|".join(KINDS.values())
_secret = full(_ANY)
_opaque = full(r"\S{4,4096}")


CREDENTIAL = Detector(
    "credential", "CREDENTIAL", shape=lambda text: bool(_opaque(text)) or bool(_secret(text)),
    proof=_secret, alone=0.97, few=True, span=re.compile(rf"(?<![\w$-])(?:{_ANY})"),
    says="keys, tokens or password hashes of known forms",
)  # fmt: skip
