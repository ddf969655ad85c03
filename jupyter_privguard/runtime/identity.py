"""Who runs a kernel, as the Jupyter server's identity provider says: a grant that the server signs.

A grant is a signed note (C2SP signed-note) over two lines, of which the second is canonical JSON. It lies beside the
kernel's connection file, holds for one kernel, and for two minutes at most; the server writes it anew while it is
used. The kernel's session is bound to it when the guard is loaded, so it need not hold any longer than that.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from .._canonical import canonical_json
from ..audit.checkpoint import open_text, sign_text
from ..audit.server_event import moment
from ..errors import KeyStoreError, PrivguardError, StateError
from ..keys.keyring import LogKey
from ..keys.providers.file import FileKeys
from ..keys.signatures import SignatureError
from ..model import Principal
from ..settings import Home, policy_paths
from .authors import could_write

__all__ = ["LONGEST", "Grant", "bound", "connection_folder", "grant_file", "is_own_word", "signed_grant"]

LONGEST = timedelta(seconds=120)
"""How long a grant may hold."""

_TITLE = "privguard grant 1"
_LARGEST = 64 * 1024
_EARLY = timedelta(seconds=5)
"""How far the two clocks may differ."""
_BY_SERVER = ("server", "hub")
_KEYS = {"kernel", "person", "groups", "assurance", "issued", "expires"}


class Grant(NamedTuple):
    """What the server says of the person behind a kernel."""

    kernel: str
    person: str
    groups: tuple[str, ...]
    assurance: str
    """``server`` or ``hub``."""
    issued: datetime
    expires: datetime

    @property
    def principal(self) -> Principal:
        """The person with their groups, without roles: these are the policy's to give."""
        return Principal(self.person, assurance=self.assurance, groups=self.groups)


def grant_file(folder: Path, kernel: str) -> Path:
    """Where the grant for ``kernel`` lies; ``folder`` is that of its connection file."""
    return folder / f"privguard-{kernel}.grant"


def signed_grant(grant: Grant, key: LogKey) -> str:
    """The text of a grant's file."""
    told = {**grant._asdict(), "groups": list(grant.groups), "issued": moment(grant.issued)}
    body = canonical_json({**told, "expires": moment(grant.expires)}).decode()
    return sign_text(f"{_TITLE}\n{body}\n", key)


def bound(
    at: Home,
    kernel: str | None,
    *,
    folder: Callable[[], Path | None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Grant | None:
    """The grant that holds for ``kernel``; None where there is none: then it is the account that counts.

    ``folder`` finds the folder of this process's connection file. StateError where there is a grant that another
    than the server has made, that is for another kernel, or that has ended: nobody is to run cells by it.
    """
    where = (folder or connection_folder)() if kernel is not None else None
    if kernel is None or where is None:
        return None
    try:
        with grant_file(where, kernel).open("rb") as file:
            note = file.read(_LARGEST).decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _refused(f"cannot be read ({error.strerror})") from None
    grant = _opened(note, _vkey(at))
    if grant.kernel != kernel:
        raise _refused("is for another kernel")
    time = now()
    if not grant.issued - _EARLY <= time < grant.expires:
        raise _refused("has ended")
    return grant


def is_own_word() -> bool:
    """Whether a grant may be this account's own making: no key of a server lies beside the administrator's policy.

    Whoever runs a server has its keys, and it calls them what they like.
    """
    file = _administrators_key()
    return file is None or not file.exists() or could_write(file)


def _administrators_key() -> Path | None:
    admin, _ = policy_paths()
    return admin.with_name("server.vkey") if admin is not None else None


def _opened(note: str, vkey: str) -> Grant:
    """The grant in ``note``; StateError where this key did not sign it, or it is none."""
    try:
        text = f"{note.rpartition(chr(10) * 2)[0]}\n"
        open_text(note, vkey, expected=text)
        title, body, rest = text.split("\n")
        grant = _parsed(json.loads(body)) if (title, rest) == (_TITLE, "") else None
    except (SignatureError, KeyStoreError):
        raise _refused("was not signed by the server") from None
    except (ValueError, RecursionError):
        raise _refused("is damaged") from None
    if grant is None:
        raise _refused("is no grant")
    return grant


def _parsed(told: Any) -> Grant | None:
    if not isinstance(told, dict) or set(told) != _KEYS:
        return None
    person, groups, assurance = told["person"], told["groups"], told["assurance"]
    if not isinstance(person, str) or not person or assurance not in _BY_SERVER or not isinstance(groups, list):
        return None
    issued, expires = (datetime.fromisoformat(str(told[key])) for key in ("issued", "expires"))
    if issued.tzinfo is None or expires.tzinfo is None or expires - issued > LONGEST:
        return None
    return Grant(str(told["kernel"]), person, tuple(map(str, groups)), assurance, issued, expires)


def _vkey(at: Home) -> str:
    """The verifier key of the server: beside the administrator's policy, else in the server's own folder."""
    file = _administrators_key()
    if file is not None:
        with contextlib.suppress(FileNotFoundError):
            try:
                return file.read_text("ascii", "replace").strip()
            except FileNotFoundError:
                raise
            except OSError as error:
                raise _refused(f"cannot be checked, for `server.vkey` is not readable ({error.strerror})") from None
    try:
        return FileKeys(at.server.keys).public_vkey()
    except (PrivguardError, OSError):
        raise _refused(
            "cannot be checked: this account does not see the server's verifier key, which an administrator puts "
            "beside the policy as `server.vkey`"
        ) from None


def connection_folder() -> Path | None:
    """The folder of this process's connection file; None where it is no kernel, or has none."""
    connect = sys.modules.get("ipykernel.connect")  # loaded by whoever knows the kernel's id
    if connect is None:
        return None
    try:
        return Path(connect.get_connection_file()).absolute().parent
    except Exception:  # noqa: BLE001 - an embedded kernel has no connection file
        return None


def _refused(what: str) -> StateError:
    return StateError(
        f"privguard: the server's word on who runs this kernel {what}; load the guard again from the notebook, or "
        "restart the kernel there."
    )
