"""Who takes the package out again has the Jupyter from before."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.packaging.test_wheel import run, wheel

__all__ = ["wheel"]


def _files(*places: Path) -> set[str]:
    """Every file below ``places``, but what Python writes beside modules that others own."""
    return {
        str(path)
        for place in places
        for path in place.rglob("*")
        if not path.is_dir() and ("__pycache__" not in path.parts or "jupyter_privguard" in str(path))
    }


def test_after_disable_and_uninstall_every_file_is_gone_but_log_and_keys(wheel: Path, tmp_path: Path) -> None:
    venv, home = tmp_path / "venv", tmp_path / "home"
    home.mkdir()
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTHON", "PIP_", "IPYTHON", "PRIVGUARD"))
    }
    env = {**kept, "HOME": str(home), "PATH": f"{venv / 'bin'}", "VIRTUAL_ENV": str(venv)}
    run(sys.executable, "-m", "venv", "--without-pip", venv, env=env, cwd=tmp_path)
    python, privguard = venv / "bin" / "python", venv / "bin" / "privguard"
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", env=env, cwd=tmp_path).strip()
    (Path(site) / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    pip = (sys.executable, "-m", "pip", "--python", python)
    before = _files(venv, home)

    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, env=env, cwd=tmp_path)
    run(privguard, "enable", env=env, cwd=tmp_path)
    run(privguard, "keys", "init", env=env, cwd=tmp_path)
    run(python, "-m", "IPython", "-c", "1 + 1", env=env, cwd=tmp_path)
    between = _files(venv, home)
    said = run(privguard, "disable", env=env, cwd=tmp_path)
    run(*pip, "uninstall", "--quiet", "--yes", "jupyter-privguard", env=env, cwd=tmp_path)
    after = _files(venv, home)

    for made in (
        "etc/jupyter/jupyter_server_config.d/jupyter_privguard.json",
        "startup/00-privguard.py",
        "install.json",
    ):
        assert any(name.endswith(made) for name in between), made
    own = home / ".local" / "share" / "privguard"
    assert f"{own} stays, with log and keys" in said
    assert before <= after
    left = {name for name in after - before if not name.startswith(str(own))}
    assert not {name for name in left if "privguard" in name}
    assert left <= {name for name in left if name.startswith(str(home / ".ipython"))}, "only what IPython itself makes"
    assert any(name.startswith(str(own / "keys")) for name in after), "evidence is not taken away"
    assert not [place for place in (venv / "share", venv / "etc") if place.exists() and _files(place)]


@pytest.mark.parametrize("enabled", [True, False])
def test_disable_says_what_stays_where_there_is_something(
    enabled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {**os.environ, "PRIVGUARD_HOME": str(tmp_path / "home"), "IPYTHONDIR": str(tmp_path / "ipython")}

    def said(*words: str) -> str:
        command = [sys.executable, "-m", "jupyter_privguard", *words]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True).stderr

    if enabled:
        said("enable")
    assert "stays" not in said("disable")
    (tmp_path / "home").mkdir(mode=0o700)
    assert f"{tmp_path / 'home'} stays, with log and keys" in said("disable")
