"""What a glyph's ink alone needs: strokes and fields, coverage, contours, outlines, hulls."""
