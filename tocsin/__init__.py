"""The face of tocsin; filled below once the model exists."""
