"""The face: options in, text out, errors to exit codes. Every command imports its work inside itself: ``--help`` costs nothing."""
