"""The colours of pages: by day and by night, and those of the levels."""

from __future__ import annotations

PALETTE = {
    "light": {"back": "#f3f4f6", "paper": "#ffffff", "text": "#1b2430", "dim": "#56606e", "line": "#d8dde4", "link": "#0b57d0",
              "soft": "#f6f8fa", "hit": "#ffefad", "bar": "#5b7fb5", "alarm": "#8a3b00", "fine": "#1d6b3a"},
    "dark": {"back": "#12151a", "paper": "#1b2027", "text": "#e7eaee", "dim": "#a9b2be", "line": "#363e49", "link": "#8ab4f8",
             "soft": "#232a33", "hit": "#5a4800", "bar": "#7fa3dc", "alarm": "#ffb68a", "fine": "#7fd69b"},
}  # fmt: skip
LEVELS = {
    "red": ("#b3261e", "#ffffff"),
    "orange": ("#a84300", "#ffffff"),
    "yellow": ("#ffd84d", "#3a2c00"),
    "blue": ("#1a56b0", "#ffffff"),
}
"""Of a level's badge: ground and letters. The same by day and by night."""
