"""What programs of others may use: REST under /api/v1, the OpenAI way under /v1, an MCP server; one path, same rights."""
