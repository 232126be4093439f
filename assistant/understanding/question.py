"""What a question asks: its kind, the document, article and edition it names, and what it takes over from the history."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from assistant.errors import InvalidQuestion
from assistant.model import Message
from assistant.understanding.followup import GoesOn, Request, condense, nowhere, request_of, says_little
from assistant.understanding.named_documents import Named, Names
from knowledge.text.normalise import searchable
from knowledge.text.quantities import DIGIT, ArticleRef, article_ranges, places
from knowledge.text.word_lists import WordLists, Words

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
    somebody's own case, `prediction` for something that has not happened; `request` is what it wants of the answer before;
    `added` is the question as it was asked, corrected, when rules joined it with the one before."""

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
    request: Request | None = None
    added: str = ""

    @property
    def held(self) -> tuple[Named, ...]:
        """Those of `named` that the library has."""
        return tuple(one for one in self.named if one.documents)


_YEAR_BESIDE = re.compile(r"[(]?((?:19|20)\d{2})年?[)]?")
_TWO_YEARS = re.compile(r"((?:19|20)\d{2})年?版?(?:的)?(?:和|与|跟|到|至|、|相?比|对比|较)((?:19|20)\d{2})年?")
_RULE: Final = "(?:条例|规定|办法|准则|细则|规则|版本?|法(?![子儿院官宝])|文件)"
LISTS: Final = WordLists(Path(__file__).with_name("lists") / "question.yaml", RULE=_RULE, SEVERAL=f"{DIGIT[2:]}十两")

_YEAR = Words(lambda: rf"((?:19|20)\d{{2}})年?(?:{LISTS['year']})")
_OLDER, _NEWER, _BOTH, _CHANGED = (LISTS.words(name) for name in ("older", "newer", "both", "changed"))
_DEFINITION, _NUMBER, _LIST, _WHO = (LISTS.words(name) for name in ("definition", "number", "list", "who"))
_COMPARISON = re.compile(
    r"(.{2,40}?)(?:和|与|跟|同)([^,，]{2,30}?)(?:之间|相比)?(?:[,，]?[\u4e00-\u9fff]{0,6}上)?(?:的)?"
    r"(?:(?:有)?(?:什么|何|啥|哪些|到底|怎么|如何)?(?:是)?(?:的)?(?:区别|不同|差别|差异|异同|不一样|比较|对比|区分|有什么关系)"
    r"|[\u4e00-\u9fff]{0,10}[,，]?(?:各是|各自|分别是|分别|各为)(?:多|哪|什么|几|怎|由))"
)
# A ruling is asked for when the asker speaks of himself or a relative and wants to know how it ends.
_PERSONAL = Words(
    lambda: (
        rf"(?:我(?!们|国|党|省|市|县|局|镇|乡|单位|委|院|校)|本人|俺)[^。]{{0,80}}?(?:{LISTS['ruling']})"
        r"|我们单位.{0,6}能(?:不能)?评上|能评上先进吗"
    )
)
_PREDICTION = LISTS.words("prediction")


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


def by_rules(
    asked: str,
    history: Sequence[Message],
    names: Names,
    correct: Callable[[str], str],
    goes_on: GoesOn = says_little,
    outside: Callable[[str], bool] = nowhere,
) -> str:
    """`asked` corrected and, when it is a follow-up, as it would be asked without `history` (oldest first); `goes_on`
    decides where no word of it does, and what lies `outside` of the field is none."""
    earlier = [message for message in history if message.role == "user"]
    return condense(correct(asked), earlier, names, correct, goes_on, outside)


def take_apart(asked: str, standalone: str, names: Names) -> Understood:
    """What `asked` wants, which reads `standalone` when it is corrected and free of the history."""
    plain = searchable(standalone)
    named = names.find(standalone)
    if not named and (speech := names.speech(standalone)):
        named = (speech,)
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
        request=request_of(asked) if standalone != asked else None,
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
