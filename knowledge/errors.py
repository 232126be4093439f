"""Errors of the knowledge package. Each message is one Chinese sentence for the user.

KnowledgeError
├── ReadingError            a file cannot be read: which, why, what to do
│   ├── UnsupportedFormat
│   ├── EncryptedFile
│   ├── EmptyFile           nothing readable inside (0 bytes, scanned pages only)
│   └── UnsafeFile          zip bomb, disguised type
├── NotInLibrary            an unknown document, version or passage id
├── NoSuchJob               an unknown import job, or one without its file
├── InvalidCut              a passage that cannot be split or merged there
├── InvalidCard             a field of an identity card that cannot be (a wrong date)
├── EncoderError            the embedding model cannot be made or loaded
└── StorageError            the data folder cannot be opened, is newer, is damaged
    └── StorageBusy         somebody else is writing, for longer than one can wait
"""


class KnowledgeError(Exception):
    """Anything the library cannot do, said in one Chinese sentence."""


class ReadingError(KnowledgeError):
    """A file that cannot be read."""


class UnsupportedFormat(ReadingError):
    """A file type that no reader handles."""


class EncryptedFile(ReadingError):
    """A file that needs a password."""


class EmptyFile(ReadingError):
    """A file with no readable text."""


class UnsafeFile(ReadingError):
    """A file that is not what its name says, or that would exhaust the machine."""


class NotInLibrary(KnowledgeError):
    """An id that the catalogue does not hold."""


class NoSuchJob(KnowledgeError):
    """A job of the intake that is not there, or cannot be done again."""


class InvalidCard(KnowledgeError):
    """A value that an identity card cannot take."""


class InvalidCut(KnowledgeError):
    """A boundary between passages that cannot be."""

    exit_code = 2


class EncoderError(KnowledgeError):
    """The embedding model cannot be made or loaded."""


class StorageError(KnowledgeError):
    """The data folder cannot be used."""


class StorageBusy(StorageError):
    """Somebody else is writing; nothing was changed, and the same will do in a while."""
