"""Point 2: a keyed hash with a deployment key that is stored safely."""

from __future__ import annotations

import os
import stat

from .. import runtime
from ..errors import PrivguardError, Refused
from ..frames import frame_of
from ..settings import Home, account_name
from .attacks import SALT, by_brute_force, by_dictionary, every_id, weak
from .deployment import Deployment, ids, seqs
from .points import Found, Status

__all__ = ["keyed_hash", "loose_keys"]

_WORDS = 200
"""Made-up ids in the dictionary; the one that is looked for is among them."""


def keyed_hash(at: Deployment) -> list[Found]:
    """Tries to reverse tokens of made-up ids, and looks at how the keys are kept."""
    words = ids(max(_WORDS, at.limits.asked))
    asked, true_id = words[: at.limits.asked], words[0]
    try:
        tokens = dict(zip(asked, _masked(at, asked), strict=True))
    except PrivguardError as error:
        return [Found(Status.NOT, f"no token could be made ({str(error).removeprefix('privguard: ').rstrip('.')})")]
    token = tokens[true_id]
    if len(token) < 12 or token == true_id:
        return [Found(Status.NOT, "ids of customers get no keyed hash under this policy")]
    return [*_attacked(at, token, true_id, words), *_asked_of_the_kernel(at, token, true_id, asked), *_kept(at)]


def _attacked(at: Deployment, token: str, true_id: str, words: list[str]) -> list[Found]:
    guessable = (at.keyring.key_id, at.keyring.origin, account_name(), "CUSTOMER_ID")
    planted = weak(true_id)
    # The form is gone through up to the budget, and what is looked for is in that part of it.
    candidates = [true_id, *every_id(at.limits.guesses)]
    found = by_brute_force([token, planted], candidates)
    if found.get(planted) != true_id or by_dictionary(planted, words, ()) != true_id:
        return [Found(Status.NOT, "the attacks did not find a weak hash that was planted, so they prove nothing")]
    if found.get(token) is not None or by_dictionary(token, words, guessable) is not None:
        return [
            Found(Status.NOT, f"a token fell to the weak recipe, or to a salt that can be guessed ({SALT} among them)")
        ]
    says = f"{len(candidates):,} guesses and a dictionary reversed no token, while a weak hash that was planted fell"
    return [Found(Status.EVIDENCED, says)]


def _asked_of_the_kernel(at: Deployment, token: str, true_id: str, asked: list[str]) -> list[Found]:
    """The kernel's own masking as an oracle: somebody who may run it masks guesses and compares."""
    try:
        answers = _masked(at, asked)
    except Refused:
        return [Found(Status.EVIDENCED, "this account cannot have guesses masked")]
    if token not in answers or asked[answers.index(token)] != true_id:
        return [Found(Status.EVIDENCED, "masked guesses did not give a token away")]
    says = "the keys are in files of the account that runs the kernel, so whoever runs it can mask guesses and compare"
    return [Found(Status.PARTIAL, says)]


def _kept(at: Deployment) -> list[Found]:
    if at.loose:
        return [Found(Status.NOT, f"keys were open to other accounts ({', '.join(at.loose[:3])}); renew them")]
    told = [event for event in at.events if event.get("action") in ("key.create", "key.rotate")]
    own = seqs(event for event in told if event.get("key_id") == at.keyring.key_id)
    if not own:
        return [Found(Status.PARTIAL, "the record does not tell where the current key comes from")]
    if not runtime.key_provider(at.home).is_protected():
        return [Found(Status.PARTIAL, "no passphrase protects the key files", own)]
    return [Found(Status.EVIDENCED, "the key files are this account's alone, under a passphrase", own)]


def loose_keys(home: Home) -> tuple[str, ...]:
    """The key files and folders that are open to others, or another account's; touches nothing."""
    if os.name == "nt" or not home.keys.is_dir():
        return ()
    found = []
    for path in (home.root, home.keys, *sorted(home.keys.iterdir())):
        seen = path.lstat()
        mode = stat.S_IMODE(seen.st_mode)
        # The verifier key is public.
        if path.suffix != ".vkey" and not stat.S_ISLNK(seen.st_mode) and (mode & 0o077 or seen.st_uid != os.geteuid()):
            name = "home" if path == home.root else path.name
            found.append(f"{name} {mode:04o}" if mode & 0o077 else f"{name} of another account")
    return tuple(found)


def _masked(at: Deployment, values: list[str]) -> list[str]:
    if at.mask is not None:
        return at.mask(values)
    frame = runtime.mask_object(frame_of({"customer_id": values}), tier="public", tighten_by=None)
    return [str(one) for one in frame["customer_id"].tolist()]
