"""How a person's name may be written where one is invited, once it is plain (`pages.typed`)."""

import re

# Names are written with letters, in any script; a formula begins otherwise.
NAME = re.compile(r"[^\W\d_][\w .'\-]*", re.UNICODE)
NO_NAME = "Names begin with a letter and have letters, spaces, hyphens and apostrophes. Correct it."
