"""The nouns of a conversation: sentence, citation, answer, refusal, and the events of an answer being made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from knowledge.model import Validity


class Mode(StrEnum):
    """How an answer was made; LABELS gives the words on the screen."""

    EXTRACT = "extract"
    GENERATE = "generate"
    POSSIBLE = "possible"  # whole provisions that may be the answer
    REFUSE = "refuse"

    @property
    def answers(self) -> bool:
        """Whether it is claimed that the question is answered."""
        return self in (Mode.EXTRACT, Mode.GENERATE)


#: Ways to answer by the names under which they are asked for; None is the best there is.
MODES: Final = {"auto": None, "extract": Mode.EXTRACT, "generate": Mode.GENERATE}


LABELS: Mapping[Mode, str] = {
    Mode.EXTRACT: "原文摘录",
    Mode.GENERATE: "AI生成",
    Mode.POSSIBLE: "可能相关",
    Mode.REFUSE: "未作回答",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the history handed to the answerer; `role` is `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """What is shown of a document beside a quote."""

    id: int
    title: str
    doc_no: str | None
    issuer: str | None
    edition: str | None
    validity: Validity
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """引用: `quote` equals the canonical text of version `version_id` at `start:end`."""

    marker: int
    document: CitedDocument
    version_id: int
    passage_id: int
    address: str
    quote: str
    start: int
    end: int


class Role(StrEnum):
    """How a sentence is laid out."""

    TEXT = "text"
    DIRECT = "direct"  # says by itself what was asked
    LEAD = "lead"  # introduces the items that follow
    ITEM = "item"
    NOTE = "note"  # the assistant's own remark about the sources (an edition no longer in force)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement of an answer with the markers of its citations. Only a NOTE and a sentence that is not `supported`
    (未在来源中找到依据: written by a model, its grounds not found) may have none."""

    text: str
    citations: tuple[int, ...]
    role: Role = Role.TEXT
    supported: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A comparison: `rows[i][j]` lists indexes into `Answer.sentences` for column `j`; `rows[i]` starts with its label."""

    headers: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer. `code` is for programs, `reason` one Chinese sentence for people, `missing` the title
    of a known document that the library lacks, `nearest` the closest passages (they do not answer the question)."""

    code: str
    reason: str
    nearest: tuple[Citation, ...] = ()
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """How a language model took part in an answer. `prompt` is the version of its text; `failure` says why the model's
    words are not shown (None when they are). Its sentences were counted as `supported`, `marked` or `removed`; `dropped`
    are markers of sources that do not exist. Tokens are None where the endpoint does not count, times in ms."""

    model: str
    prompt: str
    failure: str | None = None
    supported: int = 0
    marked: int = 0
    removed: int = 0
    dropped: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    first_ms: float = 0.0
    total_ms: float = 0.0
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Curated:
    """教员审定: the answer is number `id` of those that trainers made, found by its wording `question`; `closeness` is how
    sure it is that both ask the same, 0..1."""

    id: int
    question: str
    closeness: float


class NoticeCode(StrEnum):
    """What a notice tells."""

    NOT_WRITTEN = "not_written"  # a language model failed; the text is an extract
    WRITTEN_BEFORE = "written_before"  # a language model wrote the text for an earlier question
    NOT_IN_FORCE = "not_in_force"  # a cited text is not in force today
    NOT_IN_FORCE_THEN = "not_in_force_then"  # nor was it on the day that was asked about
    WITHDRAWN = "withdrawn"  # a cited text was taken out of the library
    ELSEWHERE = "elsewhere"  # a document that the library lacks may answer too
    NEWER_RULE = "newer_rule"  # a newer or higher rule is quoted before another on the same matter
    FROM_GUIDES = "from_guides"  # the text asked about is reported by study guides only
    NO_SUCH_PART = "no_such_part"  # an article, paragraph or item that was asked for is not there
    REVIEWED_NEARBY = "reviewed_nearby"  # a trainer made an answer to a question that is near, called `title`
    OTHER_FIGURE = "other_figure"  # the question takes a figure for granted that the quotes do not hold
    OTHER = "other"  # what an answer kept by an earlier release was told


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader must be told beside an answer. `code` is for programs, `text` one Chinese sentence
    (`answering.notices` words all of them), `document` the id of the document that it is about, `title` the
    name of one that the library lacks, or the question of a curated answer."""

    code: NoticeCode
    text: str
    document: int | None = None
    title: str | None = None

    @property
    def of_writing(self) -> bool:
        """Whether it tells how the text came about."""
        return self.code in (NoticeCode.NOT_WRITTEN, NoticeCode.WRITTEN_BEFORE)

    @property
    def quiet(self) -> bool:
        """Whether it warns of nothing."""
        return self.of_writing or self.code in (
            NoticeCode.ELSEWHERE,
            NoticeCode.NEWER_RULE,
            NoticeCode.REVIEWED_NEARBY,
        )


CURATED_LABEL = "教员审定"
UNSUPPORTED_MARK = "未在来源中找到依据"


#: Confidence from which an answer is called 把握较大: of 173 such answers of five suites 95 in 100 were right (of those from .8 on 87).
SURE: Final = 0.97
#: Confidence from which it is called 把握一般.
FAIRLY_SURE: Final = 0.55


@dataclass(frozen=True, slots=True)
class Answer:
    """回答. `standalone` is the question after the history was taken in; `confidence` lies in 0..1.
    `notices` are for a banner: how a written answer came about, if that is to be told, and then what concerns the matter: a
    cited text is no longer in force, an old edition was asked for."""

    question: str
    standalone: str
    mode: Mode
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    confidence: float
    refusal: Refusal | None = None
    notices: tuple[Notice, ...] = ()
    table: Table | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    generation: Generation | None = None
    curated: Curated | None = None

    @property
    def notices_of_writing(self) -> tuple[Notice, ...]:
        """The notices that a model failed, or wrote the text before."""
        return tuple(notice for notice in self.notices if notice.of_writing)

    @property
    def notices_of_matter(self) -> tuple[Notice, ...]:
        """The other notices, which warn of what is cited or asked."""
        return tuple(notice for notice in self.notices if not notice.of_writing)

    @property
    def text(self) -> str:
        """The answer as plain text with `[1]` markers, a line per item; the reason when it is a refusal."""
        if self.refusal:
            return self.refusal.reason
        lines: list[str] = []
        for sentence in self.sentences:
            marked = sentence.text + "".join(f"[{marker}]" for marker in sentence.citations)
            marked += "" if sentence.supported else f"（{UNSUPPORTED_MARK}）"
            if lines and sentence.role is Role.TEXT and not lines[-1].startswith(("- ", "\n")):
                lines[-1] += marked
            else:
                lines.append(f"- {marked}" if sentence.role is Role.ITEM else marked)
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Progress:
    """Event: what is being done now (`理解问题`, `检索`, `组织回答`, `核对引文`)."""

    stage: str


@dataclass(frozen=True, slots=True)
class Said:
    """Event: one verified sentence with the citations it introduces."""

    sentence: Sentence
    citations: tuple[Citation, ...]
    mode: Mode = Mode.EXTRACT


@dataclass(frozen=True, slots=True)
class Finished:
    """Event, always the last: the whole answer."""

    answer: Answer


Event = Progress | Said | Finished
