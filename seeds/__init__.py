"""The five seed articles as published, untouched."""
