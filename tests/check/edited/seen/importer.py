"""Sees the edited module, takes all names of another, and speaks of one that the edited module does not have yet."""

import edited
from other import *

print(edited.size("a"), edited.wanted, limit)
