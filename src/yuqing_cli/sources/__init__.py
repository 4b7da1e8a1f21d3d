"""Source kinds: what to ask for, and what an answer says. Pure: bytes in, ``RawPost`` out, never the network."""
