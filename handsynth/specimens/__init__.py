"""A model and its hands on show: sheets, samples, the gallery, a learnt hand."""
