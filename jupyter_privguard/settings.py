"""The only reader of PRIVGUARD_* variables and the only maker of state folders.

Folders are 0700 and files 0600 whatever the umask. A looser folder or file of the user's own is
tightened, and said; somebody else's is refused.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import NamedTuple

from .errors import StateError, what_now

__all__ = [
    "STARTUP",
    "Home",
    "account_name",
    "account_of",
    "kernel_notebook",
    "passphrase_file",
    "policy_paths",
    "refuse_analytics",
    "startup_file",
]

STARTUP = '''"""Written by `privguard enable`; `privguard disable` removes it."""
get_ipython().extension_manager.load_extension("jupyter_privguard")
'''
"""The file that IPython runs before the first cell of a kernel, whose guard it loads."""


class Home(NamedTuple):
    """Where keys and log live."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """PRIVGUARD_HOME, else the platform's user data folder. Touches nothing."""
        named = cls.named()
        if named is not None:
            return named
        from platformdirs import user_data_dir

        return cls(Path(user_data_dir("privguard", appauthor=False)))

    @classmethod
    def named(cls) -> Home | None:
        """PRIVGUARD_HOME, or None where it is not set. Touches nothing."""
        folder = os.environ.get("PRIVGUARD_HOME")
        return cls(Path(folder).expanduser().absolute()) if folder else None

    @property
    def keys(self) -> Path:
        """Folder of the file key provider."""
        return self.root / "keys"

    @property
    def vault(self) -> Path:
        """Folder of what handles stand for, sealed."""
        return self.root / "vault"

    @property
    def log(self) -> Path:
        """Folder of the log's database."""
        return self.root / "log"

    @property
    def server(self) -> Home:
        """The home of the Jupyter server's own keys and log: PRIVGUARD_SERVER_HOME, else a folder in this one."""
        folder = os.environ.get("PRIVGUARD_SERVER_HOME")
        return Home(Path(folder).expanduser().absolute() if folder else self.root / "server")

    @property
    def approvals(self) -> Path:
        """Folder of requests and answers, where the policy names none that accounts share."""
        return self.root / "approvals"

    @property
    def domains(self) -> Path:
        """The file of the domains that data sets are pinned to."""
        return self.root / "domains.json"

    def make(self) -> list[str]:
        """Create what is missing and tighten what is loose; the sentences to tell the user.

        Raises StateError when the folder cannot be made, is not a folder or is somebody else's.
        """
        notices: list[str] = []
        for folder in (self.root, self.keys, self.log):
            notices += _own_folder(folder)
        return notices + self.tighten()

    def tighten(self) -> list[str]:
        """Tighten what is loose among what is there, and make nothing; the sentences to tell the user.

        StateError for what is somebody else's, cannot be tightened, or is no folder.
        """
        self.check_is_folder()
        if not self.root.is_dir():
            return []
        return [notice for path in (self.root, *sorted(self.root.rglob("*"))) for notice in _tighten(path)]

    def check_is_folder(self) -> None:
        """Touches nothing. StateError where something that is no folder has its name."""
        if os.path.lexists(self.root) and not self.root.is_dir():
            raise _no_folder(self.root)

    def check(self) -> None:
        """Touches nothing. StateError where nothing could be written, now or after ``make``."""
        nearest = next(path for path in (self.root, *self.root.parents) if os.path.lexists(path))
        if not nearest.is_dir():
            raise _no_folder(nearest)
        if nearest == self.root and os.name != "nt" and nearest.stat().st_uid != os.geteuid():
            raise _somebody_elses(nearest)
        # One after the other: what lies in a folder is seen only by who may enter it.
        for path in (nearest, self.keys, self.log):
            _check_writable(path)
        for path in self.log.glob("*.db"):
            _check_writable(path)


def _check_writable(path: Path) -> None:
    wanted = os.W_OK | os.X_OK if path.is_dir() else os.W_OK
    if os.path.lexists(path) and not os.access(path, wanted):
        raise StateError(f"privguard: {path} cannot be written; set PRIVGUARD_HOME to a folder that you can write.")


