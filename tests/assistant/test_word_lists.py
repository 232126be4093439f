"""Every entry of every word list catches what it is there for, spares what only looks like it, and is not hidden by another."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from knowledge.text.normalise import searchable
from knowledge.text.word_lists import Entry, WordList, WordLists, load

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for package in ("knowledge", "assistant") for path in (ROOT / package).glob("**/lists/*.yaml"))


def lists_of(path: Path) -> dict[str, WordList]:
    """The lists of a file as the module beside it reads them."""
    module = import_module(".".join([*path.parent.parent.relative_to(ROOT).parts, path.stem]))
    read: WordLists = module.LISTS
    return dict(read.lists)


def as_read(sentence: str) -> tuple[str, str]:
    """Some lists look for their words in the text as it stands, most in its searchable copy."""
    return sentence, searchable(sentence)


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def word_lists(request: pytest.FixtureRequest) -> list[WordList]:
    return list(lists_of(request.param).values())


def test_every_entry_catches_its_sentence_and_is_hidden_by_none_before_it(word_lists: list[WordList]) -> None:
    def catches(one: WordList, entry: Entry) -> bool:
        own = re.compile(entry.words)
        return any(
            (found := own.match(sentence, match.start())) is not None and found.end() == match.end()
            for sentence in as_read(entry.catches)
            for match in re.finditer(one.words, sentence)
        )

    assert not [(one.name, entry.words) for one in word_lists for entry in one.entries if not catches(one, entry)]


def test_every_entry_spares_a_sentence_that_is_much_like_it(word_lists: list[WordList]) -> None:
    for one in word_lists:
        for entry in one.entries:
            assert not any(re.search(entry.words, sentence) for sentence in as_read(entry.spares)), entry.spares
            assert len(set(re.findall("[\u4e00-\u9fff]", entry.catches)) & set(entry.spares)) >= 2, entry.spares


def test_every_file_of_words_is_read_by_a_module() -> None:
    assert len(FILES) >= 14
    assert all(lists_of(path) for path in FILES)


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("ban:\n  - {words: 不得, reason: forbidden, catches: 不得请客}\n", "ban, entry 1: an entry has the texts"),
        ("ban:\n  - {words: '(不得', reason: forbidden, catches: 不得请客, spares: 请客}\n", "entry 1: missing"),
    ],
)
def test_a_broken_entry_is_named(tmp_path: Path, written: str, complaint: str) -> None:
    path = tmp_path / "words.yaml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(complaint)):
        load(path)


def test_a_name_in_brackets_stands_for_a_pattern_of_the_grammar(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text("ban:\n  - {words: '[<ITEM>]条', reason: forbidden, catches: 三条, spares: 条}\n", encoding="utf-8")
    assert re.search(load(path, ITEM="一二三")["ban"].words, "第三条")
