"""Merged incidents in the formats of the field: tables, maps, codebooks, a page."""
