"""What a question asks: its kind, the document, article and edition it names, and what it takes over from the history."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import InvalidQuestion
from assistant.model import Message
from assistant.understanding.followup import condense
from assistant.understanding.named_documents import Named, Names
from knowledge.text.normalise import searchable
from knowledge.text.quantities import DIGIT, ArticleRef, article_ranges, places

LONGEST_QUESTION = 2000


class Kind(StrEnum):
    """The shape of answer that a question wants."""

    ARTICLE = "article"
    CHANGE = "change"
    COMPARISON = "comparison"
    DEFINITION = "definition"
    NUMBER = "number"
    LIST = "list"
    WHO = "who"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Understood:
    """A question taken apart. `standalone` is corrected and free of the history; `named` are the documents it names.
    `year` is the edition asked for, `older` means an earlier edition without a year. `personal` asks for a ruling on
    somebody's own case, `prediction` for something that has not happened."""

    question: str
    standalone: str
    kind: Kind
    named: tuple[Named, ...] = ()
    articles: tuple[ArticleRef, ...] = ()
    years: tuple[str, ...] = ()
    older: bool = False
    personal: bool = False
    prediction: bool = False
    sides: tuple[str, ...] = ()


_YEAR = re.compile(
    r"((?:19|20)\d{2})年?(?:版|修订|修正|修改|颁布|发布|印发|出台|制定|通过|实施|施行|文本|那|的?旧|的?老|的?最[早初]|的?首|刚出|[和与跟]现行)"
)
_YEAR_BESIDE = re.compile(r"[(]?((?:19|20)\d{2})年?[)]?")
_TWO_YEARS = re.compile(r"((?:19|20)\d{2})年?版?(?:的)?(?:和|与|跟|到|至|、|相?比|对比|较)((?:19|20)\d{2})年?")
_RULE = "(?:条例|规定|办法|准则|细则|规则|版本?|法|文件)"
_OLDER = re.compile(
    rf"修[订改]前|修正前|旧版|老版|(?:旧|老|原来|原先|以前|之前|过去)的?.{{0,8}}{_RULE}|上一版|前一版|旧法|原条例"
)
_NEWER = re.compile(rf"现行|现在的?{_RULE}|新版|最新|修[订改]后|新的?{_RULE}")
_BOTH = re.compile(r"新[旧老]|老新|旧新|两[个种]?版|前后两|修[订改]前后")
_CHANGED = re.compile(
    r"变化|改动|改了|怎么改|修[订改正]了|作了.{0,4}修[订改]|有.{0,4}(?:修改|修订|改动|调整)|新增|增加了|删[除去掉]?了|调整了|哪些(?:修改|调整)|修订的(?:主要)?内容"
)
_COMPARISON = re.compile(
    r"(.{2,40}?)(?:和|与|跟|同)([^,，]{2,30}?)(?:之间|相比)?(?:[,，]?[\u4e00-\u9fff]{0,6}上)?(?:的)?"
    r"(?:(?:有)?(?:什么|何|啥|哪些|到底|怎么|如何)?(?:是)?(?:的)?(?:区别|不同|差别|差异|异同|不一样|比较|对比|区分|有什么关系)"
    r"|[\u4e00-\u9fff]{0,10}[,，]?(?:各是|各自|分别是|分别|各为)(?:多|哪|什么|几|怎|由))"
)
_DEFINITION = re.compile(
    r"什么是|什么叫|何谓|是什么意思|什么意思|是指什么|指的?是?什么|的?(?:含义|定义)(?:是什么)?|是什么[?？。]?$|所称|怎么理解|如何理解|怎么界定|如何界定"
)
_NUMBER = re.compile(
    r"多少|多长|多久|多大|多高|几(?:年|天|日|次|名|人|个人|个月|岁|倍|小时|周|分之|票|户|元|层|级)|期限|时限|时间限制|最[多少长短高低]|"
    r"比例|何时|什么时候|什么时间|哪一?[年天日]|上限|下限|不得[超少低]"
)
_LIST = re.compile(
    rf"哪些|哪几|哪[{DIGIT[2:]}十两]|几[种类步条项]|几个(?:等次|方面|方式|步骤|环节|阶段|种类|档)|包括什么|包含什么|有什么|条件|程序|步骤|流程|措施|原则|"
    r"内容|职责|义务|权利|情形|分别|方式|种类|要求|任务|环节|怎么[^样]{0,4}[做走]|手续|材料|范围"
)
_WHO = re.compile(
    r"谁|哪个(?:部门|机关|单位|组织|机构|级)|哪一级|什么(?:机关|部门|单位|组织|机构)|哪级|何(?:机关|部门)|找哪"
)
# A ruling is asked for when the asker speaks of himself or a relative and wants to know how it ends.
_PERSONAL = re.compile(
    r"(?:我(?!们|国|党|省|市|县|局|镇|乡|单位|委|院|校)|本人|俺)[^。]{0,80}?"
    r"(?:会不会|会被|会受|会挨|会背|会给|会判|会开除|能不能(?:给我|免|去掉|保|提|评|晋|过|算|不给?|翻)|能推翻|能保住|能评上|能提拔|该不该|应不应该|该给|应该给|该受|"
    r"算不算|够不够|[够保]得[上住]|要不要紧|有没有事|有没有希望|判几年|坐牢|给个?准[话信]|免予处分|能免|公平吗|合理吗|是不是要被|[什啥]么?处分)"
    r"|我们单位.{0,6}能(?:不能)?评上|能评上先进吗"
)
_PREDICTION = re.compile(
    r"(?:明年|后年|未来|将来|今后|下一?[届轮次任]|接下来|近期)[^，,]{0,16}(?:会|将|可能|能不能|是谁)|以后[^，,]{0,8}会(?:不会)?(?:取消|涨|降|改|变|修订|合并|撤)|"
    r"会不会(?:再|又|都|要){0,2}(?:修订|修改|改名|出台|取消|提高|调整|放宽|延长|降|涨)|预测|预计|什么时候会|何时会|什么时候(?:修订|出台|取消|涨)|还会(?:修订|再|涨|继续)|"
    r"有没有可能(?:修订|出台|取消)|再过[^，,]{1,3}年[^，,]{0,12}(?:会|能)|"
    r"(?:今年|明年|这次)[^，,]{0,6}能不能(?:评上|当上|选上|入选|被评)"
)


