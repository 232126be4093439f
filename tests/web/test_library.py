"""文件库: words are found in every text, editions stand together, topic and validity limit the list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
from conftest import Site
from small_library import open_library, regulation, write

from assistant.web.pages import Pages
from assistant.web.reader.titles import Titles, Words
from knowledge.model import GUIDE, Validity


def library(client: httpx.Client, **params: str) -> str:
    reply = client.get("/library", params=params)
    assert reply.status_code == 200
    return reply.text


def test_words_are_found_at_their_places_with_the_editions_of_a_text_together(client: httpx.Client, site: Site) -> None:
    page = library(client, q="连续工作满一年")
    now, old = site.document("休假管理规定", "2023"), site.document("休假管理规定", "2018")
    start = site.knowledge_base.text(now.version_id).index("连续工作满一年")
    assert f"/document/{now.id}?at={start}-{start + 7}#quote" in page
    assert "<mark>连续工作满一年</mark>的，享受年休假八天" in page
    assert "第二章 › 第三条" in page
    assert page.index(f"/document/{now.id}?") < page.index(f"/document/{old.id}?"), "the edition in force comes first"
    assert page.count('class="shelf found"') == 1
    assert "来访接待" not in page


def test_all_words_stand_in_one_paragraph(client: httpx.Client) -> None:
    assert "1 份文件里有" in library(client, q="来访登记簿 姓名")
    assert "没有标题或正文含" in library(client, q="来访登记簿 年休假")
    assert "没有标题或正文含" in library(client, q="<script>alert(1)</script>")
    assert "<script>alert(1)" not in library(client, q="<script>alert(1)</script>")


def test_validity_limits_list_and_search(client: httpx.Client) -> None:
    assert "来访接待规则" not in library(client, validity="已被修订")
    assert "年休假</mark>五天" in library(client, q="年休假", validity="已被修订")
    assert "年休假</mark>八天" not in library(client, q="年休假", validity="已被修订")


def test_the_list_shows_a_text_once_with_its_other_editions(client: httpx.Client) -> None:
    page = library(client)
    assert page.count(">青禾市机关休假管理规定</a>") == 1
    assert "其他版本" in page


def test_a_title_inside_a_text_leads_to_the_edition_in_force(tmp_path: Path) -> None:
    kb = open_library(tmp_path / "data")
    kb.add(
        [
            write(tmp_path, "old.md", regulation("阅览室管理办法", ["借书"], edition="2011")),
            write(tmp_path, "new.md", regulation("阅览室管理办法", ["借书", "还书"], edition="2023")),
        ],
        publish=True,
    )
    new = next(one for one in kb.published() if one.card.edition == "2023")
    titles = Titles(kb)
    assert titles("按照《阅览室管理办法》和《没有的办法》办理") == (
        Words("按照"),
        Words("《阅览室管理办法》", new.id),
        Words("和"),
        Words("《没有的办法》"),
        Words("办理"),
    )
    assert titles("《阅览室管理办法》", new.id) == (Words("《阅览室管理办法》"),), "it does not name itself"
    kb.close()


def test_a_study_guide_carries_no_validity_on_its_card(site: Site) -> None:
    rule = site.document("休假管理规定", "2023")
    guide = replace(rule, card=replace(rule.card, kind=GUIDE))
    card = Pages()._environment.get_template("_card.html").make_module().card  # type: ignore[attr-defined]
    assert "现行有效" in card(rule)
    assert "现行有效" not in card(guide)
    assert "已被修订" in card(replace(guide, validity=Validity.REVISED))
