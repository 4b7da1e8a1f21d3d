"""``python -m yuqing_cli`` and the command ``yuqing``."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from .cli.app import main as run

    run()


if __name__ == "__main__":
    main()
