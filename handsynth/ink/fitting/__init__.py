"""Closed polylines to few smooth cubic Bézier curves, all polylines of a batch at once.

After Schneider, "An algorithm for automatically fitting digitized curves" (Graphics Gems, 1990): where curves meet
their tangents are given, the lengths of their two handles are found by least squares, parameters are improved by
Newton's method, and what stays too far from the points is split. Every step is done for all curves together, and what
a contour becomes depends on nothing but the contour.
"""

from handsynth.ink.fitting.curves import ContourCurves, fit

__all__ = ["ContourCurves", "fit"]