def _no_folder(path: Path) -> StateError:
    return StateError(f"privguard: {path} is not a folder; move it away or set PRIVGUARD_HOME.")


def _somebody_elses(path: Path) -> StateError:
    return StateError(f"privguard: {path} belongs to another account; set PRIVGUARD_HOME to a folder of your own.")


def _own_folder(folder: Path) -> list[str]:
    try:
        _make(folder, 0o700)
    except FileExistsError:
        raise _no_folder(folder) from None
    except OSError as error:
        now = what_now(error, "set PRIVGUARD_HOME to a folder that you can write")
        raise StateError(f"privguard: {folder} cannot be made ({error.strerror}); {now}.") from None
    return _tighten(folder)


def _make(folder: Path, mode: int = 0o777) -> None:
    """Make ``folder`` and what is missing above it, so that its owner can use them whatever the umask."""
    if folder.is_dir():
        return
    if not folder.parent.exists():
        _make(folder.parent)
    try:
        folder.mkdir(mode)
    except FileExistsError:
        if folder.is_dir():  # another process was quicker
            return
        raise
    if (made := stat.S_IMODE(folder.stat().st_mode)) & 0o700 != 0o700:
        folder.chmod(made | 0o700)


def _tighten(path: Path) -> list[str]:
    try:
        found = path.lstat()
    except FileNotFoundError:  # a database's -wal file may go while we look
        return []
    except OSError as error:
        raise StateError(f"privguard: {path} cannot be read ({error.strerror}).") from None
    if stat.S_ISLNK(found.st_mode) or os.name == "nt":
        return []
    if found.st_uid != os.geteuid():
        raise _somebody_elses(path)
    if not found.st_mode & 0o077:
        return []
    mode = 0o700 if stat.S_ISDIR(found.st_mode) else 0o600
    try:
        path.chmod(mode)
    except OSError as error:
        raise StateError(f"privguard: {path} is open to others and cannot be tightened ({error.strerror}).") from None
    return [f"privguard: tightened {path} to {mode:04o}"]


def policy_paths() -> tuple[Path | None, Path | None]:
    """The administrator's policy file if there is one, and the file PRIVGUARD_POLICY names.

    Neither need be readable, or exist: that is an error of the loader's, never a reason for a default.
    """
    named = os.environ.get("PRIVGUARD_POLICY")
    places = (Path("/etc/privguard/policy.yaml"), Path(sys.prefix) / "etc/privguard/policy.yaml")
    admin = next(filter(_may_be_there, places), None)
    return admin, Path(named) if named is not None else None


def _may_be_there(path: Path) -> bool:
    """Whether there is anything of this name, be it a link to nowhere, or nobody can tell."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def passphrase_file() -> Path | None:
    """The file, named by PRIVGUARD_PASSPHRASE_FILE, that holds the passphrase of the keys in its first line."""
    named = os.environ.get("PRIVGUARD_PASSPHRASE_FILE")
    return Path(named).expanduser() if named else None


def account_name() -> str:
    """The account this process runs under, from the operating system and no variable."""
    return os.getlogin() if os.name == "nt" else account_of(os.geteuid())


def account_of(number: int) -> str:
    """The account that the operating system knows by ``number``, as in the owner of a file."""
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container's anonymous account
        return str(number)


def kernel_notebook() -> str | None:
    """The notebook that a Jupyter server started this kernel for, relative to the server's folder."""
    return os.environ.get("JPY_SESSION_NAME") or None


def refuse_analytics() -> None:
    """Switch off what libraries might tell their makers; to be called before they are imported."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"


def startup_file() -> Path:
    """The file by which ``privguard enable`` loads the guard in every kernel of this user."""
    named = os.environ.get("IPYTHONDIR")
    root = Path(named).expanduser() if named else Path.home() / ".ipython"
    return root / "profile_default" / "startup" / "00-privguard.py"
