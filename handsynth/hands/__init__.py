"""Who writes: a hand, its letters, its file."""
