"""Aliases of models that no signed approval covers, as the log knows them."""

from __future__ import annotations

from datetime import UTC, datetime

from .. import runtime
from .check import Check, listed

__all__ = ["models"]


def models() -> Check:
    """Whether each alias of a model, and what is served of it, has a signed approval on a review that passed."""
    from ..registry.flags import flags
    from ..runtime.model_log import models_in

    found = models_in(runtime.home())
    flagged = [flag.says.removesuffix(".") for flag in flags(found, datetime.now(UTC))]
    if flagged:
        cure = "`privguard model list` shows all; `privguard model request NAME VERSION -a ALIAS -r WHY` asks somebody."
        return Check("models", False, listed(flagged), cure)
    known = sum(model.is_managed or bool(model.moves) for model in found.models.values())
    return Check("models", True, f"{known or 'none'} registered, no alias without a signed approval")
