"""The commands of the assistant: asking, the model, accounts, curated answers, word lists, queues."""
