"""How much of a sentence's wording stands in its sources, and which words stand nowhere in them."""

from __future__ import annotations

import re
from typing import Final

from assistant.verification.evidence import Evidence, Weights
from knowledge.text.quantities import AMOUNT, UNIT

STRANGE: Final = 0.05  # what each character of a word that the sources do not have takes off the score

_CONTENT = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
#: Words that carry no claim of their own.
_EMPTY = re.compile(
    r"根据|依据|按照|依照|遵照|规定|明确|指出|提出|其中|此外|同时|另外|因此|所以|具体|主要(?!领导|负责)|包括|如下|以下|以上|以内|之内|"
    r"以及|或者|并且|早上|晚上|上午|下午|中午|不算|计算|通过|符合|前提|处理|只有|就是|这样|办理|依法|依规|内容|本身|同样|依次|分别|一共|总共|列出|这一|适用于|如果|的话|对于|关于|有关|相关|应当|可以|必须|不得|不准|不许|禁止|需要|这些|那些|遵循|原则|方式|情形|条件|步骤|作出|"
    r"(?:需要|值得)?注意的是|也就是说?|换句话说|唯一的?例外|例外|即可|只要|才能|仅|此次|这里|往下|通常|属于|对应|如下|满足|不行|还有|"
    r"(?:不得?|不应|不能)?(?:超过|高于|低于|少于|多于)|最[多少高低长短迟]|至[多少]|文件|共同|一起|照常|一律|一般|"
    r"本|第二年|这|那|其|的|了|在|和|与|及|是|为|等|并|也|还|将|把|就|而|则|即|都|均|于|或|要|应|须|需|可|由|对|向|到|从|自|用|"
    r"起|时|上|中|内|后|前|一|个|有|且|当|每|者|能|方|经|以|予|再|再次|该|各|所|之|若|被|给|让|使|会|才|仍|但|来|先|已|开|类|们|很|它|指|面|去|看|段|只|算|按"
)
_STRETCH = re.compile(r"[,;:。、!?]|以及|或者|及|和")
_NUMERALS = re.compile(rf"[0-9{AMOUNT}半]+(?:{UNIT}|时|角|成)?")


def score(plain: str, evidence: Evidence, weights: Weights) -> float:
    """The share of the weight of the content characters of `plain` that stand in the evidence beside the same neighbour,
    less something for each character of a word (two together) that does not. 1.0 without any content."""
    known = _known(plain, evidence.bigrams, evidence.plain)
    total = got = 0.0
    strange = run = 0
    for place, character in enumerate(plain):
        if known[place] is None:
            run = 0
            continue
        weight = weights.of(character)
        total += weight
        if known[place]:
            got += weight
            run = 0
        else:
            run += 1
            strange += 2 if run == 2 else run > 2
    return max(0.0, got / total - STRANGE * strange) if total else 1.0


def foreign(plain: str, evidence: Evidence) -> str:
    """The first word of `plain` that stands nowhere in the passages of the evidence: two content characters or more, or
    one that does not stand there even beside other neighbours. "" if none."""
    run = ""
    known = _known(plain, evidence.bigrams_beside, evidence.beside)
    for character, found in zip(f"{plain}。", [*known, None], strict=True):
        if found is False:
            run += character
            if character not in evidence.beside:
                return run
        elif len(run) > 1:
            return run
        else:
            run = ""
    return ""


def weakest(plain: str, evidence: Evidence) -> tuple[float, str]:
    """The share of known content of that stretch of `plain` (an item of a list, a clause) that the evidence knows least,
    and the stretch; (1.0, "") when none says anything."""
    found = (1.0, "")
    for stretch in _STRETCH.split(plain):
        known = [one for one in _known(stretch, evidence.bigrams, evidence.plain) if one is not None]
        if len(known) > 1:
            found = min(found, (sum(known) / len(known), stretch))
    return found


def content(plain: str) -> int:
    """How many characters of `plain` carry a claim."""
    empty = _empty(plain)
    return sum(not empty[match.start()] for match in _CONTENT.finditer(plain))


def share(plain: str, bigrams: frozenset[str], weights: Weights) -> float:
    """The share of the weight of the content characters of `plain` that stand in some text with these bigrams."""
    known = _known(plain, bigrams, "")
    weighed = [
        (weights.of(character), found) for character, found in zip(plain, known, strict=True) if found is not None
    ]
    total = sum(weight for weight, _ in weighed)
    return sum(weight for weight, found in weighed if found) / total if total else 0.0


def _known(plain: str, bigrams: frozenset[str], text: str) -> list[bool | None]:
    """For each character whether a text has it beside the same neighbour; None where it carries no claim."""
    empty = _empty(plain)
    known: list[bool | None] = [None] * len(plain)
    for match in _CONTENT.finditer(plain):
        start, end = match.span()
        if empty[start]:
            continue
        beside = plain[start - 1 : end] in bigrams or plain[start : end + 1] in bigrams
        found = match[0] in text if end - start > 1 else beside
        known[start:end] = [found] * (end - start)
    return known


def _empty(plain: str) -> bytearray:
    empty = bytearray(len(plain))
    for pattern in (_EMPTY, _NUMERALS):
        for match in pattern.finditer(plain):
            empty[match.start() : match.end()] = b"\1" * len(match[0])
    return empty
