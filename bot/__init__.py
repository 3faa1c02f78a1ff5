"""The surfaces and the memory: Slack, the terminal, wording, history."""
