"""Your own hand from paper: a form to fill in, found again in a photo or scan, and cut into glyphs."""
