"""Why a language model gave no answer, in words for the reader.

GenerationFailed (AssistantError)
│   carries a Failure: what went wrong, for programs and in Chinese
└── NotWritten          the same for a whole text, with what became of its sentences
"""

from __future__ import annotations

from enum import StrEnum

from assistant.errors import AssistantError, InvalidQuestion
from assistant.model import Generation


class Failure(StrEnum):
    """What went wrong. The value is for programs and logs; SAYS gives the words."""

    DOWN = "down"
    TIMEOUT = "timeout"
    STALLED = "stalled"
    RATE_LIMITED = "rate_limited"
    REJECTED = "rejected"
    BROKEN = "broken"
    BUSY = "busy"
    RESTING = "resting"
    EMPTY = "empty"
    REFUSED = "refused"
    LOOPING = "looping"
    UNSUPPORTED = "unsupported"
    OFF_TOPIC = "off_topic"
    CONFIDENTIAL = "confidential"
    OVER_LIMIT = "over_limit"


SAYS: dict[Failure, str] = {
    Failure.DOWN: "语言模型连接不上",
    Failure.TIMEOUT: "语言模型超时没有答完",
    Failure.STALLED: "语言模型中途没有了响应",
    Failure.RATE_LIMITED: "语言模型服务限流",
    Failure.REJECTED: "语言模型服务拒绝了请求",
    Failure.BROKEN: "语言模型的输出中断或格式有误",
    Failure.BUSY: "使用语言模型的人太多",
    Failure.RESTING: "语言模型近来连续出错，暂停使用",
    Failure.EMPTY: "语言模型没有给出内容",
    Failure.REFUSED: "语言模型没有作答",
    Failure.LOOPING: "语言模型的输出反复循环",
    Failure.UNSUPPORTED: "语言模型写的内容大多在来源中找不到依据",
    Failure.OFF_TOPIC: "语言模型没有依据最相关的条文作答",
    Failure.CONFIDENTIAL: "问题或所依据的文件带有密级或内部标记，没有发送给语言模型",
    Failure.OVER_LIMIT: "已达到使用语言模型的次数上限",
}

#: Failures that say something about the endpoint rather than about one answer: they count for the circuit breaker.
OF_THE_ENDPOINT = frozenset(
    {Failure.DOWN, Failure.TIMEOUT, Failure.STALLED, Failure.RATE_LIMITED, Failure.REJECTED, Failure.BROKEN}
)


class GenerationFailed(AssistantError):
    """No answer came from the model. `detail` is for administrators: a status code, a limit in seconds."""

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(f"{SAYS[failure]}{f'（{detail}）' if detail else ''}。")
        self.failure = failure
        self.detail = detail


class NotWritten(GenerationFailed):
    """The model's words are not shown; `generation` tells what became of them."""

    def __init__(self, error: GenerationFailed, generation: Generation) -> None:
        super().__init__(error.failure, error.detail)
        self.generation = generation


class WrongEndpoint(InvalidQuestion):
    """Settings of the endpoint that cannot be right."""
