"""Programs for those who work on yuqing-cli; not part of the package."""
