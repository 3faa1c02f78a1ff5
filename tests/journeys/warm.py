"""Read by the process that bots are forked from: what each of them would else read anew in its first run."""

import gc

from bot.run import Language
from bot.wording import Wording
from checks import suffixes

Wording(Language.EN)
suffixes.registered_domain("example.com")
gc.freeze()  # what is never looked at again by the collector stays shared
