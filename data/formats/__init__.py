"""Annotations as other tools keep them: read into documents and written from them. One module a format."""
