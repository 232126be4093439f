"""The trainer's desk without its pages: lists, cases, curated answers, queues and figures."""
