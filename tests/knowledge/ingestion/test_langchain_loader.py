"""Official documents as LangChain documents: cut and identified as in the library, with offsets that hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_library import open_library, regulation, write

from knowledge.errors import EmptyFile, UnsupportedFormat
from knowledge.ingestion.langchain_loader import OfficialDocumentLoader

TEXT = regulation("阅览室管理办法", ["借书", "还书"], edition="2023", effective_on="2023-05-01")


def test_passages_are_those_that_the_library_makes(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", TEXT)
    library = open_library(tmp_path / "data")
    [added] = library.add([path])
    stored = library.passages(library.document(added.document_id or 0).version_id)
    library.close()
    loaded = OfficialDocumentLoader(path).load()
    assert [(one.metadata["address"], one.metadata["start"], one.page_content) for one in loaded] == [
        (passage.address, passage.start, passage.text) for passage in stored
    ]
    assert len({one.id for one in loaded}) == len(loaded)


def test_a_whole_text_comes_with_its_card_and_its_outline(tmp_path: Path) -> None:
    [whole] = OfficialDocumentLoader(str(write(tmp_path, "a.md", TEXT)), per="text").load()
    about = whole.metadata
    assert (about["title"], about["edition"], about["effective_on"]) == ("阅览室管理办法", "2023", "2023-05-01")
    starts = {section["path"]: whole.page_content[section["start"] :][:3] for section in about["outline"]}
    assert starts["第一条"] == "第一条"
    assert starts["第二条"] == "第二条"
    for passage in OfficialDocumentLoader(tmp_path / "a.md").lazy_load():
        assert whole.page_content[passage.metadata["start"] : passage.metadata["end"]] == passage.page_content


def test_a_folder_is_loaded_file_by_file(tmp_path: Path) -> None:
    write(tmp_path / "b", "second.md", regulation("食堂管理办法", ["用餐"]))
    write(tmp_path, "a.md", TEXT)
    write(tmp_path, "notes.xyz", "不是文件")
    titles = [one.metadata["title"] for one in OfficialDocumentLoader(tmp_path, per="text").lazy_load()]
    assert titles == ["阅览室管理办法", "食堂管理办法"]


def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match="empty"):
        OfficialDocumentLoader(write(tmp_path, "empty.md", "")).load()
    with pytest.raises(UnsupportedFormat, match="不支持"):
        OfficialDocumentLoader(write(tmp_path, "a.xyz", "文字")).load()
    with pytest.raises(ValueError, match="per"):
        OfficialDocumentLoader(tmp_path, per="page")  # type: ignore[arg-type]
