"""What a command does, in order. A workflow calls things and decides nothing; its docstring is its pipeline in one line."""
