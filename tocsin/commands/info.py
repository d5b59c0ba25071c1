"""`tocsin info`: what a model is."""

from tocsin.commands.common import ModelFolder
from tocsin.tables import facts_table, files_table
from tocsin.terminal import ending, page

EXAMPLES = "Example: tocsin info runs/seeds"


@ending()
def info(model: ModelFolder) -> None:
    """Say what a model knows, what it was trained on and how it scored, after verifying its files."""
    from tocsin.facts import model_schema, run_facts, schema_facts  # with it comes what scores need: half a second
    from tocsin.model.artifact import record_of, verify

    files = verify(model)["files"]
    record = record_of(model)
    facts = {"model": str(model), **schema_facts(model_schema(model)), **run_facts(record.run, record.metrics)}
    page().show(facts_table(facts), "", files_table(files))
