"""Retrieval benchmarks, exam questions, and speed side by side with others."""
