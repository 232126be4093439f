"""What was written once is not asked for again, as long as nothing changed."""

from __future__ import annotations

from pathlib import Path

from assistant.generation.cache import FILE, KEPT_SECONDS, Cache, key_of

TOLD = ("model", "http://127.0.0.1/v1", "rules", "question")


def test_a_text_is_found_by_what_the_model_was_told(tmp_path: Path) -> None:
    Cache(tmp_path).put(key_of(*TOLD), "借期三十日[1]。")
    assert Cache(tmp_path).get(key_of(*TOLD)) == "借期三十日[1]。"


def test_any_change_of_what_the_model_is_told_misses(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.put(key_of(*TOLD), "借期三十日[1]。")
    for place in range(len(TOLD)):
        changed = [*TOLD]
        changed[place] += "。"
        assert kept.get(key_of(*changed)) is None


def test_what_is_old_is_written_again(tmp_path: Path) -> None:
    Cache(tmp_path, now=lambda: 0.0).put("a", "甲")
    assert Cache(tmp_path, now=lambda: KEPT_SECONDS - 1).get("a") == "甲"
    assert Cache(tmp_path, now=lambda: KEPT_SECONDS + 1).get("a") is None


def test_only_so_many_are_kept_and_the_unused_go_first(tmp_path: Path) -> None:
    kept = Cache(tmp_path, kept=2)
    for key in "ab":
        kept.put(key, key)
    assert kept.get("a") == "a"
    kept.put("c", "c")
    assert [kept.get(key) for key in "abc"] == ["a", None, "c"]


def test_a_file_that_is_no_database_is_as_good_as_empty(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all, only some text that is long enough" * 20)
    kept = Cache(tmp_path)
    kept.put("a", "甲")
    assert kept.get("a") is None


def test_a_folder_that_is_not_there_is_as_good_as_empty(tmp_path: Path) -> None:
    assert Cache(tmp_path / "nowhere").get("a") is None


def test_neither_question_nor_sources_can_be_read_in_the_file(tmp_path: Path) -> None:
    Cache(tmp_path).put(key_of("m", "a", "规则", "某人的问题"), "答")
    assert "某人的问题".encode() not in (tmp_path / FILE).read_bytes()
