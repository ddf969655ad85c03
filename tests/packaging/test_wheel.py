"""The wheel brings everything, built: who installs it needs no Node and enables nothing by hand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
EXTENSION = "share/jupyter/labextensions/jupyter-privguard"


def run(*command: str | Path, env: dict[str, str], cwd: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], env=env, cwd=cwd, text=True, capture_output=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this working tree."""
    out = tmp_path_factory.mktemp("wheel")
    env = {**os.environ, "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"}
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, env=env, cwd=out)
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def contents(wheel: Path) -> dict[str, bytes]:
    """File name to content; what goes to share/ and etc/ without its ``….data/data/``."""
    with zipfile.ZipFile(wheel) as archive:
        return {re.sub(r"^[^/]+\.data/data/", "", name): archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The Python of an environment into which only the wheel was installed, and an environment without Node.

    Its dependencies come from the environment of the tests, by a path that makes nothing else of it visible.
    """
    folder = tmp_path_factory.mktemp("empty")
    venv = folder / "venv"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "PYTHON", "PIP_"))}
    env = {**kept, "HOME": str(folder), "PATH": str(venv / "bin"), "VIRTUAL_ENV": str(venv)}
    run(sys.executable, "-m", "venv", "--without-pip", venv, env=env, cwd=folder)
    python = venv / "bin" / "python"
    assert shutil.which("node", path=env["PATH"]) is None
    pip = (sys.executable, "-m", "pip", "--python", python)
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, env=env, cwd=folder)
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", env=env, cwd=folder).strip()
    (Path(site) / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python, env


def test_lab_finds_the_panel_enabled(installed: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    python, env = installed

    listed = run(python, TOOLS / "jupyter-labextension", "list", env=env, cwd=tmp_path)

    line = next(line for line in re.sub(r"\x1b\[\d+m", "", listed).splitlines() if "jupyter-privguard" in line)
    assert re.search(r"jupyter-privguard v\S+ enabled OK", line)


def test_the_server_finds_its_extension_enabled(installed: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    python, env = installed

    listed = re.sub(
        r"\x1b\[\d+m", "", run(python, TOOLS / "jupyter-server", "extension", "list", env=env, cwd=tmp_path)
    )

    assert re.search(r"jupyter_privguard\s+enabled", listed)
    assert re.search(r"jupyter_privguard\s+\S+\s+OK", listed)


def test_the_package_is_imported_from_the_environment(installed: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    python, env = installed

    where = run(python, "-c", "import jupyter_privguard as p; print(p.__file__)", env=env, cwd=tmp_path)

    assert Path(where.strip()).is_relative_to(python.parents[1])


def test_the_panel_in_the_wheel_is_a_release(contents: dict[str, bytes]) -> None:
    """Development builds hold source maps and paths of the machine that made them."""
    bundle = [name for name in contents if name.startswith(EXTENSION)]

    assert f"{EXTENSION}/install.json" in bundle
    assert f"{EXTENSION}/static/style.js" in bundle
    assert not [name for name in contents if name.endswith((".map", "build_log.json", ".tsbuildinfo"))]
    assert not [name for name in contents if str(ROOT).encode() in contents[name]]
    assert not [name for name in contents if name.startswith("jupyter_privguard/labextension/")]


def test_the_wheel_brings_the_demo_notebooks_and_no_leftovers(contents: dict[str, bytes]) -> None:
    own = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    brought = {name.removeprefix("jupyter_privguard/demo/notebooks/") for name in contents if name.endswith(".ipynb")}

    assert brought == own
    assert own
    assert not [
        name for name in contents if "__pycache__" in name or "node_modules" in name or "checkpoint.ipynb" in name
    ]
    assert not [
        name for name in contents if name.split("/")[0] in ("tests", "bench", "docs", "notebooks", "labextension")
    ]
