"""One record looked up by its handle: by grant, with a reason, so many an hour, and never unrecorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from .._later import later
from ..errors import InputError, KeyStoreError, PrivguardError, Refused
from ..keys.keyring import KeyRing
from ..masking.handles import body_of
from ..model import ENTITIES, Decision, Request
from ..policy.decide import decide
from ..policy.rules import Policy

__all__ = ["MOST_AN_HOUR", "Handle", "Revealed", "parse_handle", "reveal", "reveal_picture"]

_Found = TypeVar("_Found")

MOST_AN_HOUR = 20
"""Records that one person may look up within an hour; attempts count, refused ones too."""

_SHORTEST_WORD = 3
_SHORT = later(r"(tok|enc|sur)_([0-9a-f]{8}|[0-9a-f]{32})", re.ASCII)
_FULL = later(r"(?:tok:hs256|enc:siv256):([0-9a-f]{8}):([A-Za-z0-9_-]{23,})", re.ASCII)


class Handle(NamedTuple):
    """What a token or a sealed value says of itself."""

    kind: str
    """``tok``, ``enc`` or ``sur``."""
    body: bytes
    """All bytes of a full handle, the first four of a short one."""
    key_id: str | None
    """Id of the masking key; None for a short handle, which does not tell."""

    @property
    def short(self) -> str:
        """As it stands on a screen."""
        return f"{self.kind}_{self.body[:4].hex()}"


class Revealed(NamedTuple):
    """The answer; ``repr`` tells no value."""

    value: str
    domain: str
    handle: str
    """The short form, to show again when the value is taken back."""

    def __repr__(self) -> str:
        return f"Revealed({self.handle!r}, domain={self.domain!r})"


def parse_handle(text: str) -> Handle:
    """The handle that ``text`` writes; InputError for anything else, which is not quoted."""
    text = text.strip()
    if found := _SHORT.fullmatch(text):
        return Handle(found[1], bytes.fromhex(found[2]), None)
    found = _FULL.fullmatch(text)
    if found and (body := body_of(found[2])) is not None:
        return Handle(text[:3], body, found[1])
    raise InputError(
        "privguard: this is no handle; copy one as it is shown (tok_…, enc_… or sur_…) or as it stands in a file "
        "(tok:hs256:… or enc:siv256:…)."
    )


def reveal(
    text: str,
    *,
    reason: str | None,
    request: Callable[[str | None], Request],
    policy: Policy,
    keyring: KeyRing,
    attempts: Callable[[], int],
    record: Callable[..., Any],
) -> Revealed:
    """The value behind the handle ``text``. Recorded before it is returned, and when it is refused.

    ``request`` says who asks, for a reason; ``attempts`` counts that person's within the last hour;
    ``record`` appends the event. Raises Refused, InputError when nothing or several are found, and
    LogUnavailable when it cannot be recorded.
    """
    try:
        handle = parse_handle(text)
    except InputError:
        record(outcome="refused", handle=None, reason=reason, rule="no handle")
        raise
    answer = _checked(handle.short, reason, request, policy, attempts, record)
    try:
        domain, value = _looked_up(handle, keyring, domains=_domains(policy))
    except PrivguardError:
        record(outcome="error", handle=handle.short, reason=reason)
        raise
    said = _without(value, reason or "", handle.short)
    record(outcome="ok", handle=handle.short, domain=domain, reason=said, rule=answer.rule)
    return Revealed(value, domain, handle.short)


def reveal_picture(
    handle: str,
    *,
    reason: str | None,
    request: Callable[[str | None], Request],
    policy: Policy,
    find: Callable[[str], _Found],
    attempts: Callable[[], int],
    record: Callable[..., Any],
) -> _Found:
    """What ``find`` knows of the withheld picture ``handle``; otherwise as `reveal`."""
    handle = handle.strip()
    answer = _checked(handle, reason, request, policy, attempts, record)
    try:
        found = find(handle)
    except PrivguardError:
        record(outcome="error", handle=handle, reason=reason)
        raise
    record(outcome="ok", handle=handle, domain="IMAGE_OF_PERSON", reason=reason, rule=answer.rule)
    return found


def _checked(
    handle: str,
    reason: str | None,
    request: Callable[[str | None], Request],
    policy: Policy,
    attempts: Callable[[], int],
    record: Callable[..., Any],
) -> Decision:
    """The decision that lets somebody look up ``handle``; Refused, and recorded, if there is none."""
    answer = decide(request(reason), policy)
    if answer.allowed and attempts() >= MOST_AN_HOUR:
        answer = answer._replace(
            allowed=False,
            rule="reveal rate",
            reason=f"privguard: {MOST_AN_HOUR} records were looked up within an hour; try again later.",
        )
    if not answer.allowed:
        record(outcome="refused", handle=handle, reason=reason, rule=answer.rule)
        raise Refused(answer.reason, answer.rule)
    return answer


def _domains(policy: Policy) -> list[str]:
    """Every domain that a value may have been sealed for: entities, the policy's own, and its named ones."""
    return [*ENTITIES, *policy.classes, *(name for layer in policy.layers for name in layer.domains)]


def _without(value: str, reason: str, handle: str) -> str:
    """``reason`` with the handle where it names the value, or a word of it: who asks may know whom it is about."""
    words = [word for word in re.findall(r"\w+", value) if len(word) >= _SHORTEST_WORD]
    pattern = "|".join(map(re.escape, sorted({value, *words}, key=len, reverse=True)))
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", handle, reason, flags=re.IGNORECASE)


def _looked_up(handle: Handle, keyring: KeyRing, *, domains: Iterable[str]) -> tuple[str, str]:
    if handle.key_id is not None and handle.key_id not in keyring.key_ids:
        raise InputError(
            f"privguard: this handle was made under key {handle.key_id}, which is not here: it was destroyed, or "
            "belongs to another deployment; `privguard keys list` shows those that are."
        )
    kept = keyring.vault.find(handle.body) if keyring.vault is not None else []
    found = {(record.domain, record.value) for record in kept}
    if handle.key_id is not None:
        found = {one for one in found if _is_of(handle, *one, keyring)} or _opened(handle, keyring, domains)
    if not found and keyring.vault is not None and not keyring.vault.file.exists():
        raise InputError(
            f"privguard: nothing is known of this handle, for there is no {keyring.vault.file}; restore it from a "
            "backup if handles were given out here."
        )
    if not found:
        raise InputError(
            "privguard: nothing is known of this handle: it was made elsewhere, under a destroyed key, or never "
            "given out here; look for it where it was made."
        )
    if len(found) > 1:
        raise InputError(
            "privguard: this short handle stands for several records; use the full one, from a masked file."
        )
    return found.pop()


def _is_of(handle: Handle, domain: str, value: str, keyring: KeyRing) -> bool:
    """Whether the full handle is that of the value: the vault keeps a part of it."""
    text = value.encode("utf-8", "surrogatepass")
    if handle.kind == "tok":
        return keyring.digest(domain, [text], key_id=handle.key_id) == [handle.body]
    return keyring.open(domain, [handle.body], key_id=handle.key_id) == [text]


def _opened(handle: Handle, keyring: KeyRing, domains: Iterable[str]) -> set[tuple[str, str]]:
    """A sealed value opens by itself, in the domain it was sealed for; a token does not."""
    if handle.kind == "tok":
        return set()
    for domain in domains:
        try:
            (text,) = keyring.open(domain, [handle.body], key_id=handle.key_id)
        except KeyStoreError:
            continue
        return {(domain, text.decode("utf-8", "surrogatepass"))}
    return set()
