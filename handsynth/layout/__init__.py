"""Text to Pages: words, distances, lines, baselines; knows nothing of models and file formats."""
