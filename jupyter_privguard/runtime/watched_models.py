"""Hooks in MLflow's registry; what they need is imported when a model is registered, or an alias moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..registry.watch import watch

if TYPE_CHECKING:
    from .model_aliases import AliasGuard

__all__ = ["watch_aliases"]


def watch_aliases() -> Callable[[], None]:
    """Hook MLflow's registry in this process, now or once it is imported; what takes the hooks out."""
    return watch(_Later())


class _Later:
    def _guard(self) -> AliasGuard:
        from .model_aliases import AliasGuard

        return AliasGuard()

    def registered(self, client: Any, *, model: str, version: str, run: str | None) -> None:
        """See `RegistryWatcher`."""
        self._guard().registered(client, model=model, version=version, run=run)

    def moving(
        self, client: Any, *, model: str, alias: str, version: str | None, is_stage: bool
    ) -> Callable[[bool], None]:
        """See `RegistryWatcher`."""
        return self._guard().moving(client, model=model, alias=alias, version=version, is_stage=is_stage)
