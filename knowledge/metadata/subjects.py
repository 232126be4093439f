"""Which documents a question belongs to by what it is about, from the phrases that describe each document.

A phrase is one or more words. It counts with the square of the share of its words that stand in the question, in any
order: a phrase of two words of which one is there counts a quarter. A word weighs as much as it tells:
ln(N / number of documents that use it).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.text.normalise import searchable
from knowledge.text.quantities import to_chinese
from knowledge.text.word_lists import WordLists

#: Evidence (sum of word weights) at which a question made of nothing else scores .5.
_HALF: Final = 5.0
#: A word of four or more characters also counts when this share of its bigrams stands in the question.
_ALIKE: Final = 0.66
#: Share of a phrase's weight that must stand in the question for the phrase to be told as a reason.
_TOLD: Final = 0.5
#: Weight of a character of the question that no word of the register accounts for.
_UNKNOWN: Final = 0.7
#: A word found only in the caller's synonyms counts this much of one found in the question itself.
_SYNONYM: Final = 0.8
_MOST_OF_COMMON: Final = 1.5
_MOST: Final = 20

#: Words that help to tell subjects apart only beside others; their weight is capped.
_COMMON_WORDS: Final = """
    什么 可以 应当 哪些 哪些人 工作 国家 多少 多久 多大 几天 几年 几次 机关 组织 责任 发展 中央 地方 领导 提出 坚持
    进行 单位 怎么 使用 一年 建设 必须 成立 问题 一个 一次 代表 管理 人员 法律 关系 需要 决定 处理 制度 行政 时期
    行为 原则 内容 机构 条例 影响 服务 部门 方式 保护 发现 调查 作用 活动 由谁 没有 履行 提供 申请 时间 时限 研究
    根本 加强 担任 期间 报告 有效 目标 一般 产生 新时代 确定 实施 保证 保障 不得 不能 精神 情形 范围 意见 批准 受到
    法规 材料 执行 职责 形式 给予 采取 任务 以上 以下 参加 效力 违法 请求 条件 重点 直接 原因 构成 体系 规范 措施
    标准 设立 组成 集体 利用 指导 制定 环境 同意 事项 享有 委托 贯彻 计划 程序 流程 步骤 证据 办法 及时 违反 名称
    能力 期限 同一 事件 办理 适用 性质 严格 予以 宣布 政策 落实 追究 主体 后果 从事 做到 体制 平台 方法 撤销 取消
    项目 对象 计算 定期 超过 区别 提高 结合 成员 变更 上级 下级 制作 支持 安排 权益 非法 党和 结束 受理 结果 反映
    形势 数量 无效 每年 每月 涉嫌 告知 本人 举办 错误 拒绝 长期 收到 主管 侵犯 书面 变化 接受 联系 证明 资格 说明
    条款 推荐 延长 年龄 种类 权利 义务 要求 规定 费用 比例 名额 人数 级别 上限 允许 重新 主要 具体 定义 手续 审批
    情况
"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())
#: Words that are not meant when this character follows: 党组 in 党组织, 公务 in 公务员.
_NOT_BEFORE: Final = {"党组": "织", "公务": "员", "监察": "官", "法律": "援"}

_NUMBER: Final = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
_SILENT: Final = re.compile(r"[^a-z0-9\u3400-\u9fff〇，。！？；,!?;]|[的了]")
LISTS: Final = WordLists(Path(__file__).with_name("lists") / "subjects.yaml")
_FILLER: Final = LISTS.words("filler")


@dataclass(frozen=True, slots=True)
class _Phrase:
    document: int
    written: str
    words: tuple[str, ...]


