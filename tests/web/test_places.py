"""A number that says nothing by itself is shown with the heading of its section."""

from __future__ import annotations

from pathlib import Path

from small_library import open_library, write

from assistant.web.reader.places import Places

SPEECH = """在青禾市机关作风会议上的讲话

同志们：今天讲三点。

一、严明纪律

纪律是管根本的。一是把纪律挺在前面，不能松。二是抓住少数管住多数，天天讲。

二、机关干部不论职务高低都要按照规定参加组织生活不得无故缺席；

（一）开好会

会前要有准备。

三、抓落实
"""


def test_an_address_is_told_by_the_headings_it_leads_through(tmp_path: Path) -> None:
    library = open_library(tmp_path / "data")
    library.add([write(tmp_path, "讲话.txt", SPEECH)], publish=True)
    [document] = library.published()
    places = Places(library)
    paths = {one.path for one in library.outline(document.version_id).sections}
    assert {"一", "二/（一）"} <= paths
    told = {path: places(document.version_id, path) for path in ("一", "二/（一）")}
    assert told == {"一": "一、严明纪律", "二/（一）": "二、机关干部不论职务高低都要按… › （一）开好会"}
    assert places(document.version_id, "一·2") == "一、严明纪律·2", "a piece of a long section"
    assert places(document.version_id, "第四章/第五条/（二）") == "第四章 › 第五条 › （二）", "no section of this text"
    assert places(999, "四") == "四", "a text that is not there any more"
    library.close()
