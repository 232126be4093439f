"""Files of everyday situations: read, checked, and those that come with the program."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from knowledge.chunking.chunker import cut
from knowledge.parsing.loaders import read as read_document
from knowledge.parsing.outline import outline
from knowledge.parsing.titles import bare
from knowledge.retrieval.situations import PACKAGED, InvalidSituations, Situations, load, read

ROOT = Path(__file__).resolve().parents[3]
GUIDES = sorted((ROOT / "knowledge" / "library").glob("*.md"))
OFFICIAL = ROOT.parent / "shared" / "corpus" / "official"
HEAD = 'title: 阅览室管理办法\nedition: "2023"\n'
# An article as the texts have it, up to the next one.
_NUMBER = "第[一二三四五六七八九十百零]+"
ARTICLE = re.compile(
    rf"^[#*\s　]*({_NUMBER}条)(?=[*\s　])(.*?)(?=^[#*\s　]*{_NUMBER}[条章节]|\Z)", re.MULTILINE | re.DOTALL
)

every = load()


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "阅览室.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_tells_document_edition_and_situations_in_their_order(tmp_path: Path) -> None:
    found = read(written(tmp_path, HEAD + "provisions:\n  第二条:\n    - 书弄丢了咋赔\n    - 书皮撕破了要不要掏钱\n"))
    assert found == Situations("阅览室管理办法", "2023", {"第二条": ("书弄丢了咋赔", "书皮撕破了要不要掏钱")})
    assert list(found) == [("第二条", "书弄丢了咋赔"), ("第二条", "书皮撕破了要不要掏钱")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: [\n", "第 2 行"),
        ("- 书弄丢了咋赔", "顶层只能有"),
        (HEAD + "provision: {}", "顶层只能有"),
        ("title: ''\nprovisions: {第一条: [书弄丢了咋赔]}", "title"),
        ("title: 办法\nedition: 2023\nprovisions: {第一条: [书弄丢了咋赔]}", "带引号的年份"),
        (HEAD + "provisions: {}", "provisions"),
        (HEAD + "provisions: {2: [书弄丢了咋赔]}", "“2”不是条文出处"),
        (HEAD + "provisions: {第二条: 书弄丢了咋赔}", "“第二条”下面应当每行一条"),
        (HEAD + "provisions: {第二条: [咋赔]}", "“第二条”里“咋赔”"),
        (HEAD + "provisions: {第一条: [书弄丢了咋赔], 第二条: [书弄丢了咋赔]}", "在“第一条”下面已有"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_key(tmp_path: Path, text: str, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InvalidSituations, match=re.escape(str(path))) as raised:
        read(path)
    assert says in str(raised.value)
    assert raised.value.exit_code == 2


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gbk.yaml"
    path.write_bytes("title: 办法".encode("gb18030"))
    with pytest.raises(InvalidSituations, match="读不出来"):
        read(path)


def test_a_file_says_in_its_name_which_document_it_is_about() -> None:
    for path in PACKAGED.glob("*.yaml"):
        one = read(path)
        title = re.sub(r'["“”《》/]', "", one.title)
        assert path.stem == (f"{title}-{one.edition}" if one.edition else title)


def test_no_edition_has_two_files_and_no_situation_stands_twice() -> None:
    assert not [key for key, count in Counter((bare(one.title), one.edition) for one in every).items() if count > 1]
    assert not [said for said, count in Counter(said for one in every for _, said in one).items() if count > 1]


def test_the_situations_cover_many_provisions_in_many_voices() -> None:
    said = [situation for one in every for _, situation in one]
    assert sum(len(one.provisions) for one in every) >= 4000
    assert len(said) >= 9000
    for voice in (
        "能不能|行不行|可以吗|可不可以",
        "多久|几天|多长时间|什么时候",
        "多少",
        "找谁|谁说了算|归谁|谁来",
        "咋|啥",
        "会怎么|后果|处理",
    ):
        assert sum(bool(re.search(voice, one)) for one in said) >= 100, voice
    lengths = Counter(min(len(one) // 8, 4) for one in said)
    assert all(lengths[length] >= 100 for length in range(1, 4))


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official documents are not here")
def test_no_six_characters_in_a_row_come_from_the_provision() -> None:
    texts = [path.read_text(encoding="utf-8") for path in OFFICIAL.rglob("*.md")]
    by_title: dict[str, list[dict[str, str]]] = {}
    for text in texts:
        articles = {label: _plain(words) for label, words in ARTICLE.findall(text)}
        for title in {one.title for one in every}:
            if _plain(title) in _plain(text[:300]):
                by_title.setdefault(title, []).append(articles)
    compared, copied = 0, []
    for one in every:
        for key, situation in one:
            said = _plain(situation)
            runs = {said[at : at + 6] for at in range(len(said) - 5)}
            editions = [articles[key] for articles in by_title.get(one.title, []) if key in articles]
            compared += bool(editions)
            # Of several editions the right one is not told here: what all of them hold is certainly copied.
            if editions and any(all(run in text for text in editions) for run in runs):
                copied.append((one.title, key, situation))
    assert compared >= 0.6 * sum(1 for one in every for _ in one)
    assert not copied


def test_every_section_of_a_guide_of_the_starter_library_is_found_in_everyday_words(subtests: pytest.Subtests) -> None:
    known = {bare(one.title): one for one in every}
    for path in GUIDES:
        with subtests.test(path.name):
            source = read_document(path)
            said = known[bare(source.title)]
            placed = {span.address.split("/")[0] for span in cut(source.text, outline(source))}
            assert set(said.provisions) <= placed
            assert placed - {"引言", "导语", "自问"} <= set(said.provisions)  # 自问 asks the reader
            text = _plain(source.text)
            for _, situation in said:
                words = _plain(situation)
                assert not [words[at : at + 6] for at in range(len(words) - 5) if words[at : at + 6] in text]


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text)
