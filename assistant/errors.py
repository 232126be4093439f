"""Errors of the assistant package. Each message is one Chinese sentence for the user.

AssistantError
├── InvalidQuestion     an empty or over-long question, a malformed history
└── NotYours            a conversation or turn that is not there for this reader
"""


class AssistantError(Exception):
    """Anything the assistant cannot do, said in one Chinese sentence."""


class InvalidQuestion(AssistantError):
    """A question or history that cannot be taken in."""

    exit_code = 2


class NotYours(AssistantError):
    """A conversation or turn that does not exist for this reader."""
