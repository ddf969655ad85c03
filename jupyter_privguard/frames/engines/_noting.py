"""Hooks that note something must not stop a program; what the noting itself refuses must."""

from __future__ import annotations

from types import TracebackType

from ...errors import Refused

__all__ = ["noting"]


class _Noting:
    """Has no state, so that one is enough."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return kind is not None and issubclass(kind, Exception) and not issubclass(kind, Refused)


_NOTING = _Noting()


def noting() -> _Noting:
    """Suppresses every exception but `Refused`: a label may be any object, and what cannot be noted is let be."""
    return _NOTING