_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")  # a lone surrogate, which nothing can store or print


def taken_in(question: str) -> str:
    """`question` on one line. Raises InvalidQuestion when there is nothing to answer or more than 2,000 characters."""
    asked = " ".join(question.split())
    if _HALF_CHARACTER.search(asked):
        raise InvalidQuestion("问题里有不完整的字符，请删去后再问。")
    if not asked:
        raise InvalidQuestion("问题是空的，请输入想问的内容。")
    if len(asked) > LONGEST_QUESTION:
        raise InvalidQuestion(f"问题有 {len(asked)} 个字，最多 {LONGEST_QUESTION} 个字，请缩短后再问。")
    return asked


def understand(question: str, history: Sequence[Message], names: Names, correct: Callable[[str], str]) -> Understood:
    """Take `question` apart, reading `history` (oldest first) when it is a follow-up; `correct` puts typos right.
    Raises InvalidQuestion."""
    asked = taken_in(question)
    return take_apart(asked, by_rules(asked, history, names, correct), names)


def by_rules(asked: str, history: Sequence[Message], names: Names, correct: Callable[[str], str]) -> str:
    """`asked` corrected and, when it is a follow-up, as it would be asked without `history` (oldest first)."""
    return condense(correct(asked), [message for message in history if message.role == "user"], names, correct)


