"""Word shapes: what an uncased encoder cannot see of a word."""

SHAPES = ("lower", "Title", "UPPER", "Initial", "miXed", "digits", "w0rd", "mark")


EDGE = len(SHAPES)  # stands where a passage has no neighbouring word


def shape(word: str) -> int:
    """The index in SHAPES of a word, which is letters and digits or one mark.

    >>> [SHAPES[shape(word)] for word in ("Harir", "US", "A", "al", "2024", "F16", "McCain", ",")]
    ['Title', 'UPPER', 'Initial', 'lower', 'digits', 'w0rd', 'miXed', 'mark']
    """
    if not word[0].isalnum():
        return SHAPES.index("mark")
    if word.isdigit():
        return SHAPES.index("digits")
    if any(letter.isdigit() for letter in word):
        return SHAPES.index("w0rd")
    if word.isupper():
        return SHAPES.index("UPPER" if len(word) > 1 else "Initial")
    if not any(letter.isupper() for letter in word):
        return SHAPES.index("lower")
    return SHAPES.index("Title" if word[1:].islower() else "miXed")
