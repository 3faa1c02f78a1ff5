"""Slack: what arrives (listeners), what is sent (transport), and the process between (serve).

The only package that imports slack_bolt and slack_sdk.
"""
