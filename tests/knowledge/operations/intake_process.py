"""Run by test_intake_workers as a process of its own: works on the queue until it is killed, slowly."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from small_library import HashEncoder, open_library

from knowledge.operations.upload_worker import Intake


class SlowEncoder(HashEncoder):
    """Takes its time, so that it can be killed in the middle."""

    def embed_documents(self, texts):  # type: ignore[no-untyped-def]
        time.sleep(0.02)
        return super().embed_documents(texts)


if __name__ == "__main__":
    data, url = Path(sys.argv[1]), sys.argv[2] or None
    Intake(open_library(data, SlowEncoder(), url=url)).start(receives=False)
    print("ready", flush=True)
    time.sleep(600)
