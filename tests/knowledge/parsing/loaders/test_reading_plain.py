"""Plain text: whole paragraphs in lines, or lines cut at one width."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.parsing.loaders import read

SENTENCE = "各单位应当建立健全图书借阅登记制度，指定专人负责管理，定期清点核对，做到账物相符，并按年度向主管部门报告。"


def lines(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "文件.txt"
    path.write_text(text, encoding="utf-8")
    return read(path).text.split("\n")


def cut(text: str, size: int) -> str:
    return "\n".join(text[start : start + size] for start in range(0, len(text), size))


def test_lines_are_paragraphs(tmp_path: Path) -> None:
    written = ["关于读书的发言", "尊敬的各位老师：", SENTENCE, "一、多读书", SENTENCE * 2, "谢谢大家"]
    assert lines(tmp_path, "\n".join(written)) == written


@pytest.mark.parametrize("size", [30, 36, 45])
def test_text_cut_at_one_width_is_put_together_by_its_indents(size: int, tmp_path: Path) -> None:
    written = [f"第{number}条　{SENTENCE * 2}" for number in "一二三"]
    assert lines(tmp_path, "\n".join(cut(f"\u3000\u3000{line}", size) for line in written)) == written


def test_text_cut_at_one_width_is_put_together_by_its_empty_lines(tmp_path: Path) -> None:
    written = [SENTENCE * 2, SENTENCE * 3, SENTENCE]
    assert lines(tmp_path, "\n\n".join(cut(line, 35) for line in written)) == written


def test_a_number_on_its_own_line_comes_to_its_words(tmp_path: Path) -> None:
    assert lines(tmp_path, "第一条\n为了规范管理，制定本办法。\n二、\n要精简会议。") == [
        "第一条　为了规范管理，制定本办法。",
        "二、要精简会议。",
    ]


def test_stars_that_hide_names_are_wording(tmp_path: Path) -> None:
    assert lines(tmp_path, "尊敬的**校长，**老师：") == ["尊敬的**校长，**老师："]
