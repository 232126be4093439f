"""How sentences and headings of policies are worded: which part of the card a heading names, what refuses, grants or demands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from assistant.study.policies.card import Part, Quote
from assistant.study.policies.conditions import whose
from assistant.study.policies.layout import PLAIN, Node
from knowledge.text.quantities import AMOUNT, ARABIC, ITEM

_LONGEST_HEADING: Final = 20  # characters
GRANT: Final = (
    r"(?:支持|补助|补贴|奖励|奖补|扶持|贴息|返还|受理|享受|申领|申请|申报|推荐|救助|容错|兑现|认定|参评|发放"
    r"|报名|资助|租住|领取|提名)"
)
_REFUSED: Final = re.compile(
    rf"不(?:得|能|可)(?:再次|重复|再|作为[^，。；]{{1,8}})?{GRANT}|不(?:给)?予{GRANT}|不(?:再)?(?:重复)?(?:享受|{GRANT})(?!的?其他)"
    rf"|不(?:得|能)?纳入|取消[^，。；]{{0,6}}资格|不在[^，。；]{{1,6}}之列|不适用本[\u4e00-\u9fff]{{2,4}}|不再(?:给予|安排)|^[^，。；：]{{4,40}}除外。?$|不在此列|不属于[^，。；]{{1,8}}范围|不能[^，。；]{{0,2}}{GRANT}"
)
#: What is refused there is a late paper, or a second sum, or nobody's own case; or the office owes a reason.
_NOT_REFUSED: Final = re.compile(
    r"逾期[^，。；]*|(?:就高|按照?(?:其中)?最高)[^。；]*|不予[^，。；]{1,6}的，应当[^。；]*|[^。；]*(?:得分|评审|名额|额满|用完)[^。；]*"
)
#: What follows from having cheated; a text that lists who may not apply does not mean it there.
PUNISHES: Final = re.compile(
    r"骗取|弄虚作假|虚报|冒领|虚假|欺骗|追回|退回|退还|追究|[年月]内不得|取消[^，。；]{0,6}资格"
)
_CASES: Final = re.compile(r"(?:情形|情况|行为)之一的?，?(?:一律)?(?:不(?:得|予|给予|能|再|可)|取消)")
_NO_PART: Final = (
    r"有效期|执行期|实施期|执行到|适用(?:期|时间)|目标|(?:执行|实施|施行|生效)(?:时间|日期)|延续|延长|总体|(?:工作|管理|有关|相关|纪律|监管)要求"
    r"|组织|保障措施|附则|其他|监督|目的|依据|解释"
)
_HEADINGS: Final = (
    (None, re.compile(_NO_PART)),
    (Part.EXCLUDED, re.compile(r"不予|不得|不能|不享受|不纳入|排除|负面|除外|取消|禁止")),
    (Part.PHONE, re.compile(r"电话|热线|联系|咨询")),
    (
        Part.STANDARDS,
        re.compile(r"(?:标准|金额|额度|支持措施|支持方式|奖励措施|扶持措施|政策措施|多少)$|标准|额度|利率"),
    ),
    (
        Part.WINDOW,
        re.compile(
            rf"{GRANT}?(?:起止)?(?:时间|期限|日期)|程序|流程|时间安排|什么时候|{GRANT}(?:方式|与验收|办法)$|经办"
        ),
    ),
    (Part.UNIT, re.compile(r"主管|责任单位|受理单位|办理(?:机构|单位|部门)|牵头")),
    (Part.OBJECTS, re.compile(r"对象|范围|哪些人|谁可以|适用")),
    (Part.CONDITIONS, re.compile(r"条件|要求|资格")),
)
LEAD: Final = re.compile(r"条件|要求|符合|具备|满足|达到")
LISTS: Final = re.compile(r"下列|以下")
OBJECT: Final = re.compile(
    r"适用于(?!自?[0-9])|，?适用本|对象(?:为|是)|面向|均可(?:以)?(?:申报|申请|申领)|(?:范围|对象)[：:]|可以(?:按照|依照|申请)"
    r"|^本[\u4e00-\u9fff]{2,4}(?:奖励|补助|资助|扶持|奖补)(?!资金|标准|政策|项目|工作|方式|对象)|授予(?:下列|以下)"
    rf"|(?:资金|政策|本.{{2,4}})支持在?|^对[^，。]{{4,60}}，给予{GRANT}。$"
)
_ONE_OF: Final = re.compile(r"(?:应当|应|须|必须)[^，。；]{2,4}下列[^，。；]{0,6}之一[：:]")
DEFINED: Final = re.compile(r"^本[\u4e00-\u9fff]{2,4}所称[^，。；]{2,20}，?(?:是指|指|包括)")
MUST: Final = re.compile(r"^(?:申报|申请|申领)(?:主体|人|单位|企业|者|项目)?(?:应当|应|须|必须|需)")
#: Conditions that stand in another article are read there.
REFERS: Final = re.compile(r"(?:符合|具备|满足)(?:本[\u4e00-\u9fff]{2,4})?第[^，。；]{1,4}条")
_SUM: Final = re.compile(
    rf"[{ARABIC}{AMOUNT}]+(?:\.[0-9]+)?[ 　]*(?:万|亿)?元|%|％|‰|百分之|千分之|百分点|分为.{{1,3}}档"
)
_GIVEN: Final = re.compile(rf"给予|加奖|另奖|收取|免收|发放|兑付|核定|标准|{GRANT}")
_CHECKED: Final = re.compile(r"核查|抽查|抽取|公示")
#: How a sum is handed out is no sum: 奖励分两期发放：审定后发放60%.
_PAID_OUT: Final = re.compile(rf"分[{ITEM}两0-9]+(?:期|次|批)(?:发放|拨付|兑付|支付|兑现)")
#: 采取先建后补方式 says how, not how much.
HOW_PAID: Final = re.compile(r"^[^，。；]{0,12}采[取用][^，。；]{2,12}方式。?$")
_BUDGET: Final = re.compile(r"资金总额|年度总额|资金预算|年度预算")
_LIMITED: Final = re.compile(
    rf"[只仅](?:能|可)?{GRANT}[一1]次|享受[^，。；]{{0,8}}不超过[{ARABIC}{AMOUNT}]{{1,3}}次"
    r"|^(?:租|补贴|补助|奖励|资助)期限?[^，。；]{0,8}(?:不超过|最长)"
)
PAID: Final = re.compile(r"奖励|补贴|补助|奖补|扶持|贴息|返还|标准|待遇|资助|津贴")
_HONOUR: Final = re.compile(
    r"^对[^，。]{2,24}(?:干部|人员|个人|集体)[^。]*(?:评价|晋升|晋级|评优|嘉奖|记[^，。]{1,3}功|优先|荣誉)"
    r"|^[^，。]{4,30}的，(?:可)?优先(?:推荐|录用|聘用|晋升|安排)"
)
APPLY: Final = re.compile(r"申报|申请|申领|受理|报送|推荐|评选|开展|报[县市区镇]|截止|报名|提名|提交")
APPLY_TIME: Final = re.compile(r"(?:申报|申请|申领|受理|报名|提名)(?:的)?(?:时间|期限?|日期)")
EXEMPT: Final = re.compile(r"不受(?:前|上|本|第)[^，。；]{0,8}限制")


def part_of(heading: str) -> tuple[bool, Part | None]:
    """Whether a heading is known, and its part; one that names two parts is not."""
    if re.search(r"对象.{0,3}条件|条件.{0,3}标准|对象.{0,3}标准", heading):
        return False, None
    for part, pattern in _HEADINGS:
        if pattern.search(heading):
            return True, part
    return False, None


def headed(node: Node) -> tuple[str, Node | None]:
    """The heading of a line and what follows it, None when the line is nothing else; "" for a line without one."""
    text = node.text
    if labelled := re.match(r"【([^】]{2,10})】[：:]?", text):
        rest = text[labelled.end() :]
        return labelled[1], Node(node.kind, rest, node.start + labelled.end()) if rest else None
    if len(text) <= _LONGEST_HEADING and not re.search(r"[。；，：:]", text) and node.kind != PLAIN:
        return text, None
    if text.endswith(("？", "?")):
        return text, None
    if found := re.match(r"([^。：:；，]{2,16})([：:。])(?=.)", text):
        known, part = part_of(found[1])
        if known and (part is not None or found[2] == "。") and not (found[2] == "。" and len(found[1]) > 12):
            return found[1], Node(node.kind, text[found.end() :], node.start + found.end())
    return "", None


def is_lead(text: str) -> bool:
    return text.rstrip().endswith(("：", ":")) or (text.endswith("之一的") or text.endswith("的："))


def leads_to_refusals(text: str) -> bool:
    """Whether a line leads to the cases in which nobody may apply."""
    return _REFUSED.search(text) is not None or _CASES.search(text) is not None


def refuses(text: str) -> bool:
    """Whether a sentence or a piece of one refuses an applicant."""
    return _REFUSED.search(_NOT_REFUSED.sub("", text)) is not None


def has_sum(text: str) -> bool:
    return _SUM.search(text) is not None


def paid_out(text: str) -> bool:
    """Whether a sentence tells in how many parts a sum is handed out."""
    return _PAID_OUT.search(text) is not None


def grants(text: str) -> bool:
    """Whether a sentence grants something: a sum, an honour, or how often one may have it."""
    given = _SUM.search(text) and _GIVEN.search(text) and not OBJECT.search(text)
    checked = (_CHECKED.search(text) and not re.search("元|给予", text)) or paid_out(text)
    return bool((given and not checked and not _BUDGET.search(text)) or _HONOUR.match(text) or _LIMITED.search(text))


def demands(text: str, objects: Iterable[Quote]) -> bool:
    """Whether a sentence after the conditions makes one more: for a grant, for a class among the objects, or one of several."""
    if re.search("给予|元", text):
        return False
    if _ONE_OF.search(text):
        return True
    words = whose(text)
    named = any(words in one.text or one.text.rstrip("。；") in words for one in objects)
    return bool(words) and (named or re.search("申请|申领|申报|提名", words) is not None)
