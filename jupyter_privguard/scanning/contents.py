"""What a file is, by its name and first bytes, and what stands in it. Bounded in bytes, never executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ..frames.stored.frames import form_of, is_duckdb
from ..frames.stored.npy import MAGIC
from ..frames.stored.pickles import is_pickle
from ..frames.stored.unpacking import is_packed, unpacked
from ..plots.picture_texts import is_picture, texts_in_picture
from .archives import DEEPEST, Allowance, archive_of, is_archive
from .databases import found_in_database, is_database
from .findings import Finding, Place
from .judging import Judge
from .kinds import NotRead, PassedOver, is_without_text, unread_form
from .letters import text_of
from .mails import parts_of_mail
from .office import found_in_office, is_office
from .pickles import (
    found_in_array,
    found_in_model,
    found_in_onnx,
    found_in_safetensors,
    found_in_skops,
    found_in_torch,
    pieces_of_bytes,
)
from .pieces import Piece, Unreadable
from .sources import LARGEST, Source
from .stored_tables import found_in_duckdb, found_in_form, found_in_parquet
from .texts import found_in_text, suffix_of

__all__ = ["LARGEST", "findings_in", "findings_of", "text_of"]

_PICKLES = frozenset({".pkl", ".pickle", ".joblib", ".p", ".pck", ".dill", ".sav"})
_UNPACKED = "unpacked"
_PACKED_TARS = frozenset({".tgz", ".tbz2", ".txz", ".tzst"})
_PACKED = frozenset({".gz", ".bz2", ".xz", ".lzma", ".lz4", ".zst", ".zstd", ".z"})
_MAILS = frozenset({".eml", ".mht", ".mhtml"})
_UNKNOWN = "its form is not known, so that only letters in it were looked at"


class _File:
    """One file or member: what is found in it, and the sentences on what could not be looked at."""

    def __init__(self, path: str, judge: Judge, problems: list[str], allowed: Allowance) -> None:
        self._path, self._judge, self._problems, self._allowed = path, judge, problems, allowed

    def found(self, name: str, source: Source, member: str = "", depth: int = 0) -> Iterator[Finding]:
        """What ``source``, called ``name``, holds."""
        try:
            for one in self._found(name, source, member, depth):
                yield one if not member else _within(one, member)
        except Unreadable as reason:
            self._say(str(reason), member)

    def _say(self, reason: str, member: str) -> None:
        said = f"{member}: {reason}" if member else reason
        self._problems.append(NotRead(said) if isinstance(reason, NotRead) else said)

    def _found(self, name: str, source: Source, member: str, depth: int) -> Iterator[Finding]:
        suffix = suffix_of(name)
        head, path, judge = source.head, self._path, self._judge
        if not head:
            return
        if is_picture(head):
            pieces = [Piece(text, Place(part="text of the picture")) for text in texts_in_picture(source.whole())]
            yield from _once(judge.pieces(path, pieces, ""))
        elif is_database(head):
            yield from _once(found_in_database(path, source, judge))
        elif is_archive(head):
            yield from self._archive(suffix, source, member, depth)
        elif said := unread_form(head):
            yield from self._letters(source, NotRead(said), member)
        elif is_duckdb(head):
            yield from found_in_duckdb(path, source, judge)
        elif head.startswith(b"PAR1") or suffix == ".parquet":
            yield from found_in_parquet(path, source, judge, self._called(member))
        elif (form := form_of(head, suffix)) is not None:
            yield from found_in_form(path, form, source, judge, self._called(member))
        elif suffix in _PICKLES or is_pickle(head):
            yield from self._kept(found_in_model, unpacked(source.whole()), member)
        elif suffix == ".npy" or head.startswith(MAGIC):
            yield from self._kept(found_in_array, source.whole(), member)
        elif suffix == ".onnx":
            yield from self._kept(found_in_onnx, source.whole(), member)
        elif suffix == ".safetensors":
            yield from self._kept(found_in_safetensors, source.whole(), member)
        elif is_packed(head) or suffix in _PACKED | _PACKED_TARS:
            yield from self._packed(name, suffix, source, member, depth)
        elif suffix in _MAILS:
            for inner, data in parts_of_mail(source.whole()):
                yield from self.found(inner, Source(data), "/".join(filter(None, [member, inner])), depth + 1)
        else:
            yield from self._text(name, suffix, source, member)

    def _text(self, name: str, suffix: str, source: Source, member: str) -> Iterator[Finding]:
        problems: list[str] = []
        found = found_in_text(self._path, name, source, self._judge, problems, self._called(member))
        if found is not None:
            yield from found
            for reason in problems:
                self._say(reason, member)
        elif is_without_text(source.head, suffix):
            self._problems.append(PassedOver(member or name))
        else:
            yield from self._letters(source, NotRead(_UNKNOWN), member)

    def _letters(self, source: Source, said: NotRead, member: str) -> Iterator[Finding]:
        """Of what is not read the letters that stand in it as they are."""
        self._say(said, member)
        if source.size <= LARGEST:
            yield from self._judge.pieces(self._path, pieces_of_bytes(source.whole(), Place(part="bytes in it")), "")

    def _archive(self, suffix: str, source: Source, member: str, depth: int) -> Iterator[Finding]:
        archive = archive_of(source, self._allowed, depth)
        if suffix == ".skops":
            yield from self._kept(found_in_skops, archive.contents(), member)
            return
        if archive.torch:
            yield from self._kept(found_in_torch, archive, member)
        if is_office(archive.names):
            yield from found_in_office(self._path, archive, self._judge)
        for inner, held in archive.members():
            said = "/".join(filter(None, [member, _member(inner)]))
            if isinstance(held, Unreadable):
                self._say(str(held), said)
            else:
                yield from self.found(PurePosixPath(inner).name, Source(held), said, depth + 1)

    def _packed(self, name: str, suffix: str, source: Source, member: str, depth: int) -> Iterator[Finding]:
        said = "/".join(filter(None, [member, _UNPACKED]))
        if depth >= DEEPEST:
            raise Unreadable(f"what is packed in it is nested deeper than {DEEPEST} levels")
        data = source.whole()
        content = unpacked(data)
        if content is data:
            yield from self._text(name, "", source, member)
            return
        self._allowed.spend(len(content))
        inner = name[: -len(suffix)] if suffix in _PACKED | _PACKED_TARS else name
        yield from self.found(inner + (".tar" if suffix in _PACKED_TARS else ""), Source(content), said, depth + 1)

    def _kept(self, look: Callable[..., Iterator[Finding]], data: object, member: str) -> Iterator[Finding]:
        problems: list[str] = []
        yield from look(self._path, data, self._judge, problems)
        for reason in problems:
            self._say(reason, member)

    def _called(self, member: str) -> str:
        """The file by its path, packed or not; within an archive by the member's name."""
        return member.removesuffix(_UNPACKED).rstrip("/") or self._path


def findings_in(path: str, data: bytes, judge: Judge, problems: list[str]) -> list[Finding]:
    """What the file ``path`` with these bytes holds; ``problems`` gets half-sentences on what could not be read."""
    return findings_of(path, Source(data, path=path), judge, problems)


def findings_of(path: str, source: Source, judge: Judge, problems: list[str]) -> list[Finding]:
    """As `findings_in`, of a file that is open. `NotRead` among the problems are forms that are not read."""
    return list(_File(path, judge, problems, Allowance()).found(Path(path).name, source))


def _member(name: str) -> str:
    """A member's name as it may be told: without what steers a terminal, and not longer than a line."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)[:120]


def _within(one: Finding, member: str) -> Finding:
    if one.place.member:
        return replace(one, edits=())
    return replace(one, place=one.place._replace(member=member), edits=())


def _once(found: Iterator[Finding]) -> Iterator[Finding]:
    """Each finding once: a text of a picture is read in several ways."""
    seen = set()
    for one in found:
        key = (one.place, one.entity, one.fingerprint)
        if key not in seen:
            seen.add(key)
            yield one
