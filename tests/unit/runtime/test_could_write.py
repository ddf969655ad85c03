"""A grant is worth what its author is: who could have written the file, or had its name mean another one."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jupyter_privguard.runtime.authors import could_write
from jupyter_privguard.runtime.place import policy, principal
from jupyter_privguard.settings import account_of

ME, SOMEBODY = 65_534, 65_533

as_another_account = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only root can act as another account"
)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of root's that every account may enter: pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder


def _policy(folder: Path, *, owner: int = 0, mode: int = 0o644) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "policy.yaml"
    file.write_text("version: 1\n")
    file.chmod(mode)
    os.chown(file, owner, owner)
    return file


def _as_me(path: Path, *, folder: str = "/") -> bool:
    """Whether the other account could have written ``path``."""
    return _told_by_me(lambda: could_write(path), folder)


def _told_by_me(question: Callable[[], bool], folder: str = "/") -> bool:
    """What the other account finds out, in a process of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child does nothing but look
        child = os.fork()
    if child == 0:
        try:
            os.chdir(folder)
            os.setgroups([])
            os.setgid(ME)
            os.setuid(ME)
            os._exit(10 + question())
        finally:
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (10, 11)
    return status == 11


@as_another_account
def test_a_file_of_the_administrator_is_not_ones_own(place: Path) -> None:
    assert not _as_me(_policy(place / "etc"))


@as_another_account
def test_whoever_owns_or_may_write_the_file_is_its_author(place: Path) -> None:
    assert _as_me(_policy(place / "own", owner=ME, mode=0o444)), "an owner can change the mode"
    assert _as_me(_policy(place / "open", mode=0o666))
    shared = _policy(place / "shared", mode=0o664)
    os.chown(shared, 0, ME)
    assert _as_me(shared), "by its group"
    assert not _as_me(_policy(place / "theirs", owner=SOMEBODY))


@as_another_account
@pytest.mark.parametrize("above", [0, 1, 2])
def test_so_is_whoever_can_rename_a_folder_above_it(place: Path, above: int) -> None:
    folders = [place / "a", place / "a" / "b", place / "a" / "b" / "c"]
    for folder in folders:
        folder.mkdir()
    file = _policy(folders[-1])
    assert not _as_me(file)

    folders[above].chmod(0o777)
    assert _as_me(file)
    folders[above].chmod(0o755)
    os.chown(folders[above], ME, ME)
    assert _as_me(file), "an owner can change the mode"


@as_another_account
def test_in_a_sticky_folder_the_entries_of_others_are_safe(place: Path) -> None:
    sticky = place / "sticky"
    sticky.mkdir()
    sticky.chmod(0o1777)
    theirs = sticky / "theirs"
    theirs.mkdir()
    assert not _as_me(_policy(theirs))

    mine = sticky / "mine"
    mine.mkdir()
    os.chown(mine, ME, ME)
    assert _as_me(_policy(mine))


@as_another_account
def test_links_are_followed_and_their_folders_count(place: Path) -> None:
    target = _policy(place / "etc")
    (place / "links").mkdir()
    link = place / "links" / "policy.yaml"
    link.symlink_to(target)
    assert not _as_me(link)
    (place / "relative").symlink_to("links")
    assert not _as_me(place / "relative" / ".." / "links" / "policy.yaml")

    (place / "links").chmod(0o777)
    assert _as_me(link), "the link can be replaced"
    assert _as_me(place / "relative" / "policy.yaml")
    (place / "links").chmod(0o755)
    assert not _as_me(link)

    (place / "etc").chmod(0o777)
    assert _as_me(link), "what it points to can be replaced"


@as_another_account
def test_what_cannot_be_looked_at_counts_as_ones_own(place: Path) -> None:
    file = _policy(place / "closed")
    (place / "closed").chmod(0o700)

    assert _as_me(file)
    assert _as_me(place / "none.yaml")


@as_another_account
def test_a_relative_name_is_followed_from_where_one_stands(place: Path) -> None:
    _policy(place / "etc")

    assert not _as_me(Path("policy.yaml"), folder=str(place / "etc"))


@as_another_account
@pytest.mark.parametrize(("owner", "assurance"), [(0, "os"), (ME, "self")])
def test_a_grant_by_somebody_else_is_worth_more(
    place: Path, monkeypatch: pytest.MonkeyPatch, owner: int, assurance: str
) -> None:
    file = _policy(place / "etc", owner=owner)
    name = account_of(ME)
    file.write_text(
        f'version: 1\nprincipals: {{"{name}": {{roles: [a]}}}}\nroles: {{a: {{tiers: [public, internal]}}}}\n'
    )
    monkeypatch.setenv("PRIVGUARD_POLICY", str(file))
    for variable in ("USER", "LOGNAME", "USERNAME", "JUPYTERHUB_USER"):
        monkeypatch.setenv(variable, "root")
    policy()  # its modules may be out of the other account's reach

    assert _told_by_me(lambda: principal(policy()) == (name, ("a",), assurance, ()))


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.symlink_to(other)
    other.symlink_to(one)

    assert could_write(one)


def test_ones_own_file_is_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("")
    file.chmod(0o400)

    assert could_write(file), "as root everything is"
