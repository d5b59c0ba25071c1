"""Configuration, training, evaluation and cross-validation."""
