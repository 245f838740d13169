"""The C library's heap, told not to keep what large buffers leave behind."""

from __future__ import annotations

import ctypes
from functools import cache

M_MMAP_THRESHOLD = -3
"""glibc, ``malloc.h``."""
LARGE = 1024 * 1024


@cache
def give_back_large_buffers() -> None:
    """Let each buffer of a megabyte or more be memory of its own, which its end gives back.

    glibc does so at first, but takes the size of the first that is freed for the new limit (up to
    32 MB) and keeps later ones, in a heap for each thread: ten files of 50 MB that streamed
    through left 110 MB behind, and had 270 MB at their peak instead of 145. Other C libraries
    have no such call and no such habit.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE)
