"""The wing with all doors to the outside: the web, the database, the user's files, the terminal, messages, the cluster.

Everything that does input or output lives here, one package or module a door, and only here are the foreign libraries
of a door imported. Adapters may use the pure rooms; nothing below ``station``, ``workflows`` and ``cli`` uses an
adapter. Foreign errors are wrapped at this wall: what comes out is one of ``errors``.
"""
