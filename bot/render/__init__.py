"""How a report looks: in Slack, in a terminal, as an export."""
