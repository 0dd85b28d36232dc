"""What the command `performance.py` stands on: sites, programs, timed rounds, stages, and the tables."""
