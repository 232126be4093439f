"""Curated answers, lists and cases go along with an exported library and come back as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.curated_answers.answers import CuratedAnswers
from assistant.curated_answers.still_valid import find_quote, standing
from assistant.curation.exchange import carried
from assistant.curation.lists import Kind, Lists
from knowledge.embeddings import Encoder
from knowledge.errors import ReadingError
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.operations.exchange import export, import_folder

WORDS = "读者一次最多借阅图书十册，借期六十日。"


def test_curated_answers_and_lists_come_back_in_another_library(
    kb: KnowledgeBase, encoder: Encoder, tmp_path: Path
) -> None:
    loans = next(one for one in kb.documents() if "借阅" in one.card.title)
    there = CuratedAnswers.open(kb.data)
    there.put("teacher", ["一次能借几本书", "最多借几册"], [find_quote(kb, loans.id, WORDS)], encoder, lead="请看规定")
    Lists(kb.data).put(Kind.ABBREVIATIONS, "借阅条例", loans.card.title)
    export(kb, tmp_path / "out", carried=carried(there, kb, lambda: encoder))
    assert yaml.safe_load((tmp_path / "out" / "curated.yaml").read_text("utf-8"))[0]["lead"] == "请看规定"

    other = KnowledgeBase.open(
        tmp_path / "other", lambda: encoder, register=Register.load(), today=lambda: date(2026, 7, 1)
    )
    other_file = tmp_path / "须知.md"
    other_file.write_text("# 阅览须知\n\n第一条　保持安静。\n", "utf-8")
    other.add([other_file])  # so that the ids of documents are not the same
    here = CuratedAnswers.open(other.data)
    for _ in range(2):  # the second time changes nothing
        import_folder(other, tmp_path / "out", carried=carried(here, other, lambda: encoder))
        [answer], [original] = here.every(), there.every()
        quote = answer.quotes[0]
        assert quote.document_id != loans.id
        assert other.text(quote.version_id)[quote.start : quote.end] == WORDS
        assert standing(answer, other).holds
        same = replace(answer, id=original.id, quotes=original.quotes)
        assert same == original
        assert [e.value for e in Lists(other.data).entries(Kind.ABBREVIATIONS) if e.key == "借阅条例"] == [
            loans.card.title
        ]
    (tmp_path / "out" / "curated.yaml").write_text("- questions: [问]\n", "utf-8")
    with pytest.raises(ReadingError, match=r"curated\.yaml"):
        import_folder(other, tmp_path / "out", carried=carried(here, other, lambda: encoder))
    there.close()
    here.close()
    other.close()
