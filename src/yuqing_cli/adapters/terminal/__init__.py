"""The terminal: the only room with rich. ``page`` prints a digest or a review, ``drawing`` draws everything that needs rich.

Nothing that a source wrote is ever handed to rich as markup: lines are built from pieces of text, so that ``[bold]`` in a title is six
characters.
"""

PIPE_WIDTH = 80
LINE_WIDTH = 120
"""Of running text at most: longer lines are hard to read, however wide the window is."""
