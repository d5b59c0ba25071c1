"""The article of a web page: main text, headline, day of publication, site, address (by trafilatura)."""

import codecs
import logging
import re
from datetime import date

from tocsin.data.errors import DataError
from tocsin.data.files import binary_fault, decode
from tocsin.data.types import Article

_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?([\w:.-]+)""", re.IGNORECASE)
_HEAD_BYTES = 4096  # where a page declares its encoding
_HEADLINE_LINES = 5  # a date or a credit may stand above the headline
# What a page states as its date, never the likeliest one in its text: a copyright year is no day of publication.
# The last day allowed is fixed so that what is read does not depend on this machine's clock.
_DATE_RULES = {"extensive_search": False, "original_date": True, "max_date": "2100-01-01"}


def read_page(content: bytes, *, own_id: str) -> Article:
    """The headline, a blank line and the main text of a page as one article.

    Raises:
        DataError: the encoding is neither UTF-8 nor the one declared, or there is no main text.
    """
    import trafilatura

    # Its complaints come back as our own errors; without a handler Python would print them as well.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    page = trafilatura.bare_extraction(
        _page_text(content), with_metadata=True, include_comments=False, date_extraction_params=_DATE_RULES
    )
    text = (page.text or "").strip() if page else ""
    if not text:
        raise DataError("no main text found in the page; expected an article: save its text as .txt instead")
    title = (page.title or "").strip()
    return Article(
        text=text if not title or _opens_with(text, title) else f"{title}\n\n{text}",
        id=own_id,
        title=title,
        published=date.fromisoformat(page.date) if page.date else None,
        source=page.sitename or "",
        url=page.url or "",
    )


def _opens_with(text: str, title: str) -> bool:
    return text.startswith(title) or title in text.splitlines()[:_HEADLINE_LINES]


def _page_text(content: bytes) -> str:
    """UTF-8, else the encoding the page declares; never a guess."""
    declared = _DECLARED.search(content[:_HEAD_BYTES])
    try:
        return decode(content)
    except DataError:
        if binary_fault(content) or not declared:
            raise
    name = declared[1].decode()
    try:
        return content.decode(_as_browsers_do(name))
    except (LookupError, UnicodeDecodeError) as error:
        raise DataError(
            f"is neither UTF-8 nor {name}, which it declares; convert it: iconv -f ENCODING -t UTF-8 OLD > NEW"
        ) from error


def _as_browsers_do(encoding: str) -> str:
    """The WHATWG rule: what calls itself Latin-1 or ASCII is Windows-1252."""
    name = codecs.lookup(encoding).name
    return "cp1252" if name in {"iso8859-1", "ascii"} else name
