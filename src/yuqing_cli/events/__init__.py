"""Posts -> events. Pure."""
