"""Greek and Cyrillic letters by hands of a model that knows Latin ones.

Letters that look like Latin ones are the hand's own (`table`). The others come from a bank of strokes by a few
writers (`bank`): a hand takes the letters of the writer whose Latin letters are most like its own, fits them to its
slant and proportions (`likeness`), and draws each copy a little differently (`drawing`).
"""
