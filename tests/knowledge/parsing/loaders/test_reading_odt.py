"""OpenDocument texts: lists as numbers, tables by rows, nothing that is deleted or hidden."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from knowledge.errors import EncryptedFile, UnsafeFile
from knowledge.model import SourceText
from knowledge.parsing.loaders import read

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for name, long in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
    )
)
ARTICLES = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-prefix="第" '
    'style:num-suffix="条" style:num-format="一, 二, 三, ..."/><text:list-level-style-number text:level="2" '
    'style:num-prefix="（" style:num-suffix="）" style:num-format="一, 二, 三, ..."/></text:list-style>'
)


def saved(
    tmp_path: Path, body: str, *, styles: str = "", named: str = "", master: str = "", manifest: str = ""
) -> SourceText:
    path = tmp_path / "制度.odt"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        package.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        package.writestr(
            "styles.xml",
            f"<office:document-styles {SPACES}><office:styles>{named}</office:styles>"
            f"<office:master-styles>{master}</office:master-styles></office:document-styles>",
        )
    return read(path)


def item(words: str, inner: str = "") -> str:
    return f"<text:list-item><text:p>{words}</text:p>{inner}</text:list-item>"


def test_the_items_of_lists_carry_their_numbers_and_a_list_may_go_on(tmp_path: Path) -> None:
    inner = f"<text:list>{item('伪造登记的；')}{item('外借不还的。')}</text:list>"
    body = (
        '<text:p text:style-name="Title">用印办法</text:p>'
        f'<text:list xml:id="a" text:style-name="L">{item("用印应当登记。")}{item("有下列情形的不予用印：", inner)}</text:list>'
        "<text:p>前款所列情形由办公室认定。</text:p>"
        f'<text:list text:style-name="L" text:continue-numbering="true">{item("用印收费<text:s/>为零。")}</text:list>'
        f'<text:list text:style-name="L">{item("另起一份。")}</text:list>'
    )
    named = '<style:style style:name="Title" style:family="paragraph"/>'
    source = saved(tmp_path, body, styles=ARTICLES, named=named)
    assert source.title == "用印办法"
    assert source.text.split("\n") == [
        "用印办法",
        "第一条　用印应当登记。",
        "第二条　有下列情形的不予用印：",
        "（一）伪造登记的；",
        "（二）外借不还的。",
        "前款所列情形由办公室认定。",
        "第三条　用印收费 为零。",
        "第一条　另起一份。",
    ]


def test_numbers_of_headings_come_from_the_outline_and_a_newer_pattern(tmp_path: Path) -> None:
    named = (
        '<text:outline-style style:name="O"><text:outline-level-style text:level="1" style:num-format="一, 二, 三, ..." '
        'style:num-prefix="第" style:num-suffix="章"/></text:outline-style>'
    )
    styles = (
        '<text:list-style style:name="N" xmlns:loext="urn:x"><text:list-level-style-number text:level="1" '
        'style:num-format="1" loext:num-list-format="第%1%条"/></text:list-style>'
    )
    body = (
        '<text:h text:outline-level="1">总则</text:h>'
        f'<text:list text:style-name="N">{item("用印应当登记。")}</text:list>'
        '<text:h text:outline-level="1">附则</text:h><text:h text:is-list-header="true">落款</text:h>'
    )
    source = saved(tmp_path, body, styles=styles, named=named)
    assert source.text.split("\n") == ["第一章　总则", "第1条　用印应当登记。", "第二章　附则", "落款"]


def test_deleted_hidden_and_struck_words_notes_and_margins_are_left_out_by_name(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="H2" style:family="text" style:parent-style-name="H"/>'
        '<style:style style:name="S" style:family="text"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style>'
    )
    body = (
        '<text:tracked-changes><text:changed-region text:id="c"><text:deletion><office:change-info>某时</office:change-info>'
        "<text:p>押金五元。</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        '<text:p>用印<text:change text:change-id="c"/>不收费<text:span text:style-name="H2">内部掌握</text:span>，'
        '<text:span text:style-name="S">三日</text:span>当日办结<text:note><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>节假日除外。</text:p></text:note-body></text:note>。"
        "<office:annotation><text:p>再核。</text:p></office:annotation></text:p>"
        '<text:section text:display="none"><text:p>讨论稿</text:p></text:section>'
        "<text:p><draw:frame><draw:text-box><text:p>窗口在一楼。</text:p></draw:text-box></draw:frame>"
        "<draw:frame><draw:image/></draw:frame></text:p>"
    )
    master = (
        "<style:master-page><style:header><text:p>制度汇编</text:p></style:header>"
        "<style:header-first><text:p>青禾县文件</text:p></style:header-first></style:master-page>"
    )
    source = saved(tmp_path, body, styles=styles, master=master)
    assert source.text.split("\n") == ["青禾县文件", "用印不收费，当日办结。", "窗口在一楼。"]
    assert {(one.what, one.text) for one in source.left_out} == {
        ("标为删除的文字", "押金五元。"),
        ("隐藏的文字", "内部掌握"),
        ("隐藏的文字", "讨论稿"),
        ("划掉的文字", "三日"),
        ("脚注和尾注", "节假日除外。"),
        ("批注", "再核。"),
        ("图片", ""),
        ("页眉", "制度汇编"),
    }


def test_rows_of_tables_repeat_the_label_that_spans_them(tmp_path: Path) -> None:
    def cell(words: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{words}</text:p></table:table-cell>"

    rows = [
        cell("类别") + cell("标准", 'table:number-columns-spanned="2"') + "<table:covered-table-cell/>",
        cell("水稻", 'table:number-rows-spanned="2"') + cell("早稻") + cell("80元"),
        "<table:covered-table-cell/>" + cell("晚稻") + cell("90元"),
    ]
    hidden = f'<table:table-row table:visibility="collapse">{cell("试行")}{cell("勿用")}</table:table-row>'
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    source = saved(tmp_path, f"<table:table>{table}{hidden}</table:table>")
    assert source.text.split("\n") == ["类别 | 标准", "水稻 | 早稻 | 80元", "水稻 | 晚稻 | 90元"]
    assert any("略去隐藏的文字 1 处：“试行 勿用”" in note or "试行勿用" in note for note in source.notes)


def test_what_is_locked_or_no_text_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(EncryptedFile, match="加了密码"):
        saved(tmp_path, "<text:p>一。</text:p>", manifest="<file-entry><encryption-data/></file-entry>")
    path = tmp_path / "表.odt"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "一")
    with pytest.raises(UnsafeFile, match="不是 ODT 文档"):
        read(path)
