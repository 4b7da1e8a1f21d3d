"""yuqing-cli: a command-line media-monitoring toolkit for a duty desk."""

__version__ = "0.1.0"
