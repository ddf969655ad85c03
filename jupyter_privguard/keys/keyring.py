"""The keys of one deployment, and what is computed with them.

Nothing uses the master secret itself. HKDF-SHA256 (RFC 5869) derives a key per use and domain, so
that a customer's token says nothing about the same number in another domain, and no key serves
two algorithms. The log is signed by an Ed25519 key of its own, because it must outlive the masking
keys.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..errors import KeyStoreError
from .signatures import same_key, verifier_key
from .written import written

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from .ff1 import FF1
    from .siv import BatchSIV
    from .surrogates import SealedSurrogates
    from .texts import TextCipher
    from .vault import Vault

__all__ = ["KeyRing", "LogKey", "key_id_of"]

# Not every release of the cipher takes an empty plaintext; a leading byte makes none empty and
# leaves room for another layout.
_LAYOUT = b"\x01"
_INFO = b"jupyter_privguard/v1\x00"
_FEW = 500
"""Fewer values than this are sealed one by one, in less time than a batch is set up."""


def key_id_of(master: bytes) -> str:
    """The id (8 lower hex) of a masking key; derived, so that a damaged key has another id."""
    return _derive(master, "key id", "", 4).hex()


class LogKey:
    """The log's signing key: no masking key comes with it, so that a refusal can be recorded too."""

    def __init__(self, *, seed: bytes, origin: str) -> None:
        """Hold an Ed25519 seed of 32 bytes, and the log's name."""
        if len(seed) != 32:
            raise ValueError("a signing seed has 32 bytes")
        self._signer = Ed25519PrivateKey.from_private_bytes(seed)
        self.origin = origin

    def __repr__(self) -> str:
        return f"{type(self).__name__}(origin={self.origin!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} stays in its process: it is neither pickled nor copied")

    @cached_property
    def vkey(self) -> str:
        """The C2SP verifier key of the log: ``<origin>+<8 hex>+<base64(0x01 || public key)>``."""
        return verifier_key(self.origin, self._signer.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        """The Ed25519 signature (64 bytes) of the log's key over ``text`` (RFC 8032)."""
        return self._signer.sign(text)


class KeyRing(LogKey):
    """The log's key and the masking keys, of which one is current; ``repr`` shows the key id alone.

    What is made is made under the current key. What was made under an older one is opened by its
    id, which stands in every handle, as long as that key has not been destroyed.
    """

    def __init__(self, *, master: bytes, seed: bytes, origin: str, older: Sequence[bytes] = ()) -> None:
        """Hold the current master secret, older ones, an Ed25519 seed (32 bytes each), and the log's name."""
        super().__init__(seed=seed, origin=origin)
        if any(len(secret) != 32 for secret in (master, *older)):
            raise ValueError("a master secret has 32 bytes")
        self.key_id = key_id_of(master)
        self._masters = {key_id_of(secret): secret for secret in (master, *older)}
        self._keys: dict[tuple[str, str, str], bytes] = {}
        self.vault: Vault | None = None
        """Where it is noted what handles stand for, if they are to be looked up again."""
        self.surrogates: SealedSurrogates | None = None
        """Where surrogates are drawn, if the policy wants them random."""
        self.source: Callable[[], KeyRing | None] | None = None
        """The keys as they are kept by now, None where they are these; `refresh` asks it."""

    def __repr__(self) -> str:
        return f"KeyRing(key_id={self.key_id!r})"

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Ids of all masking keys that are there, the current one first."""
        return tuple(self._masters)

    def refresh(self) -> bool:
        """Take over what was renewed or destroyed where the keys are kept; whether anything was.

        KeyStoreError when they cannot be used any more, or are those of another log; then nothing has changed here.
        """
        found = self.source() if self.source is not None else None
        if found is None:
            return False
        if not same_key(found.vkey, self.vkey):
            raise KeyStoreError(
                "privguard: other keys were put in the place of those that this session began with; put them back, "
                "or restart."
            )
        self._masters, self.key_id, self.source = found._masters, found.key_id, found.source
        self._keys = {place: key for place, key in self._keys.items() if place[0] in self._masters}
        return True

    def as_of_now(self) -> KeyRing:
        """The same keys for one piece of work, which goes on under them whatever another thread refreshes."""
        same = object.__new__(type(self))
        same.__dict__.update(self.__dict__, source=None, _keys=dict(self._keys))
        return same

    def digest(self, domain: str, values: Sequence[bytes], *, key_id: str | None = None) -> list[bytes]:
        """HMAC-SHA-256 of each value, 32 bytes, under the key of ``domain`` (RFC 2104)."""
        inner, outer = _hmac_states(self._key("digest", domain, 32, key_id))
        begin, end, out = inner.copy, outer.copy, []
        for value in values:
            state = begin()
            state.update(value)
            last = end()
            last.update(state.digest())
            out.append(last.digest())
        return out

    def token(self, domain: str, values: Sequence[bytes]) -> list[bytes]:
        """`digest` under the current key, noted in the vault: what handles are made of."""
        current = self.key_id
        return self._noted(current, domain, values, self.digest(domain, values, key_id=current))

    def _noted(self, key_id: str, domain: str, values: Sequence[bytes], handles: list[bytes]) -> list[bytes]:
        if self.vault is not None:
            self.vault.note(domain, values, handles, key_id=key_id)
        return handles

    def seal(self, domain: str, values: Sequence[bytes]) -> list[bytes]:
        """Each value encrypted by AES-256-SIV (RFC 5297), 17 bytes longer than the value.

        Deterministic: equal values of one domain are equal when sealed, so that joins still work,
        and that is all a reader without the key learns. Domain and key id are authenticated too.
        Noted in the vault: of a short handle the value cannot be computed.
        """
        current = self.key_id
        if len(values) < _FEW:
            from cryptography.hazmat.primitives.ciphers.aead import AESSIV

            cipher, bound = AESSIV(self._key("seal", domain, 64, current)), self._bound(domain, current)
            sealed = [cipher.encrypt(_LAYOUT + value, bound) for value in values]
        else:
            sealed = self._batch(domain, current).encrypt(values)
        return self._noted(current, domain, values, sealed)

    def seal_written(self, domain: str, values: Sequence[bytes], kind: str) -> list[str]:
        """`seal` as text: ``kind``, the id of the key and base64url, with colons between."""
        current = self.key_id
        head = f"{kind}:{current}:"
        if len(values) < _FEW:
            return written(head, self.seal(domain, values))
        texts, ivs = self._batch(domain, current).encrypt_written(values, head, ivs=self.vault is not None)
        self._noted(current, domain, values, ivs)
        return texts

    def _batch(self, domain: str, key_id: str) -> BatchSIV:
        from .siv import BatchSIV  # brings numpy

        return BatchSIV(self._key("seal", domain, 64, key_id), self._bound(domain, key_id), before=_LAYOUT)

    def open(self, domain: str, sealed: Sequence[bytes], *, key_id: str | None = None) -> list[bytes]:
        """The values that ``seal`` was given under the key ``key_id``, or the current one.

        KeyStoreError when one was not sealed so, or when there is no such key any more.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        chosen = key_id or self.key_id
        cipher = AESSIV(self._key("seal", domain, 64, chosen))
        bound = self._bound(domain, chosen)
        try:
            opened = [cipher.decrypt(one, bound) for one in sealed]
        except (InvalidTag, ValueError):
            raise KeyStoreError(
                f"privguard: a sealed value cannot be opened by key {chosen}: it was changed, or sealed "
                "for another domain or under another key; use it as it was given out."
            ) from None
        return [value[len(_LAYOUT) :] for value in opened]

    def format_cipher(self, domain: str, *, radix: int, tweak: bytes = b"", key_id: str | None = None) -> FF1:
        """FF1 (NIST SP 800-38G) under a key of ``domain``: numerals become as many numerals."""
        from .ff1 import FF1  # brings numpy

        return FF1(self._key("ff1", domain, 32, key_id), radix=radix, tweak=tweak)

    def text_cipher(self, domain: str, *, key_id: str | None = None) -> TextCipher:
        """FF1 over the digits and letters of texts, with the domain as tweak: see `TextCipher`."""
        from .texts import TextCipher  # brings numpy

        def cipher(radix: int, tweak: bytes) -> FF1:
            return self.format_cipher(domain, radix=radix, tweak=tweak, key_id=key_id)

        return TextCipher(cipher, domain.encode())

    def lock(self, use: str, data: bytes, bound: bytes = b"", *, key_id: str | None = None) -> bytes:
        """``data`` encrypted by AES-256-GCM under a key of ``use``, 28 bytes longer; no two results are equal.

        ``bound`` is authenticated too, and has to be given again to `unlock`. The nonce is random (96
        bits, NIST SP 800-38D, 8.2.2): one use stays below 2^32 calls.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(12)
        return nonce + AESGCM(self._key("lock", use, 32, key_id)).encrypt(nonce, data, bound)

    def unlock(self, use: str, locked: bytes, bound: bytes = b"", *, key_id: str | None = None) -> bytes:
        """What `lock` was given under the key ``key_id``, or the current one; KeyStoreError if it was changed."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return AESGCM(self._key("lock", use, 32, key_id)).decrypt(locked[:12], locked[12:], bound)
        except (InvalidTag, ValueError):
            raise KeyStoreError(
                f"privguard: what is kept for {use} was changed, or locked under another key; restore it from a backup."
            ) from None

    def file_cipher(self, salt: bytes, *, key_id: str | None = None) -> AESGCM:
        """AES-256-GCM under a key of one sealed file, which its random ``salt`` makes (HKDF, RFC 5869)."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        shared = self._key("sealed file", "", 32, key_id)
        return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=_INFO + b"one file").derive(shared))

    def source_hmac(self, source: bytes) -> str:
        """The hex HMAC-SHA-256 of a cell's source, under a key that serves nothing else."""
        return hmac.digest(self._key("source", "", 32), source, hashlib.sha256).hex()

    def _bound(self, domain: str, key_id: str) -> list[bytes]:
        return [domain.encode(), key_id.encode()]

    def _key(self, use: str, domain: str, length: int, key_id: str | None = None) -> bytes:
        chosen = key_id or self.key_id
        found = self._keys.get((chosen, use, domain))
        if found is None:
            master = self._masters.get(chosen)
            if master is None:
                raise KeyStoreError(
                    f"privguard: there is no key {chosen} here: it was destroyed, or belongs to another "
                    "deployment; `privguard keys list` shows those that are."
                )
            found = self._keys[chosen, use, domain] = _derive(master, use, domain, length)
        return found


def _hmac_states(key: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """SHA-256 over the inner and the outer pad: HMAC from copies of them costs half of one from the key."""
    padded = key.ljust(64, b"\0")  # a block; no key here is longer
    return hashlib.sha256(bytes(b ^ 0x36 for b in padded)), hashlib.sha256(bytes(b ^ 0x5C for b in padded))


def _derive(master: bytes, use: str, domain: str, length: int) -> bytes:
    """HKDF without salt: the master is uniformly random already (RFC 5869, section 3.1)."""
    info = _INFO + use.encode() + b"\x00" + domain.encode()
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(master)
