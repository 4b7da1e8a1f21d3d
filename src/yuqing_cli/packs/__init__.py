"""Keyword packs: files -> ``KeywordSet``. Pure; the files are read by ``adapters.files``."""
