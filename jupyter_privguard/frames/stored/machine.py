"""The machine that pickles are programs for (protocols 0 to 5), without any of what its operations would run.

Names are kept as names, calls as what they would be called with. Everything costs one step and refers to what is
there already, so that a stream can build no more than its own length; `Budget` bounds that too.
Operations as in Python's ``pickletools``.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Callable

from .dtypes import is_of_objects, is_wrapper, size_in_bytes
from .limits import Budget, Unreadable
from .nodes import OPAQUE, Block, Built, Named, Node, Pairs
from .stack import Stack, Stopped, in_pairs

__all__ = ["Machine"]

_LONGEST_NUMBER = 64
"""Bytes of a whole number that is kept; what is longer is no value of anything."""


class Machine(Stack):
    """Reads one stream in ``data`` from ``at`` on; ``texts`` and ``codes`` gather its texts and its bytes."""

    def __init__(self, data: bytes, at: int, budget: Budget, outside: Callable[[Node], Node] | None = None) -> None:
        """``outside`` gives what stands outside of the stream, by its name there."""
        super().__init__(data, at)
        self._budget = budget
        self._outside = outside
        self.texts: list[str] = []
        self.codes: list[bytes] = []
        self.is_outside = False
        """Whether parts of it stand outside of the file."""
        self.root: Node = None
        self.is_done = False
        """Whether it has come to the end of the stream."""

    def run(self) -> None:
        """To the end of the stream. Stopped or Unreadable where it cannot be read so far; `found` has what is built."""
        while not self.is_done:
            operation = self._take(1)[0]
            self._budget.spend()
            step = _STEPS.get(operation)
            if step is None:
                raise Stopped
            try:
                step(self)
            except (IndexError, KeyError, TypeError, ValueError, OverflowError, struct.error):
                raise Stopped from None

    def found(self) -> list[Node]:
        """What was built, to the end or not."""
        return [self.root] if self.is_done else [*self._memo.values(), *self._stack, *self._marks]

    # --- values -----------------------------------------------------------------------------------

    def text(self, form: str) -> None:
        """A text, as long as the number before it says."""
        self._text(self._take(self._number(form)).decode("utf-8", "replace"))

    def text_line(self) -> None:
        """A text with escapes, to the end of the line."""
        self._text(self._line().decode("raw-unicode-escape", "replace"))

    def old_text(self, form: str) -> None:
        """A text of Python 2, which may be bytes."""
        self._text(self._take(self._number(form)).decode("latin-1"))

    def old_text_line(self) -> None:
        """A text of Python 2 in quotation marks."""
        line = self._line().strip()
        if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in (b"'", b'"'):
            raise Stopped
        self._text(codecs.escape_decode(line[1:-1])[0].decode("latin-1"))

    def _text(self, text: str) -> None:
        self.texts.append(text)
        self._stack.append(text)

    def bytes(self, form: str) -> None:
        """Bytes, as many as the number before them says."""
        taken = self._take(self._number(form))
        self.codes.append(taken)
        self._stack.append(taken)

    def whole_line(self) -> None:
        """A whole number in decimal digits; ``00`` and ``01`` are truth values."""
        line = self._line().rstrip(b"L")
        if line in (b"00", b"01"):
            self.push(line == b"01")
        else:
            self._whole(int(line) if len(line) <= _LONGEST_NUMBER * 2 else None)

    def whole(self, form: str) -> None:
        """A whole number as long as the number before it says."""
        taken = self._take(self._number(form))
        self._whole(int.from_bytes(taken, "little", signed=True) if len(taken) <= _LONGEST_NUMBER else None)

    def _whole(self, value: int | None) -> None:
        if value is not None:
            self.texts.append(str(value))
        self._stack.append(value)

    def number(self, form: str) -> None:
        """A number of a known width."""
        self._stack.append(self._number(form))

    def get_by(self, form: str) -> None:
        """What was kept under the number that follows."""
        self.get(self._number(form))

    def keep_by(self, form: str) -> None:
        """As `keep`, under the number that follows."""
        self.keep(self._number(form))

    def fraction_line(self) -> None:
        """A fraction in decimal digits."""
        self._stack.append(float(self._line()))

    # --- what would run something -----------------------------------------------------------------

    def named_line(self) -> None:
        """A class or function by two lines."""
        self.push(Named(self._line().decode("utf-8", "replace"), self._line().decode("utf-8", "replace")))

    def named(self) -> None:
        """A class or function by two texts."""
        name, module = self._stack.pop(), self._stack.pop()
        self.push(Named(str(module), str(name)) if isinstance(name, str) and isinstance(module, str) else OPAQUE)

    def call(self) -> None:
        """What a call would give."""
        args, maker = self._stack.pop(), self._stack.pop()
        self.push(Built(maker, args))

    def call_with_names(self) -> None:
        """What a call with named arguments would give."""
        named, args, maker = self._stack.pop(), self._stack.pop(), self._stack.pop()
        self.push(Built(maker, args, states=[named]))

    def instance_line(self) -> None:
        """An instance of the class in two lines, of what was put there since the mark."""
        maker = Named(self._line().decode("utf-8", "replace"), self._line().decode("utf-8", "replace"))
        self.push(Built(maker, tuple(self._since_mark())))

    def instance(self) -> None:
        """An instance of the class behind the mark."""
        maker, *args = self._since_mark()
        self.push(Built(maker, tuple(args)))

    def build(self) -> None:
        """The state of what stands before it."""
        state, of = self._stack.pop(), self._stack[-1]
        if isinstance(of, Built):
            of.states.append(state)
            if is_wrapper(of) and isinstance(state, Pairs):
                self._stack[-1] = self._block(state)

    # --- arrays of joblib's -----------------------------------------------------------------------

    def _block(self, wrapper: Node) -> Node:
        """The array whose bytes follow its wrapper, as joblib's ``NumpyArrayWrapper`` writes them."""
        told = {key: value for key, value in wrapper.pairs if isinstance(key, str)}
        if is_of_objects(told.get("dtype")):
            inner = Machine(self.data, self.at, self._budget, self._outside)
            try:
                inner.run()
            finally:
                self.at, self.is_outside = inner.at, self.is_outside or inner.is_outside
                self.texts += inner.texts
                self.codes += inner.codes
            return inner.root
        if told.get("numpy_array_alignment_bytes") is not None:
            self._take(self._take(1)[0])
        size = size_in_bytes(told.get("dtype"), told.get("shape"))
        return Block(told.get("dtype"), told.get("shape"), told.get("order"), self._take(size))

    def outside(self, *, takes: int = 0, skips: int = 0) -> None:
        """Something that stands outside of the stream, named by the top of the stack or by a number."""
        name = [self._stack.pop() for _ in range(takes)]
        self._take(skips)
        self.push(self._outside(name[0]) if name and self._outside is not None else OPAQUE)

    def outside_line(self) -> None:
        """As `outside`, named by a line."""
        self._line()
        self.push(OPAQUE)

    def buffer(self) -> None:
        """Bytes that are kept in another place."""
        self.is_outside = True
        self.push(OPAQUE)

    # --- the stream itself ------------------------------------------------------------------------

    def protocol(self) -> None:
        """Its number."""
        if self._take(1)[0] > 5:
            raise Unreadable("it is a pickle of a protocol that is not known")

    def skip(self, count: int) -> None:
        """What says nothing."""
        self._take(count)

    def line_number(self) -> int:
        """A number of decimal digits."""
        return int(self._line())

    def stop(self) -> None:
        """The end."""
        self.root = self._stack.pop()
        self.is_done = True


