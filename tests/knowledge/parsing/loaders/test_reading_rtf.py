"""Rich text: words in code pages and in Unicode, numbers, tables, nothing that is deleted or hidden."""

from __future__ import annotations

from pathlib import Path

from knowledge.model import SourceText
from knowledge.parsing.loaders import read

FONTS = r"{\fonttbl{\f0\fnil\fcharset134 {\*\falt x}\'cb\'ce\'cc\'e5;}{\f1\fcharset0 Times;}{\f2\fcharset2 Symbol;}}"
HEAD = r"{\rtf1\ansi\ansicpg936\deff0" + FONTS


def gbk(words: str) -> str:
    """Words as old programs write them, byte by byte in hexadecimal."""
    return "".join(char if char < "\x80" else "".join(f"\\'{b:02x}" for b in char.encode("gb18030")) for char in words)


def unicode(words: str, fallback: str = "?") -> str:
    units = words.encode("utf-16-be")
    numbers = [int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2)]
    return "".join(f"\\u{n - 65536 if n > 32767 else n}{fallback}" for n in numbers)


def text(tmp_path: Path, body: str, name: str = "来函.rtf") -> SourceText:
    path = tmp_path / name
    path.write_bytes(f"{HEAD}{body}}}".encode("ascii"))
    return read(path)


def test_words_are_read_in_code_pages_and_in_unicode_with_their_stand_ins_dropped(tmp_path: Path) -> None:
    body = (
        rf"\pard\plain\f0 {gbk('用印办法')}\par{{\uc1 {unicode('第一条　用印应当登记𠮷。')}}}\par"
        rf"\uc2 {unicode('甲', gbk('甲'))}\f1\loch\dbch\af0 {gbk('乙')} B\'b7\tab c\line d\emdash\par"
        rf"{{\upr{{ansi}}{{\*\ud{{{unicode('丙', gbk('丙'))}}}}}}}\{{x\}}\par"
    )
    lines = text(tmp_path, body).text.split("\n")
    assert lines[:2] == ["用印办法", "第一条　用印应当登记𠮷。"]
    assert lines[2].startswith("甲乙 B")
    assert lines[-1] == "丙{x}"


def test_numbers_of_lists_are_written_and_bullets_are_not(tmp_path: Path) -> None:
    def listed(number: str, words: str) -> str:
        return rf"{{\listtext\pard\plain\f0 {number}\tab}}\pard\plain\ls1\ilvl0\f0 {gbk(words)}\par "

    body = (
        listed(gbk("第一条"), "用印应当登记。")
        + listed(gbk("（一）"), "伪造的；")
        + listed(r"\f2\'b7", "外借的。")
        + rf"\pard\ls2 {gbk('没有写出号码的一段。')}\par"
    )
    source = text(tmp_path, body)
    assert source.text.split("\n") == ["第一条　用印应当登记。", "（一）伪造的；", "外借的。", "没有写出号码的一段。"]
    assert source.notes == ("略去没有写出的自动编号 2 处：“外借的。”、“没有写出号码的一段。”。",)


def test_deleted_hidden_and_struck_words_notes_and_margins_are_left_out_by_name(tmp_path: Path) -> None:
    body = (
        rf"\titlepg{{\headerf\pard {gbk('青禾县文件')}\par}}{{\header {gbk('制度汇编')}\par}}{{\footer - 1 -}}"
        rf"{{\info{{\title {gbk('用印办法')}}}{{\author {gbk('某人')}}}}}"
        rf"\pard {gbk('用印办法')}\par {gbk('停放区由')}{{\deleted {gbk('旧单位')}\par}}{{\revised {gbk('街道')}}}{gbk('划定')}"
        rf"{{\v {gbk('内部掌握')}}}{{\strike {gbk('五日')}}}{{\strike\strike0 {gbk('当日')}}}{gbk('办结')}"
        rf"{{\footnote \chftn {gbk('节假日除外。')}}}{{\*\atnid a}}{{\*\annotation {gbk('再核。')}}}"
        rf"{{\field{{\*\fldinst HYPERLINK x}}{{\fldrslt {gbk('。')}}}}}\par"
        rf"{{\*\shppict{{\pict\pngblip 89504e47}}}}{{\nonshppict{{\pict 00}}}}"
        rf"{{\shp{{\*\shpinst{{\sp{{\sn gtextUNICODE}}{{\sv {gbk('红头字')}}}}}{{\shptxt\pard {gbk('窗口在一楼。')}\par}}}}"
        rf"{{\shprslt {gbk('窗口在一楼。')}}}}}\par {{\*\unknown {gbk('不显示')}}}"
    )
    source = text(tmp_path, body)
    assert source.title == "用印办法"
    assert source.text.split("\n") == [
        "青禾县文件",
        "用印办法",
        "停放区由街道划定当日办结。",
        "红头字",
        "窗口在一楼。",
    ]
    assert {(one.what, one.text) for one in source.left_out} == {
        ("标为删除的文字", "旧单位"),
        ("隐藏的文字", "内部掌握"),
        ("划掉的文字", "五日"),
        ("脚注和尾注", "节假日除外。"),
        ("批注", "再核。"),
        ("图片", ""),
        ("页眉", "制度汇编"),
    }


def test_rows_of_tables_repeat_the_label_that_spans_them_and_inner_tables_follow(tmp_path: Path) -> None:
    def row(*cells: str, merged: str = "") -> str:
        edges = rf"{merged}\cellx1000\cellx2000"
        return rf"\trowd{edges}\pard\intbl " + "".join(rf"{gbk(cell)}\cell " for cell in cells) + r"\row "

    inner = (
        r"\pard\intbl\itap2 "
        + gbk("早")
        + r"\nestcell "
        + gbk("晚")
        + r"\nestcell{\*\nesttableprops\trowd\cellx9\nestrow}"
    )
    outer = rf"\trowd\cellx1000\cellx2000\pard\intbl {gbk('小麦')}\cell {inner}\pard\intbl\itap1 90\cell\row "
    body = row("类别", "标准") + row("水稻", "80", merged=r"\clvmgf") + row("", "85", merged=r"\clvmrg") + outer
    source = text(tmp_path, body + rf"\pard {gbk('以上标准每年公布。')}\par")
    assert source.text.split("\n") == [
        "类别 | 标准",
        "水稻 | 80",
        "水稻 | 85",
        "小麦 | 90",
        "早 | 晚",
        "以上标准每年公布。",
    ]
    assert source.notes == ("表格 1 处按行展开，单元格之间用“|”隔开。",)


def test_rich_text_under_the_name_of_an_old_word_file_needs_no_other_program(tmp_path: Path) -> None:
    assert text(tmp_path, gbk("用印应当登记。"), "旧文件.doc").text == "用印应当登记。"
