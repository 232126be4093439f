"""Pages of several makes: what is the document is found by its sentences."""

from __future__ import annotations

from pathlib import Path

from knowledge.model import SourceText
from knowledge.parsing.loaders import read

ARTICLES = ["第一条 为了规范印章管理，制定本办法。"] + [
    f"第{number}条 使用印章应当登记，并由专人负责保管，不得外借。" for number in "二三四五六"
]


def page(tmp_path: Path, html: str, encoding: str = "utf-8") -> SourceText:
    path = tmp_path / "网页.html"
    path.write_bytes(html.encode(encoding))
    return read(path)


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def test_an_old_page_laid_out_with_tables_and_line_breaks(tmp_path: Path) -> None:
    source = page(
        tmp_path,
        """<html><head><title>关于做好防汛工作的通知_青石市人民政府</title></head><body>
        <table><tr><td><a href=1>首页</a> | <a href=2>政务公开</a> | <a href=3>办事指南</a></td></tr></table>
        <table><tr><td><a href=a>通知公告</a><br><a href=b>政策文件</a><br><a href=c>领导信箱</a></td>
        <td><table><tr><td align=center><font size=5><b>关于做好防汛工作的通知</b></font></td></tr>
        <tr><td>发布时间：2020-06-01　　来源：市应急局　　阅读次数：1234</td></tr>
        <tr><td>&nbsp;&nbsp;&nbsp;各县（区）人民政府：<br>&nbsp;&nbsp;&nbsp;为做好今年防汛工作，保障人民
        群众安全，现就有关事项通知如下。<br><br>　　一、提高认识，高度重视。<br>　　二、落实责任。<br>
        　　青石市人民政府<br>　　2020年6月1日<br>
        <table border=1><tr><td>单位</td><td>电话</td></tr><tr><td>市应急局</td><td>12345</td></tr></table>
        附件：<a href="/f/1.doc">1.责任人名单</a></td></tr></table></td></tr></table>
        <table><tr><td>版权所有：青石市人民政府　地址：某路1号　电话：0000-1234567<br>ICP备12345号</td></tr></table>
        </body></html>""",
        "gb18030",
    )
    assert source.text.split("\n") == [
        "关于做好防汛工作的通知",
        "各县（区）人民政府：",
        "为做好今年防汛工作，保障人民群众安全，现就有关事项通知如下。",
        "一、提高认识，高度重视。",
        "二、落实责任。",
        "青石市人民政府",
        "2020年6月1日",
        "单位 | 电话",
        "市应急局 | 12345",
        "附件：1.责任人名单",
    ]
    assert any("1.责任人名单" in note for note in source.notes)


def test_two_documents_on_one_page_are_both_read_and_the_news_beside_them_is_not(tmp_path: Path) -> None:
    news = "".join(
        f'<div><a href="/n{n}">机关召开第{n}次会议，研究工作。</a><p>会议强调，要认真落实，取得实效。</p></div>'
        for n in range(5)
    )
    source = page(
        tmp_path,
        f"""<html><head><title>印章和证照管理 - 青石市机关</title></head><body>
        <header class="site-header"><h1>青石市机关事务网</h1><nav><a href=/>首页</a></nav></header>
        <main><section class="breadcrumbs">首页 &gt; 制度</section><div class="detail"><h2>印章和证照管理</h2>
        <p class="sub">（青机发〔2020〕3号）</p>
        <div class="meta"><span>日期：2020-01-01</span><span>来源：办公室</span></div>
        <div class="doc">{paragraphs("印章管理办法", *ARTICLES)}</div>
        <div class="doc">{paragraphs("证照管理办法", *ARTICLES[:2])}</div></div>
        <aside><h3>最新动态</h3>{news}</aside></main>
        <footer><p>主办：青石市机关，技术支持：某公司。</p></footer></body></html>""",
    )
    assert source.title == "印章和证照管理"
    assert source.text.split("\n") == [
        *("印章和证照管理", "（青机发〔2020〕3号）", "印章管理办法", *ARTICLES),
        *("证照管理办法", *ARTICLES[:2]),
    ]


def test_a_short_notice_is_not_lost_beside_a_long_footer(tmp_path: Path) -> None:
    source = page(
        tmp_path,
        """<html><head><title>放假通知</title></head><body><div class="top">欢迎您！今天是星期三</div>
        <div class="con"><h1>放假通知</h1><p>各科室：</p>
        <p>元旦放假一天，请做好值班。</p><p>办公室</p><p>2019年12月30日</p></div>
        <div class="foot"><p>联系电话：12345，地址：前进路1号。</p><p>建议使用某浏览器，效果最佳。</p></div>
        </body></html>""",
    )
    assert source.text.split("\n") == ["放假通知", "各科室：", "元旦放假一天，请做好值班。", "办公室", "2019年12月30日"]