_STEPS: dict[int, Callable[[Machine], None]] = {
    ord(code): step
    for code, step in {
        "(": Machine.mark,
        ".": Machine.stop,
        "0": Machine.pop,
        "1": Machine.pop_mark,
        "2": Machine.again,
        "F": Machine.fraction_line,
        "G": lambda of: of.number(">d"),
        "I": Machine.whole_line,
        "J": lambda of: of.number("<i"),
        "K": lambda of: of.number("<B"),
        "L": Machine.whole_line,
        "M": lambda of: of.number("<H"),
        "N": lambda of: of.push(None),
        "P": Machine.outside_line,
        "Q": lambda of: of.outside(takes=1),
        "R": Machine.call,
        "S": Machine.old_text_line,
        "T": lambda of: of.old_text("<i"),
        "U": lambda of: of.old_text("<B"),
        "V": Machine.text_line,
        "X": lambda of: of.text("<I"),
        "a": Machine.append,
        "b": Machine.build,
        "c": Machine.named_line,
        "d": lambda of: of.since_mark(lambda items: Pairs(in_pairs(items))),
        "}": lambda of: of.push(Pairs()),
        "e": Machine.appends,
        "g": lambda of: of.get(of.line_number()),
        "h": lambda of: of.get_by("<B"),
        "i": Machine.instance_line,
        "j": lambda of: of.get_by("<I"),
        "l": lambda of: of.since_mark(list),
        "]": lambda of: of.push([]),
        "o": Machine.instance,
        "p": lambda of: of.keep(of.line_number()),
        "q": lambda of: of.keep_by("<B"),
        "r": lambda of: of.keep_by("<I"),
        "s": Machine.set_item,
        "t": lambda of: of.since_mark(tuple),
        ")": lambda of: of.push(()),
        "u": Machine.set_items,
        "B": lambda of: of.bytes("<I"),
        "C": lambda of: of.bytes("<B"),
        "\x80": Machine.protocol,
        "\x81": Machine.call,
        "\x82": lambda of: of.outside(skips=1),
        "\x83": lambda of: of.outside(skips=2),
        "\x84": lambda of: of.outside(skips=4),
        "\x85": lambda of: of.several(1),
        "\x86": lambda of: of.several(2),
        "\x87": lambda of: of.several(3),
        "\x88": lambda of: of.push(True),
        "\x89": lambda of: of.push(False),
        "\x8a": lambda of: of.whole("<B"),
        "\x8b": lambda of: of.whole("<i"),
        "\x8c": lambda of: of.text("<B"),
        "\x8d": lambda of: of.text("<Q"),
        "\x8e": lambda of: of.bytes("<Q"),
        "\x8f": lambda of: of.push([]),
        "\x90": Machine.appends,
        "\x91": lambda of: of.since_mark(tuple),
        "\x92": Machine.call_with_names,
        "\x93": Machine.named,
        "\x94": Machine.keep_next,
        "\x95": lambda of: of.skip(8),
        "\x96": lambda of: of.bytes("<Q"),
        "\x97": Machine.buffer,
        "\x98": lambda of: of.skip(0),
    }.items()
}
"""By code: of protocols 0 to 5 each operation. A frame says only how long it is."""
