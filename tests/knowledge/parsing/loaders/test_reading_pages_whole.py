"""Every visible character of a web page or a plain text is in its text or named as left out; what is struck is no text."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import ReadingError
from knowledge.model import SourceText
from knowledge.parsing.loaders import read
from knowledge.parsing.outline import outline

ARTICLES = "<p>第一条 渡船每年检验一次，费用由区财政承担。</p><p>第二条 学生过渡免费，凭学生证登船。</p>"


def reading(text: str, tmp_path: Path, name: str = "页.html") -> SourceText:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read(path)


def page(body: str, title: str = "") -> str:
    return f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>{body}</body></html>"


def left_out(source: SourceText) -> dict[str, str]:
    return {piece.what: piece.text for piece in source.left_out}


@pytest.mark.parametrize("style", ["visibility: hidden; opacity: 0", "display:none"])
def test_the_text_that_a_script_shows_once_the_page_has_loaded_is_read(style: str, tmp_path: Path) -> None:
    body = f"<h1>渡口办法</h1><div id='js_content' style='{style}'>{ARTICLES}</div><div>预览时不可点</div>"
    assert outline(reading(page(body), tmp_path)).articles == 2


def test_hidden_and_struck_words_are_left_out_by_name(tmp_path: Path) -> None:
    body = f"{ARTICLES}<p>第三条 票价<s>五元</s><span style='text-decoration:line-through'>四元</span>三元。</p><p hidden>第九条 旧。</p>"
    source = reading(page(body), tmp_path)
    assert source.text.endswith("第三条 票价三元。")
    assert "略去划掉的文字 2 处：“五元”、“四元”。" in source.notes
    assert left_out(source)["隐藏的文字"] == "第九条 旧。"


def test_a_text_kept_in_a_text_area_is_read(tmp_path: Path) -> None:
    area = ARTICLES.replace("<", "&lt;").replace(">", "&gt;")
    source = reading(page(f"<div>站点导航</div><textarea style='display:none'>{area}</textarea>"), tmp_path)
    assert source.text.startswith("第一条 渡船")
    assert left_out(source)["网页上的导航、页脚等"] == "站点导航"


def test_what_stands_around_the_text_of_a_page_is_quoted_in_its_report(tmp_path: Path) -> None:
    around = (
        "<div class='nav'>首页</div><iframe src='http://a.cn/表.html'></iframe><select><option>按年</option></select>"
    )
    source = reading(
        page(f"{around}<div class='text'>{ARTICLES}</div><div class='footer'>地址：前进路</div>"), tmp_path
    )
    assert left_out(source) == {
        "内嵌网页": "http://a.cn/表.html",
        "控件": "按年",
        "网页上的导航、页脚等": "地址：前进路",
    }
    assert [piece.text for piece in source.left_out if "导航" in piece.what] == ["首页", "地址：前进路"]


def test_a_title_in_a_layout_table_above_the_text_is_the_title(tmp_path: Path) -> None:
    body = f"<table><tr><td>云栖市渡口管理办法</td></tr><tr><td>{ARTICLES}</td></tr></table>"
    source = reading(page(body), tmp_path)
    assert source.title == "云栖市渡口管理办法"
    assert source.text.startswith("云栖市渡口管理办法\n第一条")


TABLE = (
    "<table><tr><th>类别</th><th>情形</th><th>扣分</th></tr><tr><td rowspan='2'>卫生</td><td>乱堆</td><td>2</td></tr>"
    "<tr><td>乱倒</td><td>3</td></tr><tr><td>停车</td><td>占道</td><td>5</td></tr></table>"
)
ROWS = ["类别 | 情形 | 扣分", "卫生 | 乱堆 | 2", "卫生 | 乱倒 | 3", "停车 | 占道 | 5"]


@pytest.mark.parametrize(
    ("name", "text"), [("表.html", page(f"<p>扣分如下表。</p>{TABLE}")), ("表.md", f"扣分如下表。\n\n{TABLE}\n")]
)
def test_a_label_over_several_rows_stands_in_each_of_them(name: str, text: str, tmp_path: Path) -> None:
    source = reading(text, tmp_path, name)
    assert source.text.split("\n") == ["扣分如下表。", *ROWS]
    assert any("表格 1 处" in note for note in source.notes)


def test_a_table_inside_a_table_is_read_once_below_its_row(tmp_path: Path) -> None:
    outer = f"<table><tr><td>项目</td><td>标准</td></tr><tr><td>考核</td><td>按下表：{TABLE}</td></tr></table>"
    assert reading(page(f"<p>考核办法如下。</p>{outer}"), tmp_path).text.split("\n")[1:] == [
        "项目 | 标准",
        "考核 | 按下表：",
        *ROWS,
    ]


@pytest.mark.parametrize("name", ["网页.txt", "网页.md"])
def test_a_web_page_saved_as_text_is_read_as_a_page(name: str, tmp_path: Path) -> None:
    source = reading(page(f"<div>{ARTICLES}</div>"), tmp_path, name)
    assert source.text.startswith("第一条 渡船")
    assert outline(source).articles == 2


def test_struck_words_and_footnotes_of_markdown_are_left_out_by_name(tmp_path: Path) -> None:
    source = reading("票价~~五元~~<del>四元</del>三元[^1]。\n\n[^1]: 含保险。\n", tmp_path, "票.md")
    assert source.text == "票价三元。"
    assert [(piece.what, piece.text) for piece in source.left_out] == [
        ("划掉的文字", "五元"),
        ("划掉的文字", "四元"),
        ("脚注", "含保险。"),
    ]


def test_yaml_aliases_are_refused_before_they_unfold(tmp_path: Path) -> None:
    lines = ['a: &a ["x","x","x","x","x","x","x","x","x"]']
    lines += [f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    with pytest.raises(ReadingError, match="YAML 别名"):
        reading("---\n" + "\n".join(lines) + "\n---\n正文。\n", tmp_path, "弹.md")


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("第二條 違者罰款。", "第二条"),
        ("第⼆条 违者罚款。", "第二条"),
        ("【第二条】违者罚款。", "第二条"),
        ("第二条、违者罚款。", "第二条"),
        ("第\ufffd二条 违者罚款。", "第二条"),
        ("第一条之一 违者罚款。", "第一条之一"),
    ],
)
def test_an_article_is_known_however_its_number_is_written(line: str, step: str, tmp_path: Path) -> None:
    source = reading(f"渡口办法\n第一条 渡口由区管理。\n{line}\n第三条 完。", tmp_path, "办法.txt")
    assert [section.path for section in outline(source).sections if section.level == "条"] == ["第一条", step, "第三条"]


def test_a_list_of_mentions_opens_no_article(tmp_path: Path) -> None:
    text = "渡口办法\n第一条 渡口由区管理。\n第二条、第三条规定的期限，自受理之日起算。\n第二条 完。"
    assert [
        section.path for section in outline(reading(text, tmp_path, "办法.txt")).sections if section.level == "条"
    ] == [
        "第一条",
        "第二条",
    ]


def test_one_damaged_byte_does_not_refuse_a_short_text(tmp_path: Path) -> None:
    words = (
        "渡口管理办法\r\n第一条 渡船每年检验一次，检验费由区财政承担。\r\n第二条 风力六级以上停渡，学生过渡免费，凭学生证登船。\r\n"
        * 2
    )
    data = words.encode("gb18030")
    path = tmp_path / "坏.txt"
    path.write_bytes(data[:40] + b"\xff" + data[40:])
    source = read(path)
    assert "第二条 风力六级以上停渡" in source.text
    assert any("无法识别的字符" in note for note in source.notes)


@pytest.mark.parametrize("name", ["页.html", "文.md", "文.txt"])
@pytest.mark.parametrize(
    "line",
    [
        "今天是开班第一天，我讲三点意见。",
        "欢迎大家对渡口管理提出意见。",
        "位置代码与条码是指渡船的编号",
        "上一条所称渡口，不包括浮桥。",
        "资料来源：青禾县水务局",
    ],
)
def test_no_line_of_the_text_is_taken_for_the_pages_furniture(name: str, line: str, tmp_path: Path) -> None:
    text = (
        page(f"<div>{ARTICLES}<p>{line}</p></div>") if name.endswith("html") else f"第一条 渡口由区管理。\n\n{line}\n"
    )
    assert line in reading(text, tmp_path, name).text.split("\n")


def test_a_page_within_the_page_is_read_where_it_is_shown(tmp_path: Path) -> None:
    inner = "<p>第三条 渡船满载不得超过二十人。</p><iframe srcdoc='更深处'></iframe>".replace("<", "&lt;")
    source = reading(
        page(f'{ARTICLES}<iframe srcdoc="{inner}"></iframe><p>第四条 本办法自发布之日起施行。</p>'), tmp_path
    )
    assert outline(source).articles == 4
    assert left_out(source) == {"内嵌网页": ""}


def test_a_heading_that_says_the_pages_title_more_fully_is_the_title(tmp_path: Path) -> None:
    assert (
        reading(page(f"<h1>青禾县渡口管理问答</h1>{ARTICLES}", "渡口管理问答_青禾县"), tmp_path).title
        == "青禾县渡口管理问答"
    )


@pytest.mark.parametrize("name", ["导出.doc", "导出.wps"])
def test_a_web_page_or_a_saved_page_under_the_name_of_a_word_file_is_read(name: str, tmp_path: Path) -> None:
    assert outline(reading(page(f"<h1>渡口办法</h1>{ARTICLES}"), tmp_path, name)).articles == 2
    saved = 'From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\tboundary="x"\n\n--x\nContent-Type: text/html\n\n'
    assert outline(reading(f"{saved}{page(ARTICLES)}\n--x--\n", tmp_path, name)).articles == 2


def test_the_caption_of_a_table_stands_above_its_rows(tmp_path: Path) -> None:
    table = (
        "<table><caption>受理点</caption><tr><th>城东</th><td>三号</td></tr><tr><th>城西</th><td>九号</td></tr></table>"
    )
    assert reading(page(ARTICLES + table), tmp_path).text.endswith("受理点\n城东 | 三号\n城西 | 九号")
