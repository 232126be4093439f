"""A benchmark's passages in the real storage."""

from __future__ import annotations

from pathlib import Path

from small_library import HashEncoder, open_library

from knowledge.ingestion.collection import Item
from knowledge.operations.check import check
from knowledge.text.tokenizer import tokenize


def test_a_collection_is_searched_like_any_document_and_found_by_its_keys(tmp_path: Path) -> None:
    encoder = HashEncoder()
    library = open_library(tmp_path / "data", encoder)
    items = [Item(f"a{number}", f"规定第{number}条", f"第{number}类图书由阅览室登记。") for number in range(600)]
    steps: list[tuple[int, int]] = []
    document_id = library.add_collection("bench", items, lambda done, total: steps.append((done, total)))
    assert steps == [(256, 600), (512, 600), (600, 600)]
    assert encoder.calls == 600
    document = library.document(document_id)
    assert document.passages == 600
    text = library.text(document.version_id)
    assert all(text[p.start : p.end] == p.text for p in library.passages(document.version_id))
    [(best, _)] = library.lexical.search(tokenize("规定第377条"), 1)
    assert library.get_passages([best])[best][0].address == "a377"
    [(nearest, _)] = library.dense.search(encoder.embed_query("规定第42条\n第42类图书由阅览室登记。"), 1)
    assert library.get_passages([nearest])[nearest][0].address == "a42"
    assert [finding for finding in check(library) if finding.wrong and finding.what != "原件"] == []
    library.close()
