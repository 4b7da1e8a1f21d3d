"""Events + coverage + history -> ``Digest``. Pure."""