def test_a_signature_outside_the_text_element_is_kept(tmp_path: Path) -> None:
    source = page(
        tmp_path,
        f"<html><body><h1>印章管理办法</h1><div class=text>{paragraphs(*ARTICLES)}</div>"
        "<div>青石市机关事务中心</div><div>2020年6月1日</div></body></html>",
    )
    assert source.text.split("\n")[-2:] == ["青石市机关事务中心", "2020年6月1日"]


def test_a_page_saved_by_word_keeps_its_list_numbers_and_tables(tmp_path: Path) -> None:
    item = """<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US><span
    style='mso-list:Ignore'>{label}<span style='font:7.0pt "Times New Roman"'>&nbsp; </span>
    </span></span><![endif]>{words}</p>"""
    source = page(
        tmp_path,
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><meta charset=gb2312><title>会议办法</title>"
        "<!--[if gte mso 9]><xml><o:DocumentProperties/></xml><![endif]--></head><body><div class=WordSection1>"
        "<p class=MsoNormal align=center><b><span>会议办法<span lang=EN-US><o:p></o:p></span></span></b></p>"
        + item.format(label="第一条", words="为了规范会议管理，\n制定本办法。")
        + item.format(label="（一）", words="会议应当精简，每年不超过<span lang=EN-US>12</span>次；")
        + "<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>"
        "<table class=MsoTableGrid><tr><td><p>类别</p></td>"
        "<td><p>次数</p></td></tr><tr><td><p>全体会</p></td><td><p>2</p></td></tr></table></div></body></html>",
        "gb18030",
    )
    assert source.text.split("\n") == [
        "会议办法",
        "第一条　为了规范会议管理，制定本办法。",
        "（一）会议应当精简，每年不超过12次；",
        "类别 | 次数",
        "全体会 | 2",
    ]


def test_headings_and_ordered_lists_are_written_out(tmp_path: Path) -> None:
    source = page(
        tmp_path,
        "<body><div>关于改进文风的意见，请遵照执行。</div><h2>一、主要任务</h2><ol><li>精简文件。</li><li>改进会议。</li></ol>"
        f"<h2>{'很长的一段话，' * 20}</h2></body>",
    )
    assert source.text.split("\n")[1:4] == ["一、主要任务", "1.精简文件。", "2.改进会议。"]
    assert [source.text[one.start : one.end] for one in source.headings] == ["一、主要任务"]


def test_lists_of_links_under_further_reading_are_left_out(tmp_path: Path) -> None:
    body = paragraphs(*ARTICLES, "延伸阅读", '<a href="/1">某部门负责人答记者问</a>')
    assert page(tmp_path, f"<body>{body}</body>").text.split("\n") == ARTICLES


def test_links_inside_sentences_are_wording(tmp_path: Path) -> None:
    body = paragraphs(*ARTICLES, '第七条 按照<a href="/x">民法</a>有关规定<a href="#n1">执行</a>。')
    assert page(tmp_path, f"<body>{body}</body>").text.endswith("第七条 按照民法有关规定执行。")


def test_a_damaged_byte_is_reported_and_does_not_cost_the_page(tmp_path: Path) -> None:
    path = tmp_path / "网页.htm"
    body = paragraphs(*ARTICLES * 5).encode("gb18030")
    path.write_bytes(b"<body>" + body + "<p>未完的标题".encode("gb18030")[:-1] + b"</p></body>")
    source = read(path)
    assert source.text.startswith(ARTICLES[0])
    assert any("无法识别的字符" in note for note in source.notes)


def test_what_a_pages_own_style_sheet_hides_or_strikes_is_no_text(tmp_path: Path) -> None:
    style = """<style>/* 稿 */ p.draft, #old { display : none } .gone{text-decoration: line-through}
    @media print { .third { display:none } } .tab{display:none} .tab.on{display:block}</style>"""
    body = f"""<p>{ARTICLES[0]}</p><p class=draft>排版备注</p><p id=old>旧稿一段</p><p class=third>{ARTICLES[1]}</p>
    <p>用印<span class=gone>收费五元，</span>不收费。</p><p class="tab on">{ARTICLES[2]}</p>"""
    source = page(tmp_path, f"<html><head>{style}</head><body>{body}</body></html>")
    assert source.text.split("\n") == [ARTICLES[0], ARTICLES[1], "用印不收费。", ARTICLES[2]]
    assert any("略去隐藏的文字 2 处：“排版备注”、“旧稿一段”" in note for note in source.notes)
    shown = page(tmp_path, f"<html><head>{style}</head><body>{body}<script>unfold()</script></body></html>")
    assert "旧稿一段" in shown.text


def test_an_area_that_nobody_may_write_into_is_text_of_the_page(tmp_path: Path) -> None:
    source = page(
        tmp_path,
        f"""<html><body>{paragraphs(*ARTICLES)}<textarea readonly>填表须知：
本表一式两份。</textarea><textarea>在此填写意见</textarea></body></html>""",
    )
    assert source.text.split("\n")[-2:] == ["填表须知：", "本表一式两份。"]
    assert any("略去控件 1 个：“在此填写意见”" in note for note in source.notes)
