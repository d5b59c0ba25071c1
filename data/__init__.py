"""Types, schema, formats, checks, tags and windows: everything that needs no torch."""
