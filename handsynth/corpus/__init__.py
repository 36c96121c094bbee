"""Labelled handwriting by the million.

recipe.py      every dial of a corpus
texts.py       what is written: files, lists of words, texts made up by rules
writers.py     by whom
sampler.py     pictures with their ground truth: lines and words at once (sheets.py: pages one by one)
effects/       what paper, ink, wear, light and lenses do to them
entries.py     samples to the files of an entry
containers/    entries to shards: WebDataset, Parquet, LMDB, plain files
run.py         shards (task.py: one) by several processes or on a cluster (engine_ray.py), resumable
store.py       where they lie; manifest.py: what they are; verify.py: whether they are whole
annotations.py ground truth of a whole corpus in one file
"""
