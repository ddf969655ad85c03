"""What opens doors: keys and tokens of some seventy issuers, private keys, password hashes.

Prefixes as the issuers publish them. A random string without a prefix is not taken for a secret
unless its header says so.
"""

from __future__ import annotations

import re

from ..detector import Detector
from ..shapes import full

__all__ = ["CREDENTIAL"]

_KINDS = (
    r"(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}",  # AWS access key, role and user ids
    r"gh[pousr]_[A-Za-z0-9]{36,255}",  # GitHub
    r"github_pat_[A-Za-z0-9_]{22,255}",  # GitHub, fine-grained
    r"gl(?:pat|ptt|dt|rt|cbt|oas|soat)-[\w.-]{20,64}",  # GitLab
    r"xox[abeoprs]-[A-Za-z0-9-]{10,250}",  # Slack tokens
    r"xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]{20,80}",  # Slack app
    r"https://hooks\.slack\.com/services/T\w{6,12}/B\w{6,12}/\w{20,28}",  # Slack webhook
    r"(?:sk|rk|pk|whsec)_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/=]{32,64}",  # Stripe
    r"sk-(?:proj-|ant-|or-v1-)?[\w-]{32,255}",  # OpenAI, Anthropic, OpenRouter
    r"gsk_[A-Za-z0-9]{48,64}",  # Groq
    r"r8_[A-Za-z0-9]{37}",  # Replicate
    r"AIza[\w-]{35}",  # Google API key
    r"ya29\.[\w-]{20,255}",  # Google OAuth access token
    r"GOCSPX-[\w-]{28}",  # Google OAuth client secret
    r"SG\.[\w-]{22}\.[\w-]{43}",  # SendGrid
    r"key-[0-9a-f]{32}",  # Mailgun
    r"npm_[A-Za-z0-9]{36}",  # npm
    r"pypi-[\w-]{50,255}",  # PyPI
    r"hf_[A-Za-z0-9]{30,64}",  # Hugging Face
    r"do[opr]_v1_[0-9a-f]{64}",  # DigitalOcean
    r"(?:AC|SK)[0-9a-f]{32}",  # Twilio
    r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",  # Shopify
    r"dapi[0-9a-f]{32}(?:-\d)?",  # Databricks
    r"glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[A-Za-z0-9+/=]{32,400}",  # Grafana
    r"hv[sbr]\.[\w-]{24,300}",  # HashiCorp Vault
    r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}",  # HashiCorp Terraform
    r"dckr_pat_[\w-]{27}",  # Docker
    r"NRAK-[A-Z0-9]{27}",  # New Relic
    r"lin_api_[A-Za-z0-9]{40}",  # Linear
    r"ATATT3[\w=-]{180,220}",  # Atlassian
    r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}",  # Postman
    r"sq0(?:atp|csp)-[\w-]{22,43}",  # Square
    r"EAA[A-Za-z0-9]{90,400}",  # Meta
    r"\d{8,10}:AA[\w-]{33}",  # Telegram bot
    r"[MNO][A-Za-z\d]{23,25}\.[\w-]{6}\.[\w-]{27,38}",  # Discord bot
    r"sbp_[0-9a-f]{40}|sb_secret_[\w-]{20,64}",  # Supabase
    r"ntn_[A-Za-z0-9]{40,50}|secret_[A-Za-z0-9]{43}",  # Notion
    r"figd_[\w-]{35,60}",  # Figma
    r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}",  # Airtable
    r"sntry[su]_[\w+/=-]{40,500}",  # Sentry
    r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}",  # Doppler
    r"pul-[0-9a-f]{40}",  # Pulumi
    r"HRKU-[\w-]{36,80}",  # Heroku
    r"pscale_(?:tkn|pw|oauth)_[\w.=-]{32,64}",  # PlanetScale
    r"tskey-(?:api|auth|client|scim|webhook)-\w{8,32}-\w{16,64}",  # Tailscale
    r"nfp_[A-Za-z0-9]{36,44}",  # Netlify
    r"xai-[A-Za-z0-9]{70,100}",  # xAI
    r"pplx-[A-Za-z0-9]{40,60}",  # Perplexity
    r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}",  # LangSmith
    r"rubygems_[0-9a-f]{48}",  # RubyGems
    r"xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}",  # Brevo
    r"[0-9a-f]{32}-us\d{1,2}",  # Mailchimp
    r"rzp_(?:live|test)_[A-Za-z0-9]{14}",  # Razorpay
    r"access-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",  # Plaid
    r"LTAI[A-Za-z0-9]{12,24}",  # Alibaba Cloud
    r"AKID[A-Za-z0-9]{32}",  # Tencent Cloud
    r"[A-Za-z0-9_~.]{3}[78]Q~[\w~.-]{31,34}",  # Microsoft Entra client secret
    r"sk\.eyJ[\w-]{20,200}\.[\w-]{20,40}",  # Mapbox
    r"ops_eyJ[\w-]{50,1500}",  # 1Password service account
    r"AKCp[A-Za-z0-9]{65,75}",  # JFrog
    r"sl\.[\w-]{130,1600}",  # Dropbox
    r"otpauth://[th]otp/\S{1,200}[?&]secret=[A-Z2-7]{16,128}=*\S{0,100}",  # one-time password seeds
    r"AGE-SECRET-KEY-1[0-9A-Z]{58}",  # age
    r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",  # JSON Web Token, RFC 7519
    r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}",  # bcrypt
    r"\$argon2(?:id|i|d)\$[\w$=,+/.-]{20,255}",  # Argon2, RFC 9106
    r"\$scrypt\$[\w$=,+/.-]{20,255}|scrypt:\d+:\d+:\d+\$[\w$+/=]{20,255}",  # scrypt, RFC 7914
    r"\$(?:1|5|6|y|7|apr1)\$[./$=A-Za-z0-9]{1,40}\$[./A-Za-z0-9]{22,86}",  # crypt(5), Apache
    r"pbkdf2_sha(?:1|256|512)\$\d+\$[\w+/=]+\$[\w+/=]{20,88}",  # Django
    r"pbkdf2:sha\d{1,3}:\d+\$[\w+/=]+\$[0-9a-f]{40,128}",  # Werkzeug
    r"\$pbkdf2(?:-sha\d{3})?\$\d+\$[\w./+=]+\$[\w./+=]{20,100}",  # passlib
    r"\$[PH]\$[./A-Za-z0-9]{31}",  # phpass
    r"SCRAM-SHA-(?:1|256)\$\d+:[\w+/=]+\$[\w+/=]+:[\w+/=]+",  # PostgreSQL, RFC 5803
    r"\*[0-9A-F]{40}",  # MySQL
    r"\{S?(?:SHA|MD5|SSHA|SMD5)(?:256|512)?\}[A-Za-z0-9+/=]{20,120}",  # LDAP, RFC 2307
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----[\w\s+/=,:.()-]*"
    r"(?:-----END (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----)?",  # PEM and OpenPGP, RFC 7468, RFC 9580
    r"(?:DefaultEndpointsProtocol|AccountName)=\S{1,200}AccountKey=[A-Za-z0-9+/=]{40,100}\S{0,200}",  # Azure storage
    r"[Bb]earer [\w.~+/-]{24,2000}=*|Basic (?:[A-Za-z0-9+/]{4}){4,500}[A-Za-z0-9+/]{2,3}={1,2}",  # RFC 6750, RFC 7617
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
