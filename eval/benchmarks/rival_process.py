"""`python -m eval.benchmarks.rival_process NAME FOLDER MODEL`: one rival in a process of its own, so that its memory is its own.

Reads one JSON request per line and answers each with one line: {"index": [[key, title, text], …]} → {"seconds", "cpu"},
{"search": question, "k": 10} → {"seconds", "found"}, {"memory": true} → {"mb"}. What libraries print goes to stderr.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from eval.benchmarks.rivals import RIVALS, Rival
from eval.errors import MissingExtra
from knowledge.ingestion.collection import Item


def main(name: str, folder: Path, model: Path) -> None:
    """Serve requests until stdin ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        rival = RIVALS[name](folder, model)
    except MissingExtra as error:
        print(json.dumps({"error": str(error)}), file=answers)
        return
    print(json.dumps({"ready": name}), file=answers)
    for line in sys.stdin:
        print(json.dumps(_answer(rival, json.loads(line)), ensure_ascii=False), file=answers)


def _answer(rival: Rival, request: dict[str, Any]) -> dict[str, object]:
    if "memory" in request:
        import psutil

        return {"mb": psutil.Process().memory_info().rss / 2**20}
    items = [Item(*fields) for fields in request.get("index", ())]
    start, cpu = time.perf_counter(), time.process_time()
    if items:
        rival.index(items)
        return {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    found = rival.search(request["search"], request["k"])
    return {"seconds": time.perf_counter() - start, "found": found}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
