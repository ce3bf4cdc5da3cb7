"""The ``tracker`` command, run as ``python -m tracker.commands``."""

import sys

from tracker.commands import main

sys.exit(main())
