"""`xuesi worker` as a process: it takes what `serve --no-intake` left, and stops when it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_library import write

from assistant.cli.settings import Settings
from knowledge.operations.upload_queue import JobState
from knowledge.operations.upload_worker import Intake

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def test_the_worker_reads_what_waits_and_ends_at_a_signal(tmp_path: Path) -> None:
    import app

    data = tmp_path / "data"
    wiring = app.Wiring(Settings(data=data))
    intake = Intake(wiring.knowledge_base())
    text = "# 阅览室管理办法\n\n第一条　借书由阅览室负责登记。\n"
    job = intake.receive(write(tmp_path, "a.md", text), "b1", "a.md", "teacher")
    command = [sys.executable, "-m", "app", "worker", "--data", str(data)]
    worker = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 120
        while intake.jobs.get(job.id).state is not JobState.DONE:
            assert time.monotonic() < until
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=60) == 0
        assert worker.stderr is not None
        assert "正在处理导入的文件" in worker.stderr.read()
    finally:
        worker.kill()
        worker.wait()
        wiring.close()
