"""``python -m voirie`` is the command ``voirie``."""

import sys

from voirie.cli import main

sys.exit(main())
