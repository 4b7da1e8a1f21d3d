# Shorthand for what CONTRIBUTING.md describes; every recipe is a bare command that works without just.

python := ".venv/bin/python"

# list the recipes
default:
    @just --list

# make .venv with everything that developers need
setup:
    python3 -m venv .venv
    {{python}} -m pip install --quiet --editable '.[dev]'

# the fast tests; arguments go to pytest
test *arguments:
    {{python}} -m pytest {{arguments}}

# the slow tests too
test-all:
    {{python}} -m pytest --runslow

# evaluations against external data: just eval /folder/of/data
eval data:
    YUQING_EVAL_DATA={{data}} {{python}} -m pytest tests/eval

# ruff and mypy, changing nothing
lint:
    .venv/bin/ruff check
    .venv/bin/ruff format --check
    .venv/bin/mypy

# let ruff mend what it can
format:
    .venv/bin/ruff check --fix
    .venv/bin/ruff format

# collect messages, merge and compile the Chinese catalogue
messages:
    {{python}} tools/messages.py

# write docs/commands.md and docs/schema.md anew
docs:
    {{python}} tools/docs.py
    {{python}} tools/schema_doc.py

# the day in 青禾县
demo:
    .venv/bin/yuqing demo

# all that CI runs
ci:
    .ci/run