def take_apart(asked: str, standalone: str, names: Names) -> Understood:
    """What `asked` wants, which reads `standalone` when it is corrected and free of the history."""
    plain = searchable(standalone)
    named = names.find(standalone)
    years = _years(plain, named)
    articles = _articles(plain, named)
    older = bool(_OLDER.search(plain))
    kind = _kind(plain, named, years, articles, older)
    return Understood(
        question=asked,
        standalone=standalone,
        kind=kind,
        named=named,
        articles=articles,
        years=years,
        older=older and kind is not Kind.CHANGE,
        personal=bool(_PERSONAL.search(plain)),
        prediction=bool(_PREDICTION.search(plain)),
        sides=_sides(plain) if kind is Kind.COMPARISON else (),
    )


def _kind(
    plain: str, named: Sequence[Named], years: Sequence[str], articles: Sequence[ArticleRef], older: bool
) -> Kind:
    if any(one.documents for one in named) and _asks_for_change(plain, years, older):
        return Kind.CHANGE
    if articles:
        return Kind.ARTICLE
    if _COMPARISON.search(plain):
        return Kind.COMPARISON
    for kind, pattern in ((Kind.NUMBER, _NUMBER), (Kind.WHO, _WHO), (Kind.LIST, _LIST), (Kind.DEFINITION, _DEFINITION)):
        if pattern.search(plain):
            return kind
    return Kind.OTHER


def _asks_for_change(plain: str, years: Sequence[str], older: bool) -> bool:
    """Two editions are named, or one against the present, or the question asks what a revision changed."""
    if len(years) > 1 or _BOTH.search(plain):
        return True
    against_now = bool(years or older) and bool(_NEWER.search(plain))
    return against_now or bool(_CHANGED.search(plain) and (years or older or _NEWER.search(plain) or "修" in plain))


def _articles(plain: str, named: Sequence[Named]) -> tuple[ArticleRef, ...]:
    """Articles asked for. Without 第 a number of 条 counts only right after a document's name (`公务员法59条`)."""
    found = list(article_ranges(plain))
    for place in places(plain):
        before = plain[: place.start].rstrip("》的中里第,，: ")
        beside = any(before.endswith(plain[one.start : one.end].rstrip("》")) for one in named)
        if (place.marked or beside) and not any(one.end > place.start >= one.start for one in named):
            found.append(place.ref)
    return tuple(dict.fromkeys(found))


def _years(plain: str, named: Sequence[Named]) -> tuple[str, ...]:
    """Editions asked for, in the order named: `2018年版`, a year beside a document's name, `2018和2023`."""
    years = [year for pair in _TWO_YEARS.findall(plain) for year in pair] if named else []
    years += _YEAR.findall(plain)
    for one in named:
        after = _YEAR_BESIDE.match(plain, one.end)
        before = re.search(r"((?:19|20)\d{2})年?的?《?$", plain[: one.start])
        years += [match[1] for match in (before, after) if match]
    return tuple(dict.fromkeys(years))


def _sides(plain: str) -> tuple[str, ...]:
    match = _COMPARISON.search(plain)
    if not match:
        return ()
    left, right = (side.strip("，,。?？、的在 ") for side in match.groups())
    left = re.sub(r"^(?:请问|请比较|比较一下|比较|对比|对照|分析)", "", left)
    if "的" in right and "的" not in left:
        left += right[right.rindex("的") :]  # `甲和乙的种类` compares 甲的种类 with 乙的种类
    return (left, right)


def without(question: str, side: str) -> str:
    """`question` with one compared side taken out, so that it asks about the other side alone."""
    plain = searchable(question)
    shared = side[side.rindex("的") :] if "的" in side else ""
    rest = plain.replace(side, "", 1) if side in plain else plain.replace(side.removesuffix(shared), "", 1)
    rest += shared if shared not in rest else ""
    return re.sub(r"^(?:和|与|跟|同)|(?<=[,，])(?:和|与|跟|同)", "", rest).strip("，, ")
