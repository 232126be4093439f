"""Places: whose rules a question asks for (云岭市的补贴), and of which place a text is (青禾县村级议事会管理办法)."""

from __future__ import annotations

import re
from typing import Final

from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document
from knowledge.text.normalise import searchable

_OUT: Final = "我该某各哪按在的问与及或等对"  # no name holds these
#: A name that stands for a place by itself.
PLACE: Final = re.compile(
    rf"(?![本全外])(?![{_OUT}])[\u4e00-\u9fff](?:(?![{_OUT}和])[\u4e00-\u9fff]){{1,3}}?[省市县区州盟旗]"
)
_BEGINS_A_TITLE = re.compile(rf"(?:中国共产党|中共|关于)?({PLACE.pattern})")
# Where a question says of which place it speaks: at its beginning, or after such a word.
_IN_A_QUESTION = re.compile(rf"(?:^|[，。？！,.?!;；:： 在查]|关于|我们|我是)(?:请问|想问)?({PLACE.pattern})")
# Words that end like a place: 农贸超市, 革命老区, 贫困县, 勤俭节省, 企业联盟, 五星红旗.
_NO_PLACE = re.compile(
    r"(?:^[省市区]+[市县区]|[城超门上黑夜早集股楼车菜开收闭罢求应级辖都]市|[社辖城郊牧战政禁误片园校院厂矿灾疫军专特]区|(?<=..)[地老新景库林山小街农]区|"
    r"(?:保护|示范|试验|开发|经济|保税|棚户|自治|风景|功能|重点|困难|安全|作业|生活|服务|居住|工业|产业|行政|民族|贫困)[区县州旗]|"
    r"[级困贫脱个设]县|[节反全各]省|[联加同结]盟|[红锦彩国]旗)$"
)


def place_asked_for(question: str) -> str | None:
    """The place of whose rules `question` asks, as it writes it; None when it names none."""
    return next((name for name in _IN_A_QUESTION.findall(searchable(question)) if not _NO_PLACE.search(name)), None)


def place_of(document: Document) -> str | None:
    """The place whose rule `document` is by its title or issuer; None for a rule of the whole country or of one office."""
    for words in (document.card.title, document.card.issuer or ""):
        found = _BEGINS_A_TITLE.match(searchable(words))
        if found and not _NO_PLACE.search(found[1]):
            return found[1]
    return None


def is_carried(place: str, kb: KnowledgeBase) -> bool:
    """Whether any published text of `kb` speaks of `place`, with or without the word for its kind (云岭, 云岭市)."""
    core = place[:-1]
    return any(
        core in searchable(f"{document.card.title} {document.card.issuer or ''}")
        or core in kb.text(document.version_id)
        for document in kb.published()
    )
