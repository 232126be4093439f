"""Files are read and archives opened in a process of its own, within limits of time and memory, so that none stops the next.

One process reads many files, since starting one takes a second; it is replaced when a file has broken it.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, TypeVar

from knowledge.errors import KnowledgeError, ReadingError, UnsafeFile
from knowledge.ingestion.reading.prepare import Incoming, understood
from knowledge.ingestion.unpacking import Unpacked, unpacked
from knowledge.parsing.loaders.pdf import ocr
from knowledge.storage.new_version import NewVersion

SECONDS: Final = 60.0
MEMORY: Final = 1 << 30  # bytes that reading one file may take
_OCR_FACTOR: Final = 10  # recognising a scanned page takes about a second
_OCR_MEMORY: Final = 3  # times the memory: its networks work on a whole page
_START_SECONDS: Final = 300.0  # for starting a process on a busy machine
_MOST_FILES: Final = 500  # after which a process is replaced, so that nothing adds up
_POLITE: Final = 5  # whoever asks a question meanwhile goes first, three times out of four
_LOOK_UP: Final = 0.2  # seconds between two looks at whether somebody wants to stop
_TAKEN: Final = "taken"
_Result = TypeVar("_Result")


class Stopped(KnowledgeError):
    """Somebody did not want to wait for the file any longer."""


class _NotTaken(Exception):
    """The process ended before it looked at the file, which is not to blame."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class _Task:
    """What a process is asked to do: a function that it imports, for the file called `name`, within `seconds`."""

    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    name: str
    seconds: float


class ReadingProcess:
    """Reads files elsewhere. Safe to share between threads: two that read at a time have a process each."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._idle: list[_Child] = []
        self._lock = threading.Lock()

    def understood(self, file: Incoming, sha256: str, stopped: Callable[[], bool] = _never) -> NewVersion:
        """As `knowledge.ingestion.reading.prepare.understood`. Raises what that raises, UnsafeFile for a file beyond the limits,
        and Stopped as soon as `stopped` says so."""
        return self._done(understood, (file, sha256), file.file_name, self._limit(file), stopped)

    def unpacked(self, archive: Path, folder: Path, name: str, stopped: Callable[[], bool] = _never) -> Unpacked:
        """As `knowledge.ingestion.unpacking.unpacked`. Raises as `understood` does."""
        return self._done(unpacked, (archive, folder, name), name, self._seconds, stopped)

    def _done(
        self,
        work: Callable[..., _Result],
        arguments: tuple[Any, ...],
        name: str,
        seconds: float,
        stopped: Callable[[], bool],
    ) -> _Result:
        child, result = self._asked(_Task(work, arguments, name, seconds), stopped)
        with self._lock:
            keeps = child.alive and child.asked < _MOST_FILES and not self._idle
            if keeps:
                self._idle.append(child)
        if not keeps:
            child.end()
        if isinstance(result, Exception):
            raise result
        done: _Result = result
        return done

    def _asked(self, task: _Task, stopped: Callable[[], bool]) -> tuple[_Child, Any]:
        """The process that did the task, and what it gave."""
        while True:
            child = self._child()
            waited = child.asked > 0
            try:
                return child, child.ask(task, stopped)
            except (
                _NotTaken
            ) as error:  # one that waited for work may have been ended meanwhile; a new one is tried once
                child.end()
                if not waited:
                    raise ReadingError(
                        f"读取《{task.name}》的程序没有启动成功，请检查内存和磁盘空间后再试。"
                    ) from error
            except BaseException:
                child.end()
                raise

    def close(self) -> None:
        """End the processes that wait for work."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _child(self) -> _Child:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.alive:
                    return child
                child.end()
        return _Child(self._memory)

    def _limit(self, file: Incoming) -> float:
        scanned = file.path.suffix.lower() == ".pdf" and ocr.available()
        return self._seconds * (_OCR_FACTOR if scanned else 1)


