"""Packs of controls: those that are built in, by name, and an organisation's own, by the path of a YAML file."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .._files import IrregularFile, read_regular
from ..errors import InputError
from .evidence import Framework

if TYPE_CHECKING:
    from .pack_file import Statements

__all__ = ["built_in", "chosen", "names"]

_FOLDER = Path(__file__).parent / "controls"
_SHARED = _FOLDER / "_statements.yaml"
_LARGEST = 256 << 10


def names() -> tuple[str, ...]:
    """The names of the packs that are built in, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("[!_]*.yaml")))


@cache
def built_in() -> tuple[Framework, ...]:
    """All packs that are built in, by name."""
    return tuple(_built_in(name) for name in names())


def chosen(wanted: Iterable[str]) -> tuple[Framework, ...]:
    """The packs of these names and files, in their order; all that are built in where none is wanted.

    InputError in one sentence for a name that is none, a file that cannot be used, a pack that is named twice, and
    two packs that have one name.
    """
    found: list[Framework] = []
    for name in wanted:
        framework = _built_in(name) if name in names() else _own(name)
        twin = next((other for other in found if other.name.casefold() == framework.name.casefold()), None)
        if twin:
            both = f"`{twin.pack}` and `{name}` are both" if twin.pack != name else f"`{name}` is twice the pack"
            raise InputError(f"privguard: {both} called {twin.name}; leave one of them out, or rename it.")
        found.append(framework)
    return tuple(found) or built_in()


@cache
def _built_in(name: str) -> Framework:
    return _parsed(f"{name}.yaml", (_FOLDER / f"{name}.yaml").read_bytes(), pack=name)


def _own(name: str) -> Framework:
    from ..policy.schema import nearest
    from .pack_file import shown_name

    path = Path(name)
    if path.suffix.lower() not in (".yaml", ".yml"):
        near = nearest(name, names())
        hint = f"did you mean `{near}`?" if near else f"there are {', '.join(names())}, and YAML files of your own."
        raise InputError(f"privguard: no pack is called `{shown_name(name)}`; {hint}")
    return _parsed(name, _bytes(path), pack=name)


def _parsed(called: str, data: bytes, *, pack: str) -> Framework:
    from .pack_file import PackProblem, framework_in

    try:
        return framework_in(data, _shared(), pack=pack)
    except PackProblem as problem:
        said = str(problem)
        raise InputError(
            f"privguard: {called} is no pack of controls: {said}{'' if said.endswith('?') else '.'}"
        ) from None


@cache
def _shared() -> Statements:
    from .pack_file import statements_in

    return statements_in(_SHARED.read_bytes())


def _bytes(path: Path) -> bytes:
    """The bytes of a regular file of at most 256 KiB; a pipe is never waited for."""
    try:
        data = read_regular(path, _LARGEST)
    except FileNotFoundError:
        raise InputError(f"privguard: {path}: there is no such pack; name one of {', '.join(names())}.") from None
    except IrregularFile:
        raise InputError(f"privguard: {path}: the pack is not a regular file; name a YAML file.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "bad name"
        raise InputError(f"privguard: {path}: the pack cannot be read ({reason}).") from None
    if len(data) > _LARGEST:
        raise InputError(f"privguard: {path}: the pack is larger than 256 KiB; one is a few pages.")
    return data
