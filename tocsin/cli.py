"""The command line: all commands under one name. Heavy libraries are imported by those that need them."""

import os
from typing import Annotated

import typer

import tocsin
from tocsin.commands import check, convert, crossval, evaluate, export, incidents, info, predict, train
from tocsin.terminal import mind_sigterm, page

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Turn conflict news into structured attack events, and train the models that do it.",
    epilog="Example: tocsin predict runs/seeds news/ --format table",
)


def main() -> None:
    """The entry point of the `tocsin` program."""
    # Threads that spin while they wait starve each other where cores are shared: a training of 2 s took 85 s.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    # Their bars and notes would stand between ours; whoever debugs sets these to something else.
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
    mind_sigterm()
    app()


def _show_version(wanted: bool) -> None:
    if wanted:
        page().write(f"tocsin {tocsin.__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    """Options before the command; what each does is its callback's."""


app.command(epilog=check.EXAMPLES)(check.check)
app.command(epilog=convert.EXAMPLES)(convert.convert)
app.command(epilog=train.EXAMPLES)(train.train)
app.command(epilog=crossval.EXAMPLES)(crossval.crossval)
app.command(epilog=predict.EXAMPLES)(predict.predict)
app.command(epilog=incidents.EXAMPLES)(incidents.incidents)
app.command(epilog=export.EXAMPLES)(export.export)
app.command(epilog=evaluate.EXAMPLES)(evaluate.evaluate)
app.command(epilog=info.EXAMPLES)(info.info)
