"""What `fuzz.py` stands on: targets and what must hold of them, recorded texts to begin with, ways to change them, and the watch."""
