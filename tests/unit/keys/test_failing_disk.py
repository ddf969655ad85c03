"""A disk that fails, or a process that is killed, at any step of what is done with keys.

The keys are those before or those after, they work, and no file with a key lies beside them once it is done again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from jupyter_privguard.errors import KeyStoreError
from jupyter_privguard.keys.providers.file import FileKeys

STEPS = ((os, "fsync"), (os, "fchmod"), (Path, "replace"), (Path, "rename"), (Path, "unlink"))
"""What the disk takes part in."""
KILLED = 9


class Disk:
    """Fails once, at a step of its work."""

    def __init__(self) -> None:
        self._left = 0
        self._kills = False
        self.failed = False

    def step(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*args: Any, **kwargs: Any) -> Any:
            self._left -= 1
            if self._left == 0:
                self.failed = True
                if self._kills:
                    os._exit(KILLED)
                raise OSError(5, "Input/output error")
            return real(*args, **kwargs)

        return taken

    @contextmanager
    def failing_at(self, number: int) -> Iterator[None]:
        """What cannot be done inside is one sentence."""
        self._left, self.failed = number, False
        try:
            yield
        except KeyStoreError as error:
            assert str(error).startswith("privguard: ") and "Input/output error" in str(error)
            assert "\n" not in str(error)
        finally:
            self._left = 0

    def killing_at(self, number: int, work: Callable[[], object]) -> None:
        """Do ``work`` in a process that ends at that step without another word."""
        if (child := os.fork()) == 0:
            self._left, self._kills = number, True
            work()
            os._exit(0)
        self.failed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    for holder, name in STEPS:
        monkeypatch.setattr(holder, name, made.step(getattr(holder, name)))
    return made


def each_step(disk: Disk, work: Callable[[int], None]) -> None:
    """Do ``work`` with each of its steps failing, one after the other."""
    number = 1
    while True:
        work(number)
        if not disk.failed:
            break
        number += 1
    assert number > 4


def ids(folder: Path) -> set[str]:
    return {info.id for info in FileKeys(folder).stored_keys() if info.use == "masking"}


def test_renewed_keys_are_the_old_ones_or_the_new_ones(tmp_path: Path, disk: Disk) -> None:
    def rotate(number: int) -> None:
        folder, announced = tmp_path / str(number), list[str]()
        before = FileKeys(folder).create().key_id

        with disk.failing_at(number):
            FileKeys(folder).rotate(announced.append)

        now = FileKeys(folder).load().key_id
        assert now == before or [now] == announced
        assert ids(folder) == {before, now}
        assert FileKeys(folder).rotate().key_id not in (before, now)

    each_step(disk, rotate)


def test_where_nobody_knows_whether_a_new_key_outlasts_a_loss_of_power_it_is_kept_and_said(
    tmp_path: Path, disk: Disk
) -> None:
    said = list[str]()

    def rotate(number: int) -> None:
        folder = tmp_path / str(number)
        before = FileKeys(folder).create().key_id
        with disk.failing_at(number):
            try:
                FileKeys(folder).rotate()
            except KeyStoreError as error:
                if (now := FileKeys(folder).load().key_id) != before:
                    said.append(str(error))
                    assert f"key {now} is current" in str(error) and "back up" in str(error)
                raise

    each_step(disk, rotate)

    assert len(said) == 1


def test_keys_are_made_whole_or_not_at_all(tmp_path: Path, disk: Disk) -> None:
    def create(number: int) -> None:
        folder = tmp_path / str(number) / "keys"

        with disk.failing_at(number):
            FileKeys(folder).create()

        if not FileKeys(folder).exists():
            FileKeys(folder).create()
        assert len(FileKeys(folder).load().key_ids) == 1
        assert [path.name for path in folder.parent.iterdir()] == ["keys"], "no key lies beside"

    each_step(disk, create)


def test_a_key_whose_erasing_was_cut_short_is_dead_and_can_be_erased_to_the_end(tmp_path: Path, disk: Disk) -> None:
    def destroy(number: int) -> None:
        folder = tmp_path / str(number)
        old = FileKeys(folder).create().key_id
        FileKeys(folder).rotate()

        with disk.failing_at(number):
            FileKeys(folder).destroy(old)

        FileKeys(folder).load()
        if (folder / f"{old}.key").exists():
            FileKeys(folder).destroy(old)
        assert old not in FileKeys(folder).load().key_ids
        assert {info.state for info in FileKeys(folder).stored_keys() if info.id == old} == {"destroyed"}
        assert not (folder / f"{old}.key").exists()

    each_step(disk, destroy)


def assert_nothing_lies_beside(folder: Path) -> None:
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_keys_are_there_or_not_after_a_kill_and_are_made_the_next_time(tmp_path: Path, disk: Disk) -> None:
    def create(number: int) -> None:
        folder = tmp_path / str(number) / "keys"

        disk.killing_at(number, lambda: FileKeys(folder).create())

        if not FileKeys(folder).exists():
            FileKeys(folder).create()
        FileKeys(folder).load()
        assert_nothing_lies_beside(folder)

    each_step(disk, create)


def test_keys_are_renewed_or_not_after_a_kill_and_nothing_is_left_of_it_the_next_time(
    tmp_path: Path, disk: Disk
) -> None:
    def rotate(number: int) -> None:
        folder = tmp_path / str(number) / "keys"
        before = FileKeys(folder).create().key_id

        disk.killing_at(number, lambda: FileKeys(folder).rotate())

        now = FileKeys(folder).load()
        assert before in now.key_ids
        assert FileKeys(folder).rotate().key_id not in now.key_ids
        assert_nothing_lies_beside(folder)

    each_step(disk, rotate)


def test_a_key_is_destroyed_to_the_end_after_a_kill(tmp_path: Path, disk: Disk) -> None:
    def destroy(number: int) -> None:
        folder = tmp_path / str(number) / "keys"
        old = FileKeys(folder).create().key_id
        FileKeys(folder).rotate()

        disk.killing_at(number, lambda: FileKeys(folder).destroy(old))

        FileKeys(folder).load()
        if (folder / f"{old}.key").exists():
            FileKeys(folder).destroy(old)
        assert old not in FileKeys(folder).load().key_ids and not (folder / f"{old}.key").exists()
        assert_nothing_lies_beside(folder)

    each_step(disk, destroy)
