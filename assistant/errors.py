"""Errors of the assistant package. Each message is one Chinese sentence for the user.

AssistantError
├── InvalidQuestion     an empty or over-long question, a malformed history
├── InvalidFeedback     a vote or report that cannot be taken
├── InvalidExcerpt      a passage, note or outline that cannot be kept
├── NotYours            a conversation or turn that is not there for this reader
├── NotAllowed          a program whose key is for other things
└── DeskError
    ├── InvalidEntry    an entry of a list, a curated answer or a case that cannot be taken
    └── NoSuchItem      an entry, curated answer or queue item that is not there
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


class NotAllowed(AssistantError):
    """Something that a program's key is not for."""


class DeskError(AssistantError):
    """Anything at the trainer's desk that cannot be done."""

    exit_code = 2


class InvalidEntry(DeskError):
    """Something that cannot be taken as it is."""


class NoSuchItem(DeskError):
    """Something that is not there, or no longer."""
