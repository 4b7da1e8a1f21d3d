"""RawPost -> Post with hits and score: clean (normalise, mask, date), match, score. Pure."""
