"""What a question asks: its kind, the document, article and edition it names, and what it takes over from the history."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import InvalidQuestion
from assistant.followup import condense
from assistant.model import Message
from assistant.naming import Named, Names
from knowledge.lexicon import Lexicon
from knowledge.normalise import searchable
from knowledge.numerals import to_int

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
class ArticleRef:
    """第`number`条第`paragraph`款第（`item`）项; a part that is not named is None."""

    number: int
    paragraph: int | None = None
    item: int | None = None


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


_NUMERAL = "[0-9〇零一二三四五六七八九十百千两]"
_ARTICLE = re.compile(
    rf"(?P<mark>第)?(?P<number>{_NUMERAL}{{1,7}})条(?!例|件|款规定的全)"
    rf"(?:的?第?(?P<paragraph>{_NUMERAL}{{1,3}})款)?(?:的?第?[(]?(?P<item>{_NUMERAL}{{1,3}})[)]?项)?"
)
_RANGE = re.compile(rf"第?({_NUMERAL}{{1,7}})条?(?:到|至|-|—|~)第?({_NUMERAL}{{1,7}})条")
_YEAR = re.compile(
    r"((?:19|20)\d{2})年?(?:版|修订|修正|修改|颁布|发布|印发|出台|制定|通过|实施|施行|文本|那|的?旧|的?老)"
)
_YEAR_BESIDE = re.compile(r"[(]?((?:19|20)\d{2})年?[)]?")
_TWO_YEARS = re.compile(r"((?:19|20)\d{2})年?(?:版)?(?:和|与|跟|到|至|、|相?比|对比|较)((?:19|20)\d{2})年?")
_OLDER = re.compile(
    r"修[订改]前|修正前|旧版|旧的?条例|旧的?规定|老版|老条例|原条例|原来的(?:条例|规定|版)|以前的(?:条例|规定|版)|上一版|前一版|旧法|老规定"
)
_CHANGE = re.compile(
    r"(?:新旧|修订|修改|版|前后|比|相较|较).{0,20}(?:变化|不同|区别|差别|改动|修改|调整|新增|增加|删)|"
    r"(?:修订|修改|改动|调整|新增|增加|删除|删掉|变)了?(?:了|的)?(?:什么|哪些|哪里|哪儿|多少条)|有(?:什么|哪些|何)(?:变化|修改|改动|调整)|怎么改的|作了哪些修改"
)
_COMPARISON = re.compile(
    r"(.{2,40}?)(?:和|与|跟|同|及)(.{2,40}?)(?:之间)?(?:的|有|有什么|有何|到底|在.{1,12}上)?.{0,6}(?:区别|不同|差别|差异|异同|有何不同|比较|对比)"
)
_DEFINITION = re.compile(
    r"什么是|何谓|是什么意思|什么意思|是指什么|指的是什么|指什么|的?(?:含义|定义)(?:是什么)?|是什么[?？。]?$|所称|怎么理解|如何理解"
)
_NUMBER = re.compile(
    r"多少|多长|多久|多大|多高|几(?:个|年|天|日|次|名|人|级|种|类|倍|小时|周|分之|岁|条|章|票|步|项|档|户|元)|期限|时限|时间限制|最[多少长短高低]|"
    r"比例|何时|什么时候|什么时间|哪一?[年天日]|上限|下限|不得[超少低]"
)
_LIST = re.compile(
    r"哪些|哪几|哪[三四五六七八九十两]|包括什么|包含什么|有什么|条件|程序|步骤|流程|措施|原则|内容|职责|义务|权利|情形|分别|方式|种类|要求|标准|任务|环节|怎么[^样]{0,4}[做办走]|手续|材料|范围"
)
_WHO = re.compile(
    r"谁|哪个(?:部门|机关|单位|组织|机构|级)|哪一级|什么(?:机关|部门|单位|组织|机构)|哪级|何(?:机关|部门)"
)
_PERSONAL = re.compile(
    r"(?:我|本人|俺|我们(?:单位|局|科|处)?的?|他|她|我(?:同事|朋友|领导|爱人|亲戚|老公|老婆|儿子|女儿))[^。？！]{0,60}?"
    r"(?:会不会|会被|会受|会给|会怎么(?:处理|处分|判)|能不能(?:被)?(?:提拔|晋升|升|调|评|过|入党|保住)|能(?:被)?(?:提拔|晋升|评上|过)|"
    r"该不该|应不应该|算不算|够不够|要不要(?:被)?(?:处分|开除|辞职|举报|判)|该给(?:我|他|她)?什么|应该给(?:我|他|她)?|"
    r"判几年|会判|会坐牢|能判|有没有(?:机会|希望|可能)|还能不能|还有机会|是不是要被|构成|受到什么处分|是什么处分)"
)
_PREDICTION = re.compile(
    r"(?:明年|后年|未来|将来|以后|今后|下一?届|下一?次|接下来|近期).{0,16}(?:会|能|将|要|是否|可能|多少|怎么|什么)|会不会(?:修订|修改|出台|取消|提高|调整|变|放宽|延长|降|涨)|"
    r"预测|预计|估计.{0,8}(?:会|能)|什么时候会|何时会|什么时候(?:修订|出台|取消|涨|再)|还会(?:修订|再|涨|继续)|有没有可能(?:修订|出台|取消)|趋势"
)


def understand(question: str, history: Sequence[Message], names: Names, lexicon: Lexicon) -> Understood:
    """Take `question` apart, reading `history` (oldest first) when it is a follow-up.

    Raises InvalidQuestion when there is nothing to answer or more than 2,000 characters.
    """
    asked = " ".join(question.split())
    if not asked:
        raise InvalidQuestion("问题是空的，请输入想问的内容。")
    if len(asked) > LONGEST_QUESTION:
        raise InvalidQuestion(f"问题有 {len(asked)} 个字，最多 {LONGEST_QUESTION} 个字，请缩短后再问。")
    corrected = lexicon.correct(asked)
    standalone = condense(corrected, [message for message in history if message.role == "user"], names, lexicon.correct)
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
    if _CHANGE.search(plain) and (len(years) > 1 or years or older or re.search("修订|修改|新旧|修正|新版", plain)):
        return Kind.CHANGE
    if articles:
        return Kind.ARTICLE
    if _COMPARISON.search(plain):
        return Kind.COMPARISON
    for kind, pattern in ((Kind.NUMBER, _NUMBER), (Kind.WHO, _WHO), (Kind.LIST, _LIST), (Kind.DEFINITION, _DEFINITION)):
        if pattern.search(plain):
            return kind
    return Kind.OTHER


def _articles(plain: str, named: Sequence[Named]) -> tuple[ArticleRef, ...]:
    """Articles asked for. Without 第 a number of 条 counts only right after a document's name (`公务员法59条`)."""
    found: list[ArticleRef] = []
    for first, last in _RANGE.findall(plain):
        low, high = to_int(first), to_int(last)
        if low and high and low < high <= low + 20:
            found += [ArticleRef(number) for number in range(low, high + 1)]
    for match in _ARTICLE.finditer(plain):
        before = plain[: match.start()].rstrip("》的中里第,，: ")
        beside = any(before.endswith(plain[one.start : one.end].rstrip("》")) for one in named)
        number = to_int(match["number"])
        if number and (match["mark"] or beside) and not any(one.end > match.start() >= one.start for one in named):
            found.append(
                ArticleRef(number, to_int(match["paragraph"] or "") or None, to_int(match["item"] or "") or None)
            )
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
    return (left, right)
