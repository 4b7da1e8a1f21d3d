"""The face: options in, text out, errors to exit codes. Every command imports its work inside itself: ``--help`` costs nothing.

The modules of commands do without ``from __future__ import annotations``: typer evaluates every annotation, and from strings that
took a third of the time of ``yuqing --help`` (bench/startup.py).
"""
