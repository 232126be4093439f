"""Items on who decides: the one body that a sentence lets approve, decide, choose or draw up something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.study.question_bank.making.material import Material, Said, Spot

_BODY = (
    r"[\u4e00-\u9fff（）()、]{0,16}?(?:委员会|代表大会|人民政府|国务院|党委|党组|纪委|监委|人民法院|人民检察院|支部大会|支部|党中央|部门|机关|机构|"
    r"组织|单位|主席|总理|主要负责人|负责人|领导小组|办公厅|办公室)(?:（[\u4e00-\u9fff]{2,6}）)?"
)
_DOES = r"(?:批准|决定|审批|审议(?:决定|批准)?|核准|审核|任命|召集|制定|产生|选举产生|确定|备案|同意|主持|领导|统一领导|负责)"
_PLACE = re.compile(rf"(?:由|经|报请|报|提请|应当报)(?P<body>{_BODY})(?P<does>{_DOES})")
_VAGUE = re.compile(
    r"有关|相应|所在|各级|相关|双方|或者|或|和|以及|其|本单位|有批准权|主管|同级|、|领导机关|负责人$|委托|根据|核报|会同|归口|批准|成立|按照|组成|派出|由|经|报|向|对|将|把"
)


@dataclass(frozen=True, slots=True)
class Body(Spot):
    """A body at `start:end` of a sentence, with bodies of other provisions of the same text that do not do this."""

    others: tuple[str, ...]


def bodies(material: Material) -> Iterator[Body]:
    """The sentences that let one body do something."""
    found = [(said, place) for said in material.sentences for place in _PLACE.finditer(said.text)]
    names = list(dict.fromkeys(place["body"] for _, place in found if _is_named(place["body"])))
    for said in material.sentences:
        places = [place for one, place in found if one is said]
        if len(places) != 1 or not _is_named(places[0]["body"]):
            continue
        place = places[0]
        written = place["body"]
        if said.text.count(written) > 1:
            continue  # the sentence itself gives it away
        others = tuple(
            name
            for name in names
            if _is_another(name, written) and name not in said.text and _without(said, place, name) not in material.text
        )
        if len(others) >= 3:
            yield Body(said, written, place.start("body"), place.end("body"), others)


def _without(said: Said, place: re.Match[str], name: str) -> str:
    """The few words around the body with another in its place: they must not stand in the text."""
    return name + place["does"] + said.text[place.end() : place.end() + 4]


def _is_named(body: str) -> bool:
    return 3 <= len(body) <= 18 and not _VAGUE.search(body)


def _is_another(one: str, other: str) -> bool:
    """Neither holds the other, and they share less than half of their characters: 上级党组织 is no wrong 上级党委."""
    if one in other or other in one or ("上" in one and "上" in other):
        return False
    shared = len(set(one) & set(other))
    return shared * 2 <= min(len(set(one)), len(set(other)))
