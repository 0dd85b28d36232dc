"""Where the files of a site come from: folders on disk, the git index, or a commit; read lazily and never outside the root.

Paths are POSIX, relative to the root, without a leading or trailing slash; the root itself is "". Names are exactly
those on disk or in git, letter case and Unicode form included, also where the file system would accept others.

What git has is in `tree.git`, which only who asks for it imports: most runs look at the disk alone.
"""

from __future__ import annotations

from contentlint.tree.opening import LARGEST, contents
from contentlint.tree.protocol import (
    Dated,
    ElsewhereError,
    Folder,
    Leads,
    OutsideError,
    Signature,
    TooLargeError,
    Tree,
    as_listed,
    below,
    inside,
    leads_out,
    real,
    relative,
    submodule_above,
)
from contentlint.tree.worktree import WorkTree

__all__ = [
    "LARGEST",
    "Dated",
    "ElsewhereError",
    "Folder",
    "Leads",
    "OutsideError",
    "Signature",
    "TooLargeError",
    "Tree",
    "WorkTree",
    "as_listed",
    "below",
    "contents",
    "inside",
    "leads_out",
    "real",
    "relative",
    "submodule_above",
]
