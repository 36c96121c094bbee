"""Damaged and hostile inputs for every parser, seeded: the same number gives the same inputs.

`python -m tests.fuzz --seconds 3600` tries for an hour and prints counts; tests/test_fuzz.py tries a few of each.
"""
