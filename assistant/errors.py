"""Errors of the assistant package. Each message is one Chinese sentence for the user.

AssistantError
├── InvalidQuestion     an empty or over-long question, a malformed history
├── InvalidFeedback     a vote or report that cannot be taken
├── InvalidExcerpt      a passage, note or outline that cannot be kept
└── NotYours            a conversation or turn that is not there for this reader
"""


class AssistantError(Exception):
    """Anything the assistant cannot do, said in one Chinese sentence."""


class InvalidQuestion(AssistantError):
    """A question or history that cannot be taken in."""

    exit_code = 2


class InvalidFeedback(AssistantError):
    """A vote on an unfinished answer, a report of an answered question, a comment that is too long."""

    exit_code = 2


class InvalidExcerpt(AssistantError):
    """Words that are not in the library, a remark that is too long, more notes than there may be."""

    exit_code = 2


class NotYours(AssistantError):
    """A conversation or turn that does not exist for this reader."""
