"""The formats of digest (``formats``) and of export (``tables``). Pure: models in, text or bytes out."""
