"""The trainer's desk without its pages: lists, cases, exchange, queues and figures."""
