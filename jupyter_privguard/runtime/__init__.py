"""Composition root: picks the implementations and hands surfaces what they need.

Surfaces (notebook, server, command line) get the keys, policy and log of this deployment from here;
use cases never import it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._later import names_of
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
from .log import check_not_lost, has_log, open_log
from .place import acting_as, home, policy, principal, version
from .sessions import domain_pins, open_session, record_here

if TYPE_CHECKING:
    from ..guard.columns.assess import mask_table
    from .anchors import anchored
    from .approvals import answer_request, known_requests, request_approval
    from .archive import archive_log, archived
    from .bearer_keys import has_role, issue_serving_key, revoke_serving_key, serving_keys
    from .disclosure import check_may_unseal, read_sealed, reveal, reveal_picture
    from .events import check_file_allowed, log_reader, record, safe_text
    from .fingerprints import tell_fingerprints
    from .identity import Grant, grant_file, signed_grant
    from .key_changes import destroy_key, rotate_keys
    from .mlflow_registry import tracked
    from .model_aliases import check_models
    from .model_answers import answer_model, model_requests, open_requests
    from .models import known_models, record_model, request_model
    from .planes import Planes, gaps, kernel_keyring, open_server_log, second_record, server_log
    from .predictions import GuardedModel, guarded, prediction_app
    from .public import AuditAccess, SessionView, accesses_frame, session_view, unused_frame
    from .questions import answers, lineage_of, own_vkey, signed_slice, unused_columns
    from .reading import Reading
    from .reports import Evidence, Pin, Report, evidence, report, report_context, report_page
    from .reviews import review_object
    from .runs import telemetry_off, watch_runs
    from .software import software_here
    from .tables import assess, classify_object, mask_object, saved_overrides, with_words
    from .team import migrate_team_store, send_to_team_store, team_logs, team_records, team_store
    from .watched_models import watch_aliases

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
    "answer_model",
    "answer_request",
    "answers",
    "archive_log",
    "archived",
    "ask_passphrase_with",
    "assess",
    "check_file_allowed",
    "check_may_unseal",
    "check_models",
    "check_not_lost",
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
    "has_role",
    "home",
    "issue_serving_key",
    "kernel_keyring",
    "key_provider",
    "keyring",
    "keys_there",
    "known_models",
    "known_requests",
    "lineage_of",
    "log_key",
    "log_reader",
    "make_keys",
    "mask_object",
    "mask_table",
    "migrate_team_store",
    "model_requests",
    "open_log",
    "open_requests",
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
    "record_model",
    "report",
    "report_context",
    "report_page",
    "request_approval",
    "request_model",
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
    "telemetry_off",
    "tell_fingerprints",
    "tracked",
    "unused_columns",
    "unused_frame",
    "version",
    "watch_aliases",
    "watch_runs",
    "with_words",
]

_LATER = {
    ".guard.columns.assess": ("mask_table",),
    "tables": ("assess", "classify_object", "mask_object", "saved_overrides", "with_words"),
    "identity": ("Grant", "grant_file", "signed_grant"),
    "approvals": ("answer_request", "known_requests", "request_approval"),
    "anchors": ("anchored",),
    "archive": ("archive_log", "archived"),
    "disclosure": ("check_may_unseal", "read_sealed", "reveal", "reveal_picture"),
    "reports": ("Evidence", "Pin", "Report", "evidence", "report", "report_context", "report_page"),
    "events": ("check_file_allowed", "log_reader", "record", "safe_text"),
    "fingerprints": ("tell_fingerprints",),
    "key_changes": ("destroy_key", "rotate_keys"),
    "planes": ("Planes", "gaps", "kernel_keyring", "open_server_log", "second_record", "server_log"),
    "predictions": ("GuardedModel", "guarded", "prediction_app"),
    "public": ("AuditAccess", "SessionView", "accesses_frame", "session_view", "unused_frame"),
    "questions": ("answers", "lineage_of", "own_vkey", "signed_slice", "unused_columns"),
    "reading": ("Reading",),
    "reviews": ("review_object",),
    "bearer_keys": ("has_role", "issue_serving_key", "revoke_serving_key", "serving_keys"),
    "runs": ("telemetry_off", "watch_runs"),
    "mlflow_registry": ("tracked",),
    "model_aliases": ("check_models",),
    "watched_models": ("watch_aliases",),
    "model_answers": ("answer_model", "model_requests", "open_requests"),
    "models": ("known_models", "record_model", "request_model"),
    "software": ("software_here",),
    "team": ("migrate_team_store", "send_to_team_store", "team_logs", "team_records", "team_store"),
}
"""What the guard does not need when it is loaded, by module."""

__getattr__ = names_of(__name__, _LATER)
