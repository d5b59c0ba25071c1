"""Encoder and heads, decoding, incidents, the artefact on disk, prediction."""
