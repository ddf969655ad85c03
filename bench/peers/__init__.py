"""Adapters: one function ``classify(frame)`` a peer, used where the peer is installed.

``make bench PEERS=1`` installs them into ``.venv/peers``. What needs a model that is not in a package is left out of
its peer's configuration, and said beside its figures.
"""

from __future__ import annotations

from pathlib import Path

_ENVIRONMENT = Path(__file__).parents[2] / ".venv" / "peers" / "lib"


def installed(package: str) -> Path | None:
    """The folder of a package of the peers' environment; None where it is not installed."""
    return next(_ENVIRONMENT.glob(f"python*/site-packages/{package}"), None)


def alone(package: Path, folder: Path) -> Path:
    """A new ``folder`` for the path, with this package alone: its neighbours are of other versions than ours."""
    folder.mkdir()
    (folder / package.name).symlink_to(package)
    return folder