class SubjectIndex:
    """Phrases of many documents, ready to be found in a question. Documents go by their position in the input."""

    def __init__(self, phrases: Iterable[Sequence[str]]) -> None:
        """`phrases` holds the phrases of each document in turn; the words of a phrase are separated by spaces."""
        self._phrases: dict[str, list[_Phrase]] = defaultdict(list)
        holders: dict[str, set[int]] = defaultdict(set)
        listed = [(document, phrase) for document, written in enumerate(phrases) for phrase in dict.fromkeys(written)]
        # One pass over the joined text: folding some thousand words one by one would cost a tenth of a second.
        joined = _plain("；".join(phrase.replace(" ", "，") for _, phrase in listed))
        folded = joined.split(";") if listed else []
        for (document, phrase), plain in zip(listed, folded, strict=True):
            words = tuple(word for word in plain.split(",") if word)
            for word in words:
                self._phrases[word].append(_Phrase(document, phrase, words))
                holders[word].add(document)
        documents = 1 + max((document for document, _ in listed), default=0)
        self._weights = {
            word: min(_MOST_OF_COMMON if word in _COMMON else math.inf, math.log((documents + 1) / len(held)))
            for word, held in holders.items()
        }
        self._beginning: dict[str, list[str]] = defaultdict(list)
        self._containing: dict[str, list[str]] = defaultdict(list)
        for word in holders:
            self._beginning[word[:2]].append(word)
            if len(word) >= 4:
                for bigram in set(_bigrams(word)):
                    self._containing[bigram].append(word)

    def rank(self, question: str, also: Sequence[str] = ()) -> list[tuple[int, float, tuple[str, ...]]]:
        """The documents that `question` touches, best first: (document, score in 0..1, its matched phrases)."""
        plain = _plain(question)
        found = self._find(plain)
        for word, (quality, _) in self._find("，".join(map(_plain, also))).items():
            found.setdefault(word, (quality * _SYNONYM, frozenset()))
        credits: dict[int, dict[str, float]] = defaultdict(dict)
        shares: dict[int, dict[str, float]] = defaultdict(dict)
        for phrase in {phrase for word in found for phrase in self._phrases[word]}:
            whole = sum(self._weights[word] for word in phrase.words)
            present = {word: self._weights[word] * found[word][0] for word in phrase.words if word in found}
            share = sum(present.values()) / whole
            shares[phrase.document][phrase.written] = share
            held = credits[phrase.document]
            for word, weight in present.items():
                held[word] = max(held.get(word, 0.0), weight * share * share)
        total = self._information(plain, found)
        ranked = []
        for document, held in credits.items():
            evidence = _without_overlap((credit, found[word][1]) for word, credit in held.items())
            score = evidence / (evidence + _HALF) * (0.4 + 0.6 * min(1.0, evidence / total))
            ranked.append((document, score, _told(shares[document])))
        return sorted(ranked, key=lambda one: (-one[1], one[0]))[:_MOST]

    def _find(self, plain: str) -> dict[str, tuple[float, frozenset[int]]]:
        """Words of the phrases that stand in `plain`: how well (1 exactly), and the positions they take."""
        found: dict[str, tuple[float, frozenset[int]]] = {}
        places: dict[str, int] = {}
        for at, bigram in enumerate(_bigrams(plain)):
            places.setdefault(bigram, at)
            for word in self._beginning.get(bigram, ()):
                if plain.startswith(word, at) and not _another(word, plain[at + len(word) : at + len(word) + 1]):
                    _, taken = found.get(word, (1.0, frozenset()))
                    found[word] = 1.0, taken | frozenset(range(at, at + len(word)))
        shared: dict[str, list[int]] = defaultdict(list)
        for bigram, at in places.items():
            for word in self._containing.get(bigram, ()):
                shared[word].append(at)
        for word, starts in shared.items():
            share = len(starts) / (len(word) - 1)
            if word not in found and share >= _ALIKE and max(starts) - min(starts) <= 2 * len(word):
                found[word] = share * share, frozenset(at for start in starts for at in (start, start + 1))
        return found

    def _information(self, plain: str, found: dict[str, tuple[float, frozenset[int]]]) -> float:
        """What the whole question says: the weights of its known words and a little for every other character."""
        spoken = {at for match in _FILLER.finditer(plain) for at in range(*match.span())}
        known = {at for _, positions in found.values() for at in positions}
        weights = _without_overlap((self._weights[word], taken) for word, (_, taken) in found.items() if taken)
        return weights + _UNKNOWN * len(set(range(len(plain))) - spoken - known) or 1.0


def _told(shares: dict[str, float]) -> tuple[str, ...]:
    """The phrases to give as a reason, the fullest first; at least one."""
    ordered = sorted(shares, key=lambda written: -shares[written])
    return tuple(written for at, written in enumerate(ordered) if at == 0 or shares[written] >= _TOLD)


def _without_overlap(credits: Iterable[tuple[float, frozenset[int]]]) -> float:
    """Sum of the credits, the larger first; of one that overlaps those before it, only the share that does not."""
    total, taken = 0.0, set[int]()
    for credit, positions in sorted(credits, key=lambda one: (-one[0], sorted(one[1]))):
        total += credit * (len(positions - taken) / len(positions) if positions else 1.0)
        taken |= positions
    return total


def _another(word: str, following: str) -> bool:
    """Whether `word` before the character `following` is part of another word."""
    return following != "" and _NOT_BEFORE.get(word) == following


def _plain(text: str) -> str:
    """`text` folded, numbers up to 999 in Chinese (`12天` → `十二天`), without anything that is not a word."""
    return _SILENT.sub("", _NUMBER.sub(lambda number: to_chinese(int(number[0])), searchable(text)))


def _bigrams(text: str) -> Iterator[str]:
    return (text[at : at + 2] for at in range(len(text) - 1))
