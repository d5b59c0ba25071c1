"""One TOML file a run; each opens with what it is, what it costs and its command."""
