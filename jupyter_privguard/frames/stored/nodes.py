"""What a pickle builds, told and not built: names of classes and functions, what they would be called with, data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["OPAQUE", "Block", "Built", "Named", "Node", "Pairs", "Storage"]

Node = Any
"""A text, number, bytes, None, list, tuple, or one of the below; lists may hold themselves, at any depth."""


_MAKERS = frozenset({"_reconstructor", "__newobj__", "__newobj_ex__", "newObj"})


@dataclass(frozen=True, slots=True)
class Named:
    """A class or function that the stream names, which is not looked up."""

    module: str
    name: str


@dataclass(slots=True, eq=False)
class Pairs:
    """A dictionary as it was filled: keys may be anything."""

    pairs: list[tuple[Node, Node]] = field(default_factory=list, repr=False)


@dataclass(slots=True, eq=False)
class Built:
    """What calling ``maker`` with ``args`` would give, and what is put into it afterwards."""

    maker: Node
    args: Node = field(repr=False)
    states: list[Node] = field(default_factory=list, repr=False)
    items: list[Node] = field(default_factory=list, repr=False)
    pairs: list[tuple[Node, Node]] = field(default_factory=list, repr=False)

    @property
    def is_made_by(self) -> str:
        """The name of the function or class that makes it, empty where it has none."""
        return self.maker.name if isinstance(self.maker, Named) else ""

    @property
    def of_class(self) -> Named:
        """The class that it is an object of: its maker, or the class that a function which makes objects is given."""
        given = self.args[0] if isinstance(self.args, tuple) and self.args else None
        if self.is_made_by in _MAKERS and isinstance(given, Named):
            return given
        for one in (given, self.maker):
            if isinstance(one, Named) and one.name.rpartition(".")[2][:1].isupper():
                return one
        return self.maker if isinstance(self.maker, Named) else Named("", "")


@dataclass(slots=True, eq=False)
class Block:
    """An array whose bytes stand within the stream, as joblib writes them."""

    dtype: Node
    shape: Node
    order: Node
    data: bytes | memoryview = field(repr=False)


@dataclass(slots=True, eq=False)
class Storage:
    """Numbers that a checkpoint keeps beside its stream, of which tensors are views."""

    kind: str
    """As numpy writes it, or ``bf16``."""
    load: Callable[[], bytes] = field(repr=False)
    """Its bytes, none where they cannot be had; asked for where they are looked at, for most are weights."""

    @property
    def is_of_fractions(self) -> bool:
        """Whether they are weights unless a name says that they are rows."""
        return "f" in self.kind


class _Opaque:
    """What stands outside of the stream."""

    def __repr__(self) -> str:
        return "OPAQUE"


OPAQUE: Final = _Opaque()
