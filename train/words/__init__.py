"""Words written by people, as pen strokes: where each letter lies in them, and how they are joined."""
