"""The mail knowledge. Knows nothing of Slack, SQLite or languages."""
