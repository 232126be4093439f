"""Run by test_kill.py as a process of its own: adds a folder and says each document once it is stored."""

from __future__ import annotations

import sys
from pathlib import Path

from small_library import open_library

if __name__ == "__main__":
    library = open_library(Path(sys.argv[1]))
    library.add(
        [Path(sys.argv[2])],
        publish=True,
        on_progress=lambda step: print(step.added.document_id, Path(step.added.path).name, flush=True),
    )
    print("done", flush=True)
