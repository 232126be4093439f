"""Readers may open older texts of a document, but only those that were before readers once."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from small_library import open_library, regulation, write

from knowledge.errors import NotInLibrary
from knowledge.storage.database import FILE_NAME


def test_a_draft_that_was_replaced_before_it_was_published_stays_closed(tmp_path: Path) -> None:
    library = open_library(tmp_path / "data")
    versions = []
    for subject in ("初稿", "改稿", "定稿"):
        path = write(tmp_path / "in", "a.md", regulation("阅览规定", [f"{subject}的借阅"], edition="2020"))
        [added] = library.add([path])
        assert added.document_id
        versions.append(library.document(added.document_id).version_id)
    for version in versions:
        with pytest.raises(NotInLibrary):
            library.published_version(version)
    library.publish(added.document_id)
    for version in versions[:2]:
        with pytest.raises(NotInLibrary):
            library.published_version(version)
    write(tmp_path / "in", "a.md", regulation("阅览规定", ["新版的借阅"], edition="2020"))
    library.add([tmp_path / "in" / "a.md"])
    newest = library.document(added.document_id).version_id
    for version in (versions[2], newest):
        assert library.published_version(version).version_id == version
    library.close()


@pytest.mark.parametrize("number", [2**63, 10**30, -1, -(2**63) - 1, 0])
def test_a_number_that_no_id_can_be_is_not_in_the_library(tmp_path: Path, number: int) -> None:
    library = open_library(tmp_path)
    for look in (library.document, library.history, library.text, library.document_of_version, library.publish):
        with pytest.raises(NotInLibrary):
            look(number)
    library.close()


def test_what_an_earlier_release_published_or_quoted_stays_open(tmp_path: Path) -> None:
    library = open_library(tmp_path / "data")
    ids = []
    for number in range(2):
        path = write(tmp_path / "in", f"{number}.md", regulation(f"第{number}号规定", ["借书"], edition="2020"))
        ids.append(library.add([path], publish=number == 0)[0].document_id)
    newest = [library.document(i or 0).version_id for i in ids]
    library.close()
    with sqlite3.connect(tmp_path / "data" / FILE_NAME) as raw:  # as the release before left it
        raw.execute("ALTER TABLE version DROP COLUMN published_at")
        raw.execute("ALTER TABLE document DROP COLUMN valid_until")
        raw.execute("ALTER TABLE intake_job DROP COLUMN attempts")
        raw.execute('ALTER TABLE repeal DROP COLUMN "on"')
        raw.execute("UPDATE knowledge_version SET version_num = '0002'")
    library = open_library(tmp_path / "data")
    assert library.published_version(newest[0])
    with pytest.raises(NotInLibrary):
        library.published_version(newest[1])
    library.close()
