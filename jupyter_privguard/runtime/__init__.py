"""Composition root: picks the implementations and hands surfaces what they need.

Surfaces (notebook, server, command line) get the keys, policy and log of this deployment from here;
use cases never import it.
"""

from __future__ import annotations

from ..guard.columns.assess import mask_table
from .anchors import anchored
from .approvals import answer_request, known_requests, request_approval
from .archive import archive_log, archived
from .disclosure import check_may_unseal, read_sealed, reveal, reveal_picture
from .events import check_file_allowed, log_reader, record, safe_text
from .identity import Grant, grant_file, signed_grant
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
from .place import acting_as, home, policy, principal, version
from .planes import Planes, gaps, kernel_keyring, open_server_log, second_record, server_log
from .questions import answers, lineage_of, own_vkey, signed_slice, unused_columns
from .reading import Reading, report_page
from .sessions import domain_pins, open_session, record_here
from .tables import assess, classify_object, mask_object, saved_overrides, with_words
from .team import migrate_team_store, send_to_team_store, team_logs, team_records

__all__ = [
    "Grant",
    "Planes",
    "Reading",
    "acting_as",
    "anchored",
    "answer_request",
    "answers",
    "archive_log",
    "archived",
    "ask_passphrase_with",
    "assess",
    "check_file_allowed",
    "check_may_unseal",
    "classify_object",
    "destroy_key",
    "domain_pins",
    "drawing_surrogates",
    "existing_keyring",
    "gaps",
    "grant_file",
    "has_log",
    "home",
    "kernel_keyring",
    "key_provider",
    "keyring",
    "keys_there",
    "known_requests",
    "lineage_of",
    "log_key",
    "log_reader",
    "make_keys",
    "mask_object",
    "mask_table",
    "migrate_team_store",
    "open_log",
    "open_server_log",
    "open_session",
    "own_vkey",
    "passphrase_in_file",
    "policy",
    "principal",
    "read_sealed",
    "record",
    "record_here",
    "report_page",
    "request_approval",
    "reveal",
    "reveal_picture",
    "rotate_keys",
    "safe_text",
    "saved_overrides",
    "second_record",
    "send_to_team_store",
    "server_log",
    "signed_grant",
    "signed_slice",
    "team_logs",
    "team_records",
    "unused_columns",
    "version",
    "with_words",
]
