"""The trainer's desk under /admin/: documents, users and classes, the audit. Every handler asks who calls."""
