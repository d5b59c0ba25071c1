"""The tables of a store, the same in SQLite and PostgreSQL.

`articles` keeps each content once, as the copy that speaks for it has it (`contents.py`), with its text, so that the
sentences that prove an incident can be shown; `copies` every id, source, address and title under which that content was
met. `accounts` holds what was coded of an article, whole as JSON in `payload`; `blocks` and `merges` are what linking
rests on; `incidents` is what it came to, flat, for those who ask in SQL. All of that follows from the articles and
accounts put in, in whichever order; only `meta` also counts how often accounts were replaced.
"""

from sqlalchemy import (
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

SCHEMA_VERSION = 2
VERSION_KEY, REPLACEMENTS_KEY = "schema_version", "replacements"  # of `meta`

# PostgreSQL would sort text by the rules of a language; SQLite, Python and so the store sort by characters.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")
metadata = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, TEXT, nullable=False)


meta = Table("meta", metadata, Column("key", TEXT, primary_key=True), _text("value"))

articles = Table(
    "articles",
    metadata,
    Column("key", TEXT, primary_key=True),  # of the content: its words in their order
    _text("id"),  # with title, day, source, url and text: those of the copy that speaks
    _text("title"),
    Column("published", Date),
    _text("source"),
    _text("url"),
    _text("text"),
    _text("model"),  # which read it
)

copies = Table(
    "copies",
    metadata,
    Column("article", TEXT, ForeignKey("articles.key"), nullable=False),
    *(_text(name) for name in ("id", "source", "url", "title")),
    Column("published", Date),  # the earliest day that this copy states
    PrimaryKeyConstraint("article", "id", "source", "url", "title"),
    Index("copies_id", "id"),
    sqlite_with_rowid=False,
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("date_start", Date),
    Column("date_end", Date),
    Column("date_prec", Integer),
    _text("type"),
    _text("status"),
    _text("outcome"),
    *(_text(name) for name in ("attacker", "target", "weapon", "weapon_class")),  # several: separated by "; "
    *(_text(name) for name in ("place", "country")),  # of the most exact location
    Column("latitude", Double),
    Column("longitude", Double),
    Column("where_prec", Integer),
    *(Column(f"{harm}_{end}", Integer) for harm in ("killed", "wounded") for end in ("low", "best", "high")),
    Column("n_articles", Integer, nullable=False),
    Column("n_accounts", Integer, nullable=False),
    Column("score", Double, nullable=False),
    Index("incidents_by_date", "date_start", "id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("article", TEXT, ForeignKey("articles.key"), nullable=False, index=True),
    Column("number", Integer, nullable=False),  # in the article, from 1
    _text("status"),
    # None: it denies what no other article tells of, so that there is no incident.
    Column("incident", TEXT, ForeignKey("incidents.id", deferrable=True, initially="DEFERRED"), index=True),
    Column("component", TEXT, nullable=False, index=True),  # the first id of all accounts that chains of merges connect
    Column("date_start", Date),
    Column("date_end", Date),
    Column("n_blocks", Integer, nullable=False),  # 0: too vague in days or place to be merged with any other
    _text("payload"),  # as `account_json` writes it
)

blocks = Table(
    "blocks",
    metadata,
    Column("key", TEXT, nullable=False),
    Column("account", TEXT, ForeignKey("accounts.id"), nullable=False, index=True),
    PrimaryKeyConstraint("key", "account"),
    sqlite_with_rowid=False,
)

merges = Table(
    "merges",
    metadata,
    Column("first", TEXT, nullable=False),
    Column("second", TEXT, nullable=False, index=True),
    Column("score", Double, nullable=False),
    _text("reasons"),  # a JSON array of arrays: slot, words, weight
    PrimaryKeyConstraint("first", "second"),
    ForeignKeyConstraint(["first"], ["accounts.id"]),
    ForeignKeyConstraint(["second"], ["accounts.id"]),
)
