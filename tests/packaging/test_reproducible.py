"""Whoever builds a version gets the same bytes, wherever and whenever that is."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
PANEL = ROOT / "labextension"
_INSTALLED = shutil.ignore_patterns(
    ".venv", ".git", "node_modules", ".yarn", ".hypothesis", ".*_cache", "__pycache__", "_build"
)
_BUILD = "import sys; from hatchling import build; print(getattr(build, 'build_' + sys.argv[1])(sys.argv[2]))"


def _built(kind: str, tree: Path, out: Path, *, umask: int, zone: str) -> Path:
    """The ``sdist`` or ``wheel`` of ``tree``, built under other circumstances."""
    out.mkdir(parents=True)
    env = {**os.environ, "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}", "TZ": zone}
    env.pop("SOURCE_DATE_EPOCH", None)
    done = subprocess.run(
        [sys.executable, "-c", _BUILD, kind, str(out)],
        cwd=tree, env=env, umask=umask, text=True, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out / done.stdout.split()[-1]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This working tree as it is now, without what is installed in it; others may go on writing the real one."""
    copy = tmp_path_factory.mktemp("tree") / "tree"
    shutil.copytree(ROOT, copy, ignore=_INSTALLED)
    return copy


@pytest.fixture(scope="module")
def sdist(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built("sdist", tree, tmp_path_factory.mktemp("first") / "out", umask=0o022, zone="UTC")


def _aged(folder: Path) -> Path:
    """Everything in ``folder`` gets other rights for others and other times."""
    for path in folder.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (981_173_106, 981_173_106))
    return folder


def test_the_sdist_is_the_same_from_every_tree(tree: Path, sdist: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "some where" / "else"
    shutil.copytree(tree, elsewhere)

    again = _built("sdist", _aged(elsewhere), tmp_path / "out", umask=0o077, zone="America/St_Johns")

    assert _sha256(again) == _sha256(sdist)


def test_the_wheel_of_the_sdist_is_the_wheel_of_the_tree(tree: Path, sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()

    of_the_tree = _built("wheel", tree, tmp_path / "a", umask=0o022, zone="UTC")
    of_the_sdist = _built("wheel", _aged(unpacked), tmp_path / "b", umask=0o077, zone="Asia/Kathmandu")

    assert of_the_sdist.name == of_the_tree.name
    assert _sha256(of_the_sdist) == _sha256(of_the_tree)


def test_the_panel_is_the_same_from_every_folder(tmp_path: Path) -> None:
    """Numbers of modules were once made from absolute paths."""
    bundles = [_bundled(tmp_path / "a"), _bundled(tmp_path / "some where" / "deeper" / "b")]

    assert bundles[0] == bundles[1]
    assert any(name.startswith("static/remoteEntry.") for name in bundles[0])


def _bundled(place: Path) -> dict[str, str]:
    """The files of a panel that is built in ``place``, with their digests."""
    own = place / "labextension"
    shutil.copytree(PANEL, own, ignore=shutil.ignore_patterns("node_modules", ".yarn", "ui-tests", "tests"))
    (own / "node_modules").symlink_to(PANEL / "node_modules")
    command = [str(TOOLS / "jupyter-builder"), "build", "."]
    done = subprocess.run(command, cwd=own, text=True, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    made = place / "jupyter_privguard" / "labextension"
    return {str(path.relative_to(made)): _sha256(path) for path in made.rglob("*") if path.is_file()}
