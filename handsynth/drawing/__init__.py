"""Characters, a hand and noise to glyphs; which hand a name means."""
