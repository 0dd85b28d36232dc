"""What one run leaves to the next, outside of the site: what it looked at, what it found, and how to tell that it still holds.

A cache is never believed: its files carry a checksum, belong to the user who runs, hold nothing that could be executed, and
whatever is wrong with one makes the run as if there were none. Only `run` knows it; `quick` stands before everything else.
"""
