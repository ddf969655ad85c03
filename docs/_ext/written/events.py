"""The events: each action, what it tells, its fields as they are declared, and an example out of a real log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_privguard.audit.event import ACTIONS
from jupyter_privguard.audit.server_event import SERVER_ACTIONS
from jupyter_privguard.report.fields import FIELDS, fields_of

from .markdown import code, fence, table

__all__ = ["OF_THE_SERVER", "SENTENCES", "examples", "page", "server_page"]

_EXAMPLES = Path(__file__).parents[1] / "examples.jsonl"
_MANY = 8
"""Lists of more names than this are cut in an example, and say so."""

SENTENCES = {
    "guard.load": "The guard was loaded: in which host, under which policy, with which versions and detectors.",
    "guard.unload": "It was taken out, or its process ended.",
    "guard.changed": "A hook of the guard was removed or replaced, and what became of it.",
    "cell.start": "A cell was let in, durable before anything of it ran.",
    "cell.run": "A cell ended, however it did: what it used, showed, masked and sent where.",
    "data.load": "A table was met for the first time: its columns and what they hold.",
    "data.seal": "A file was sealed.",
    "data.unseal": "A sealed file was opened, or was not.",
    "experiment.close": "An experiment ended; later cells that name it are refused.",
    "reveal": "Somebody looked up what a handle stands for, or was refused.",
    "log.read": "Events were read under a policy that names principals.",
    "report.export": "A report was written.",
    "quality.check": "A suite of expectations, or a monitor of a served model, was run; counts alone.",
    "policy.change": "The policy in force changed while a session ran.",
    "class.change": "Somebody said what a column holds.",
    "key.create": "A masking key was made.",
    "key.unlock": "A passphrase was given, or was wrong.",
    "key.rotate": "A new masking key took the place of the one before.",
    "key.destroy": "An old masking key was erased.",
    "bearer.issue": "Somebody got a bearer key, by which a served model knows who asks.",
    "bearer.revoke": "One was taken back.",
    "approval.request": "Somebody asked for what their roles do not give.",
    "approval.grant": "Somebody else gave leave, for a time.",
    "approval.deny": "A request was refused, or leave taken back.",
    "approval.expire": "The time of an approval was over.",
    "model.review": "An output or a model was reviewed: which fields may leave.",
    "model.predict": "One row was predicted and served; no input is in it.",
    "model.record": "A version of a model was written down: its digest and its metrics.",
    "model.request": "Somebody asked for a version to be approved.",
    "model.approve": "Somebody else approved a version, signed.",
    "model.deny": "A version was refused, or its approval taken back.",
    "model.alias": "An alias or stage of a model was moved.",
    "run.start": "A tracked run began.",
    "run.end": "A tracked run ended: data sets, parameters, metrics and algorithms, cleaned of values.",
    "endpoint.use": "An endpoint that the policy allows was used, and how the connection was protected.",
    "scan": "Saved files were scanned; counts alone.",
    "checklist": "The seven points were tried.",
    "archive": "Records were written to a bucket that keeps them.",
    "alert": "Something that a person should look at.",
}
"""Of each action in one sentence; a test holds the names against those of the log."""

OF_THE_SERVER = {
    "cell.start": "A cell was asked for, by whom and in which notebook.",
    "cell.run": "It ended: how, and one digest over all its outputs.",
    "code.evaluate": "Code that is no cell was asked for: silent, by a debugger, or an expression.",
    "output": "An output passed outside of a cell, or something in outputs was withheld.",
    "kernel.start": "A kernel began, for whom.",
    "kernel.restart": "A kernel began anew.",
    "kernel.stop": "A kernel ended.",
    "terminal.start": "A terminal was opened, or refused.",
    "file.upload": "A file came in.",
    "file.download": "A file went out, or was refused.",
    "file.save": "A notebook was saved; something in it was found.",
    "identity.grant": "The server told a kernel who runs it.",
    "alert": "Something that a person should look at, as a value that passed unmasked.",
}
"""Of each action of a server's log."""


def examples() -> dict[tuple[str, str], dict[str, Any]]:
    """An event out of a real log, by plane (``kernel`` or ``server``) and action."""
    events = [json.loads(line) for line in _EXAMPLES.read_text(encoding="utf-8").splitlines()]
    return {(event.get("plane", "kernel"), event["action"]): event for event in events}


def page() -> str:
    """A section an action of the kernels' log."""
    every = fields_of("experiment.close")
    parts = [f"Every event has these fields, and `seq`, `time` (UTC) and `action`:\n\n{_fields(every)}"]
    parts += [_section(action) for action in SENTENCES if action in ACTIONS]
    return "\n\n".join(parts)


def _section(action: str) -> str:
    own = FIELDS[action]
    return "\n\n".join(
        [
            f"## `{action}`",
            SENTENCES[action],
            _fields(own) if own else "No fields of its own.",
            _example("kernel", action),
        ]
    )


def _fields(fields: Mapping[str, Any]) -> str:
    rows = [(code(name), _values(values)) for name, values in sorted(fields.items())]
    return table(["field", "values"], rows)


def _values(values: tuple[Any, ...] | None) -> str:
    if not values:
        return "any"
    return ", ".join(code(str(value).lower() if isinstance(value, bool) else value) for value in values)


def _example(plane: str, action: str) -> str:
    found = examples().get((plane, action))
    return fence(json.dumps(_cut(found), indent=2, ensure_ascii=False), "json") if found else ""


def _cut(value: Any) -> Any:
    """``value`` with long lists of names cut, as a page has no room for."""
    if isinstance(value, dict):
        return {key: _cut(inner) for key, inner in value.items()}
    if isinstance(value, list):
        cut = [_cut(inner) for inner in value[:_MANY]]
        return [*cut, f"… and {len(value) - _MANY} more"] if len(value) > _MANY else cut
    return value


def server_page() -> str:
    """A section an action of a Jupyter server's log."""
    return "\n\n".join(
        f"## `{action}` of the server\n\n{says}\n\n{_example('server', action)}"
        for action, says in OF_THE_SERVER.items()
        if action in SERVER_ACTIONS
    )
