"""``%privguard rescue``: what cannot be shown, or stands in a kernel that runs no more cells, is saved sealed."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from .._files import check_target
from ..errors import InputError, LogUnavailable
from ..frames.saved import as_parquet
from ..guard.files.sealing import Done, seal_bytes
from ..guard.session import Session

if TYPE_CHECKING:
    from .extension import Extension

__all__ = ["rescue"]


def rescue(extension: Extension, words: list[str]) -> None:
    """Save a table or another object sealed, even where cells are refused: NAME PATH."""
    session = extension.session
    if session is None:
        raise UsageError(
            "privguard: without keys and log nothing can be sealed; %unload_ext jupyter_privguard takes the guard out, "
            "and you save your work as ever."
        )
    if len(words) != 2:
        raise UsageError("privguard: rescue takes the name of a variable and a path: %privguard rescue df df.sealed")
    name, path = words[0], Path(words[1]).expanduser()
    if name not in extension.shell.user_ns:
        raise UsageError("privguard: there is no variable of that name; %whos lists what there is.")
    check_target(path)
    if path.exists():
        raise InputError(f"privguard: {path} is there already; name another file.")
    print(_saved(session, extension.shell.user_ns[name], name, path))


def _saved(session: Session, obj: Any, name: str, path: Path) -> str:
    """Seal ``obj`` as ``path``; the sentence that says so.

    It is written even if the log is what failed: only this deployment's keys open it, and that is recorded.
    """
    data, ending = _bytes(obj)
    unlogged = ""

    def ready(done: Done) -> None:
        nonlocal unlogged
        sinks = [{"kind": "file", "target": session.safe(str(path))}]
        dataset = {"name": session.safe(name), "source": None}
        try:
            session.record(
                "data.seal", dataset=dataset, sinks=sinks, key_id=done.key_id, bytes=done.size, original="in memory"
            )
        except LogUnavailable:
            unlogged = ", which could not be logged"

    session.follow_keys()
    seal_bytes(data, called=f"{name}{ending}", out=path, keyring=session.keyring, ready=ready)
    if ending == ".parquet":
        return f"privguard: {name} is sealed as {path}{unlogged}; jupyter_privguard.read_sealed opens it again."
    return (
        f"privguard: {name} is sealed as {path}{unlogged}, pickled; `privguard unseal` makes a file of it that "
        "pickle.load reads."
    )


def _bytes(obj: Any) -> tuple[bytes, str]:
    """``obj`` as a file, and how its name ends."""
    table = as_parquet(obj)
    if table is not None:
        return table, ".parquet"
    try:
        return pickle.dumps(obj, protocol=5), ".pickle"
    except Exception as error:  # noqa: BLE001 - pickling runs the object's own code
        raise InputError(
            f"privguard: this object cannot be pickled ({type(error).__name__}); rescue the tables and values in it."
        ) from None
