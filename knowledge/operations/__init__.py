"""Work on a whole library: the queue of uploads, exchange, backup, check."""

from __future__ import annotations

from knowledge.operations.check import Finding
from knowledge.operations.exchange import Carried, Part, export, import_folder
from knowledge.operations.upload_queue import Job, JobKind, Jobs, JobState
from knowledge.operations.upload_worker import Intake

__all__ = [
    "Carried",
    "Finding",
    "Intake",
    "Job",
    "JobKind",
    "JobState",
    "Jobs",
    "Part",
    "export",
    "import_folder",
]