class _Child:
    """One process and the thread that listens to it."""

    def __init__(self, memory: int) -> None:
        # The child finds our modules where we found them, wherever it was started.
        code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve({memory})"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # with the programs that it starts, and out of reach of a Ctrl-C
        )
        self.asked = 0
        self._memory = memory
        self._answers: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self._listen, name="reading", daemon=True).start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, task: _Task, stopped: Callable[[], bool]) -> Any:
        """What the task gave, or the error that it came to. Raises ReadingError, UnsafeFile, Stopped, _NotTaken."""
        self.asked += 1
        name, seconds = task.name, task.seconds
        try:
            pickle.dump(task, self._in)
            self._in.flush()
        except OSError as error:
            raise _NotTaken from error
        if self._answer(time.monotonic() + _START_SECONDS, stopped) != _TAKEN:
            raise _NotTaken
        answer = self._answer(time.monotonic() + seconds, stopped)
        if answer is _Late:
            raise UnsafeFile(f"《{name}》读了 {seconds:.0f} 秒还没有读完，已经停止，请拆分或另存为普通文件后再上传。")
        if answer is None:
            raise self._broken(name)
        return answer

    def end(self) -> None:
        """Kill the process and what it started."""
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):
            self._in.close()

    @property
    def _in(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _answer(self, until: float, stopped: Callable[[], bool]) -> Any:
        while True:
            try:
                return self._answers.get(timeout=max(0.0, min(_LOOK_UP, until - time.monotonic())))
            except queue.Empty:
                if stopped():
                    raise Stopped("已停止读取。") from None
                if time.monotonic() >= until:
                    return _Late

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as answers:
            while True:
                try:
                    self._answers.put(pickle.load(answers))
                except Exception:  # it ended, or died in the middle of an answer
                    self._answers.put(None)
                    return

    def _broken(self, name: str) -> ReadingError:
        size = f"{self._memory / (1 << 30):.3g} GB"
        return ReadingError(f"读取《{name}》时内存超过 {size} 或文件已损坏，没有读成，请拆分或重新导出后再上传。")


class _Late:
    """Stands for an answer that did not come in time."""


def serve(memory: int) -> None:
    """The other side: answers requests from standard input until it ends. To be called in a process of its own."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get among the answers
    _limit_memory(memory)
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    while True:
        try:
            task: _Task = pickle.load(requests)
        except EOFError:
            return
        _send(answers, _TAKEN)
        if hasattr(signal, "alarm"):
            signal.alarm(int(task.seconds) + 30)  # ends this process when nobody is there any more to do so
        _send(answers, _result(task, memory))
        if hasattr(signal, "alarm"):
            signal.alarm(0)


def _result(task: _Task, memory: int) -> Any:
    try:
        return task.work(*task.arguments)
    except (KnowledgeError, OSError) as error:
        error.__cause__ = error.__context__ = None  # causes of other libraries need not survive the way
        return error
    except MemoryError:
        size = f"{memory / (1 << 30):.3g} GB"
        return UnsafeFile(f"读取《{task.name}》要用的内存超过 {size}，没有读成，请拆分后再上传。")
    except RecursionError:
        return UnsafeFile(f"《{task.name}》的结构套得太深，没有读成，请另存为普通文件后再上传。")
    except Exception as error:
        told = f"{type(error).__name__}：{error}".replace("。", "")
        return ReadingError(f"读取《{task.name}》时出现意外错误（{told}），请把这个文件反馈给维护人员。")


def _send(answers: IO[bytes], answer: object) -> None:
    pickle.dump(answer, answers)
    answers.flush()


def _limit_memory(memory: int) -> None:
    """Let this process take `memory` bytes more than it has; where the system knows no such limit, time alone counts."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + memory
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    except (ImportError, OSError, ValueError):
        return


_shared: tuple[int, ReadingProcess] | None = None  # with the number of the process that made it
_sharing = threading.Lock()


def shared() -> ReadingProcess:
    """The one that everything in this program reads with; a forked process has one of its own, or it would end its parent's."""
    global _shared
    with _sharing:
        if _shared is None or _shared[0] != os.getpid():
            made = ReadingProcess(memory=MEMORY * (_OCR_MEMORY if ocr.available() else 1))
            atexit.register(made.close)
            _shared = os.getpid(), made
        return _shared[1]
