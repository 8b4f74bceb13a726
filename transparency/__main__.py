"""`python -m transparency`."""

import sys

from transparency.cli import main

sys.exit(main())
