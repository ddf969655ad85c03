"""Pictures that were withheld lately, by the handles that stand in their places: so that one can be looked up."""

from __future__ import annotations

import io
import re
from collections import OrderedDict
from typing import Any

from ..._later import later
from ...errors import InputError
from ...keys.keyring import KeyRing

__all__ = ["WithheldPictures", "is_picture_handle"]

_HANDLE = later(r"pic_[0-9a-f]{8}", re.ASCII)
_DOMAIN = "IMAGE_OF_PERSON"
_MOST = 20
_MOST_BYTES = 32 * 2**20
_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


def is_picture_handle(text: str) -> bool:
    """Whether ``text`` is what stands in place of a withheld picture."""
    return _HANDLE.fullmatch(text.strip()) is not None


class WithheldPictures:
    """The last twenty, in the memory of this process only; older ones are let go when they are large."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def keep(self, picture: Any, keyring: KeyRing) -> str | None:
        """The handle of ``picture`` (bytes, or points of PIL); None for what cannot be kept."""
        raw = picture if isinstance(picture, bytes) else _as_png(picture)
        if raw is None or len(raw) > _MOST_BYTES or mime_of(raw) is None:
            return None
        (digest,) = keyring.digest(_DOMAIN, [raw])
        handle = f"pic_{digest[:4].hex()}"
        self._kept[handle] = raw
        self._kept.move_to_end(handle)
        while len(self._kept) > _MOST or sum(map(len, self._kept.values())) > _MOST_BYTES:
            self._kept.popitem(last=False)
        return handle

    def find(self, handle: str) -> tuple[str, bytes]:
        """MIME type and bytes of the picture behind ``handle``; InputError if it is kept no more."""
        raw = self._kept.get(handle.strip())
        if raw is None:
            raise InputError(
                "privguard: no picture of this handle is kept; the last twenty of this notebook are, so display it "
                "once more and take the handle that is shown then."
            )
        return mime_of(raw) or "image/png", raw


def mime_of(raw: bytes) -> str | None:
    """The type of a picture that browsers show; None for anything else."""
    return next((mime for start, mime in _TYPES.items() if raw.startswith(start)), None)


def _as_png(picture: Any) -> bytes | None:
    out = io.BytesIO()
    try:
        picture.save(out, "PNG")
    except Exception:  # noqa: BLE001 - no picture of PIL, or one whose file is gone
        return None
    return out.getvalue()
