"""Composition root: picks the implementations and hands surfaces what they need.

Surfaces (notebook, server, command line) get the keys, policy and log of this deployment from here;
use cases never import it.
"""

from __future__ import annotations

from ..guard.columns.assess import mask_table
from .approvals import answer_request, known_requests, request_approval
from .disclosure import check_may_unseal, read_sealed, reveal
from .events import check_file_allowed, log_reader, record, safe_text
from .key_changes import destroy_key, rotate_keys
from .keys import (
    ask_passphrase_with,
    drawing_surrogates,
    existing_keyring,
    key_provider,
    keyring,
    keys_there,
    log_key,
    make_keys,
    passphrase_in_file,
)
from .log import has_log, open_log
from .place import home, policy, principal, version
from .reading import Reading, report_page
from .sessions import domain_pins, open_session, record_here
from .tables import assess, classify_object, mask_object, saved_overrides, with_words

__all__ = [
    "Reading",
    "answer_request",
    "ask_passphrase_with",
    "assess",
    "check_file_allowed",
    "check_may_unseal",
    "classify_object",
    "destroy_key",
    "domain_pins",
    "drawing_surrogates",
    "existing_keyring",
    "has_log",
    "home",
    "key_provider",
    "keyring",
    "keys_there",
    "known_requests",
    "log_key",
    "log_reader",
    "make_keys",
    "mask_object",
    "mask_table",
    "open_log",
    "open_session",
    "passphrase_in_file",
    "policy",
    "principal",
    "read_sealed",
    "record",
    "record_here",
    "report_page",
    "request_approval",
    "reveal",
    "rotate_keys",
    "safe_text",
    "saved_overrides",
    "version",
    "with_words",
]
