"""The first start of the web application fills the library, and says how far it is: it takes a minute or two."""

from __future__ import annotations

import time
from pathlib import Path

from knowledge.cli.console import say
from knowledge.ingestion.ingest import Step
from knowledge.knowledge_base import KnowledgeBase

FOLDER = Path(__file__).parents[1] / "library"  # original study guides, which come with the program
EVERY = 3.0  # seconds between two lines


def fill_when_new(knowledge_base: KnowledgeBase, folder: Path = FOLDER, every: float = EVERY) -> None:
    """Bring the starter library into a data folder that has never held a document."""
    if knowledge_base.generation:
        return
    say("第一次启动：装入自带的学习导读，大约一两分钟……")
    told = time.monotonic()

    def tell(step: Step) -> None:
        nonlocal told
        if time.monotonic() - told >= every or step.done == step.total:
            told = time.monotonic()
            say(f"已装入 {step.done}/{step.total} 篇")

    knowledge_base.add([folder], publish=True, on_progress=tell)
