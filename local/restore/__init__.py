"""`./dev restore`: a table as it was, beside the one in use, without what was removed on purpose since then."""
