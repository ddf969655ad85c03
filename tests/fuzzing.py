"""How many examples a fuzz test tries: few in `make test`, many more under the profile ``long`` of `make fuzz`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

__all__ = ["fuzz"]

_USUAL = 100
"""Examples of a test that says nothing of its own; twenty times as many in the profile ``long``."""


def fuzz(examples: int) -> settings:
    """``examples`` as a rule, and as many times more as the profile has more than usual."""
    return settings(
        max_examples=examples * settings().max_examples // _USUAL,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
