"""Follow-up questions made standalone by rules: what an elliptical question takes over from the one before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.model import Message
from assistant.naming import Named, Names
from knowledge.normalise import searchable

_OPENING = re.compile(r"^(?:那么|那|还有|另外|再问(?:一下)?|继续|接着|如果是|要是|换成|假如是|对于|关于|至于|而)[，,]?")
_POINTING = re.compile(
    r"它们?|其中?|这[个种些项类]|那[个种些项类]|该[^当]|此|上述|前面|上面|刚才|这样|这里|两者|二者|后者|前者"
)
_CLOSING = re.compile(r"(?:又?(?:是)?(?:怎么样|怎样|如何|怎么说|怎么规定))?呢?[？?。！!]*$")
_ASKING = re.compile(
    r"(?:请问|请|说说|介绍一下|我想知道|想问一下)|"
    r"(?:应当|应该|需要|要|可以|一般|具体|都|分别)*(?:有|是|包括|为|指)?(?:哪些|哪几[种类个项]|什么意思|什么|多少|多久|多长(?:时间)?|几[个年天次种类]|谁|怎么(?:规定|办|处理|做|样)?(?:的)?|如何(?:规定)?(?:的)?|怎样(?:规定)?(?:的)?|何时)"
    r"|(?:吗|呢|么)(?=[？?。]|$)|[？?。！!]"
)
_ARTICLE_ONLY = re.compile(r"^第?[0-9〇零一二三四五六七八九十百]+[条款项]")
_EDITION_ONLY = re.compile(r"^(?:(?:19|20)\d{2}年?版?的?|旧版|修订前|老版|新版|现行的?|上一版|以前)(?:的?规定)?$")
_ARTICLE_IN = re.compile(r"第?[0-9〇零一二三四五六七八九十百]+条(?:第?[0-9一二三四五六七八九十]+款)?")
_LONG_ENOUGH = 14


def condense(question: str, asked: Sequence[Message], names: Names, correct: Callable[[str], str]) -> str:
    """`question` as it would be asked with no history; unchanged when it already stands alone.

    `asked` are the user's earlier messages, oldest first; each is condensed in turn, so a chain of
    follow-ups keeps its topic.
    """
    standing = ""
    for text in (*(correct(" ".join(message.content.split())) for message in asked), question):
        standing = _join(standing, text, names) if standing and _leans(text, names) else text
    return standing


def _leans(question: str, names: Names) -> bool:
    """Whether `question` needs the one before it: it points back, opens with 那…, ends in 呢, or is very short."""
    plain = searchable(question)
    if names.find(question) and len(plain) > _LONG_ENOUGH:
        return False
    core = _CLOSING.sub("", _OPENING.sub("", plain))
    if _OPENING.search(plain) and len(core) <= _LONG_ENOUGH + 6:
        return True
    if _POINTING.search(plain) or (plain.rstrip("?？。").endswith("呢") and len(core) <= _LONG_ENOUGH):
        return True
    return not names.find(question) and len(_topic(core)) <= 5


def _join(before: str, question: str, names: Names) -> str:
    plain = searchable(question)
    core = _CLOSING.sub("", _OPENING.sub("", plain)).strip("，, ")
    named_before = names.find(before)
    title = f"《{named_before[0].title}》" if named_before else ""
    if _EDITION_ONLY.match(core):
        return f"{core}{'' if core.endswith('的') else '，'}{before}"
    if _ARTICLE_ONLY.match(core):
        if core.lstrip("第")[-1:] and "条" not in core:
            article = _ARTICLE_IN.search(searchable(before))
            return f"{title}{article.group() if article else ''}{core}"
        return f"{title}{core}"
    named_now = names.find(core)
    if named_now and named_before and len(core) <= len(named_now[0].title) + 4:
        return _swap(before, named_before[0], f"《{named_now[0].title}》")
    if plain.rstrip("?？。").endswith("呢") and len(core) <= 12 and not _ASKING.search(core):
        shared = _longest_shared(core, searchable(before))
        if len(shared) >= 2:
            return searchable(before).replace(shared, core, 1)
    topic = _topic(searchable(before))
    aspect = _POINTING.sub("", core)
    return f"{topic}，{aspect}" if not named_now else f"{aspect}，{topic}"


def _swap(before: str, named: Named, title: str) -> str:
    plain = searchable(before)
    return plain[: named.start].rstrip("《") + title + plain[named.end :].lstrip("》")


def _topic(plain: str) -> str:
    """What a question is about: the question without the words that ask."""
    return _ASKING.sub("", plain).strip("，,的是有 ")


def _longest_shared(one: str, other: str) -> str:
    best = ""
    for start in range(len(one)):
        for end in range(len(one), start + len(best), -1):
            if one[start:end] in other:
                best = one[start:end]
                break
    return best
