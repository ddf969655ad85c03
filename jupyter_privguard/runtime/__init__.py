"""Composition root: picks the implementations and hands surfaces what they need.

Surfaces (notebook, server, command line) get the keys, policy and log of this deployment from here;
use cases never import it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..guard.columns.assess import mask_table
from .anchors import anchored
from .approvals import answer_request, known_requests, request_approval
from .events import check_file_allowed, log_reader, record, safe_text
from .identity import Grant, grant_file, signed_grant
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
from .sessions import domain_pins, open_session, record_here
from .tables import assess, classify_object, mask_object, saved_overrides, with_words

if TYPE_CHECKING:
    from .archive import archive_log, archived
    from .disclosure import check_may_unseal, read_sealed, reveal, reveal_picture
    from .fingerprints import tell_fingerprints
    from .key_changes import destroy_key, rotate_keys
    from .planes import Planes, gaps, kernel_keyring, open_server_log, second_record, server_log
    from .predictions import GuardedModel, guarded, issue_serving_key, prediction_app, revoke_serving_key, serving_keys
    from .public import AuditAccess, SessionView, accesses_frame, session_view, unused_frame
    from .questions import answers, lineage_of, own_vkey, signed_slice, unused_columns
    from .reading import Reading
    from .reports import Evidence, Pin, Report, evidence, report, report_context, report_page
    from .reviews import review_object
    from .software import software_here
    from .team import migrate_team_store, send_to_team_store, team_logs, team_records, team_store

__all__ = [
    "AuditAccess",
    "Evidence",
    "Grant",
    "GuardedModel",
    "Pin",
    "Planes",
    "Reading",
    "Report",
    "SessionView",
    "accesses_frame",
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
    "evidence",
    "existing_keyring",
    "gaps",
    "grant_file",
    "guarded",
    "has_log",
    "home",
    "issue_serving_key",
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
    "prediction_app",
    "principal",
    "read_sealed",
    "record",
    "record_here",
    "report",
    "report_context",
    "report_page",
    "request_approval",
    "reveal",
    "reveal_picture",
    "review_object",
    "revoke_serving_key",
    "rotate_keys",
    "safe_text",
    "saved_overrides",
    "second_record",
    "send_to_team_store",
    "server_log",
    "serving_keys",
    "session_view",
    "signed_grant",
    "signed_slice",
    "software_here",
    "team_logs",
    "team_records",
    "team_store",
    "tell_fingerprints",
    "unused_columns",
    "unused_frame",
    "version",
    "with_words",
]

_LATER = {
    "archive": ("archive_log", "archived"),
    "disclosure": ("check_may_unseal", "read_sealed", "reveal", "reveal_picture"),
    "reports": ("Evidence", "Pin", "Report", "evidence", "report", "report_context", "report_page"),
    "fingerprints": ("tell_fingerprints",),
    "key_changes": ("destroy_key", "rotate_keys"),
    "planes": ("Planes", "gaps", "kernel_keyring", "open_server_log", "second_record", "server_log"),
    "predictions": (
        "GuardedModel",
        "guarded",
        "issue_serving_key",
        "prediction_app",
        "revoke_serving_key",
        "serving_keys",
    ),
    "public": ("AuditAccess", "SessionView", "accesses_frame", "session_view", "unused_frame"),
    "questions": ("answers", "lineage_of", "own_vkey", "signed_slice", "unused_columns"),
    "reading": ("Reading",),
    "reviews": ("review_object",),
    "software": ("software_here",),
    "team": ("migrate_team_store", "send_to_team_store", "team_logs", "team_records", "team_store"),
}
"""What the guard does not need when it is loaded, by module."""


def __getattr__(name: str) -> Any:  # whatever the module of that name has
    for module, names in _LATER.items():
        if name in names:
            value = globals()[name] = getattr(import_module(f".{module}", __name__), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
