"""`xuesi ask --batch`: a bad line is an error object in its place, and the others are answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.answerer import Answerer
from assistant.cli.ask import answer_batch
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.lexicon import Lexicon


class FlatEncoder:
    """Everything is as near to everything."""

    name, dimension = "flat", 4

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full((len(texts), 4), 0.5, dtype=np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return np.full(4, 0.5, dtype=np.float32)


BAD = [
    "not json",
    "[1, 2]",
    '{"id": "no-question"}',
    '{"id": "number", "question": 5}',
    '{"id": "half", "question": "半个字\\ud800符"}',
    '{"id": "half-before", "question": "问", "history": [{"role": "user", "content": "\\udfff"}]}',
    '{"id": "empty", "question": "  "}',
    '{"id": "long", "question": "' + "长" * 2001 + '"}',
    '{"id": "history", "question": "问", "history": [5]}',
    "[" * 100_000,
    '{"id": ' + "9" * 5000 + ', "question": "问"}',
    '{"id": "bytes", "question": "' + b"\xff\xfe".decode("utf-8", "surrogateescape") + '"}',
]


def test_one_bad_line_stops_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register = Register.load()
    library = KnowledgeBase.open(tmp_path, FlatEncoder, register=register)
    good = '{"id": "good", "question": "年休假几天"}'
    lines = [line for bad in BAD for line in (bad, good, "")]
    answer_batch(Answerer(library, register, Lexicon.load()), lines, None, None)
    library.close()
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(said) == 2 * len(BAD)
    for number, (bad, answered) in enumerate(zip(said[::2], said[1::2], strict=True)):
        assert bad["error"].endswith("。"), BAD[number][:80]
        assert bad["line"] == 3 * number + 1
        assert answered["id"] == "good"
        assert answered["mode"] == "refuse"
