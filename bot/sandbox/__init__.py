"""A Slack workspace and a small internet on loopback, for the demo and for the tests."""
