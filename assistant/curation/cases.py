"""评测题 that trainers save: `cases.jsonl` in the data folder, in the format of suites (DESIGN §9).

`xuesi kb learn` learns from them, `xuesi eval run <file>` asks them again.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.curated_answers.similarity import bare
from assistant.curation.entry_file import replace_file
from assistant.model import Message
from assistant.understanding.question import Kind, taken_in
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document
from knowledge.text.masking import mask

FILE: Final = "cases.jsonl"
_LONGEST_QUOTE: Final = 60  # characters: enough to find the place again, whatever the passages are then

#: The types of suites by the shape of the question; what has none is a situation.
_TYPES: Final[Mapping[Kind, str]] = {
    kind: str(kind) for kind in (Kind.ARTICLE, Kind.COMPARISON, Kind.DEFINITION, Kind.NUMBER, Kind.LIST, Kind.WHO)
}
SITUATION: Final = "situation"
NOT_IN_LIBRARY: Final = "not_in_library"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer stands: a passage of a document by its wording."""

    document: str
    edition: str
    address: str
    quote: str


class Cases:
    """The cases of one data folder. Safe to share between threads."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE
        self._lock = threading.Lock()

    def save(
        self,
        question: str,
        places: Sequence[Place],
        *,
        kind: Kind = Kind.OTHER,
        history: Sequence[Message] = (),
        missing: str | None = None,
    ) -> str:
        """Keep a question with the places that answer it, or without any as one that must be refused; the same question
        again takes the place of the earlier one. Returns its id. Raises InvalidQuestion."""
        question = mask(taken_in(question))
        number = f"own-{hashlib.sha256(bare(question).encode()).hexdigest()[:12]}"
        case = {
            "id": number,
            "type": _TYPES.get(kind, SITUATION) if places else NOT_IN_LIBRARY,
            "question": question,
            "history": [{"role": one.role, "content": mask(one.content)} for one in history],
            "answerable": bool(places),
            "as_of": None,
            "evidence": [
                {"document": one.document, "edition": one.edition, "address": one.address, "quote": one.quote}
                for one in places
            ],
            "key_points": [],
            "forbidden": [],
            **({"missing_document": missing} if missing and not places else {}),
        }
        with self._lock:
            lines = [line for line in self._lines() if _id_of(line) != number]
            replace_file(self._path, "\n".join([*lines, json.dumps(case, ensure_ascii=False)]) + "\n")
        return number

    def questions(self) -> list[str]:
        """What is kept, oldest first."""
        found = (json.loads(line) for line in self._lines())
        return [str(case["question"]) for case in found if isinstance(case, dict) and "question" in case]

    def _lines(self) -> list[str]:
        if not self._path.exists():
            return []
        return [line for line in self._path.read_text(encoding="utf-8").splitlines() if line.strip()]


def place_of(kb: KnowledgeBase, document: Document, start: int, end: int) -> Place:
    """The place of a passage or quote at `start:end` of the document's newest version."""
    text = kb.text(document.version_id)[start:end].strip()
    line = max(text.splitlines(), key=len, default="")
    address = next((one.address for one in kb.passages(document.version_id) if one.start <= start < one.end), "")
    return Place(document.card.title, document.card.edition or "", address, line[:_LONGEST_QUOTE])


def _id_of(line: str) -> object:
    try:
        stored = json.loads(line)
    except ValueError:
        return None
    return stored.get("id") if isinstance(stored, dict) else None
