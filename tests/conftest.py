"""What all tests share: the profiles of hypothesis."""

import os

from hypothesis import settings

# A shared machine makes one example slow by chance, so no example is timed. In CI the examples are the same each time:
# a red run is then a fault of the change.
settings.register_profile("mailcheck", deadline=None)
settings.register_profile("mailcheck-ci", deadline=None, derandomize=True)
settings.load_profile("mailcheck-ci" if os.environ.get("CI") == "true" else "mailcheck")
