"""`granite-live vocabulary`: terms that the recognizer listens for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from granite_live.cli.exit_status import EXIT_INCOMPLETE, run_guarded
from granite_live.cli.options import parse_path
from granite_live.util.printable import printable

if TYPE_CHECKING:
    from granite_live.settings.vocabulary import TermSet, Vocabulary

app = typer.Typer(help="Names and terms that the recognizer listens for.")

SetName = Annotated[
    str | None,
    typer.Option("--set", metavar="NAME", help="Set of terms, such as work. Default: general."),
]


@app.callback(invoke_without_command=True)
def _start(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def add(
    terms: Annotated[
        list[str], typer.Argument(metavar="TERM", help="Term, spelled as it should appear.")
    ],
    sounds_like: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT", help="Another spelling that sounds like the term. May be repeated."
        ),
    ] = None,
    name: SetName = None,
) -> None:
    """Add terms. A term that is there already is replaced.

    A term has up to 6 words and 60 characters, and at least 2 letters or digits.
    """
    raise typer.Exit(run_guarded(lambda: add_terms(terms, sounds_like or (), name)))


@app.command()
def remove(
    terms: Annotated[list[str], typer.Argument(metavar="TERM", help="Terms in any case.")],
) -> None:
    """Remove terms from all sets."""
    raise typer.Exit(run_guarded(lambda: remove_terms(terms)))


@app.command("list")
def list_terms(name: SetName = None) -> None:
    """List the terms, one a line, as 'import' reads them."""
    raise typer.Exit(run_guarded(lambda: write_terms(name, sys.stdout)))


@app.command("import")
def import_terms(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", parser=parse_path, help="Text file, one term a line.")
    ],
    name: SetName = None,
) -> None:
    """Add the terms of a text file.

    A line is a term, or a term and what sounds like it: 'Lycophron = like off run, likofron'.
    Lines that begin with # are comments.
    """
    raise typer.Exit(run_guarded(lambda: add_file(file, name, sys.stderr)))


@app.command()
def export(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", parser=parse_path, help="Text file to write.")
    ],
    name: SetName = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file.")] = False,
) -> None:
    """Write the terms to a text file."""
    raise typer.Exit(run_guarded(lambda: write_file(file, name, overwrite=overwrite)))


@app.command()
def on(name: SetName = None) -> None:
    """Use the vocabulary, or a set of it."""
    raise typer.Exit(run_guarded(lambda: switch(name, enabled=True)))


@app.command()
def off(name: SetName = None) -> None:
    """Do not use the vocabulary, or a set of it. The terms are kept."""
    raise typer.Exit(run_guarded(lambda: switch(name, enabled=False)))


def add_terms(texts: list[str], sounds_like: tuple[str, ...] | list[str], name: str | None) -> int:
    """Add terms to a set; return the exit code.

    Raises:
        SettingsError: A text cannot be a term, or there are too many.
    """
    from granite_live.messages.settings import VocabularyMessage
    from granite_live.settings.vocabulary import Term
    from granite_live.util.errors import SettingsError

    made = []
    for text in texts:
        try:
            made.append(
                Term(" ".join(text.split()), tuple(" ".join(s.split()) for s in sounds_like))
            )
        except ValueError as error:
            raise SettingsError(VocabularyMessage.BAD_TERM(text=text[:60], reason=error)) from error
    return _change(name, lambda terms: terms.with_terms(made))


def remove_terms(texts: list[str]) -> int:
    """Remove terms from all sets; return the exit code.

    Raises:
        SettingsError: A term is not there; nothing is removed then.
    """
    from granite_live.messages.settings import VocabularyMessage
    from granite_live.settings.vocabulary import save_vocabulary
    from granite_live.util.errors import SettingsError

    vocabulary = _stored()
    for text in texts:
        smaller = vocabulary
        for name, terms in vocabulary.sets.items():
            smaller = smaller.changed(name, terms.without(text))
        if smaller == vocabulary:
            raise SettingsError(VocabularyMessage.NO_SUCH_TERM(text=text[:60]))
        vocabulary = smaller
    save_vocabulary(vocabulary)
    return 0


def write_terms(name: str | None, out: TextIO) -> int:
    """Write the terms of all sets or one as lines; return the exit code."""

    vocabulary = _stored()
    if not vocabulary.enabled:
        out.write("# The vocabulary is off.\n")
    for title, terms in _sets(vocabulary, name).items():
        out.write(printable(f"# {title}{'' if terms.enabled else ' (off)'}") + "\n")
        for term in terms.terms:
            out.write(printable(str(term)) + "\n")
    return 0


def add_file(path: Path, name: str | None, err: TextIO) -> int:
    """Add the terms of a file to a set; report unusable lines; return the exit code."""
    from granite_live.cli.terminal import Messages
    from granite_live.settings.vocabulary import read_terms

    terms, problems = read_terms(path)
    for problem in problems:
        Messages(err).warn(problem)
    code = _change(name, lambda known: known.with_terms(terms))
    return EXIT_INCOMPLETE if problems else code


def write_file(path: Path, name: str | None, *, overwrite: bool) -> int:
    """Write the terms to a file; return the exit code.

    Raises:
        OutputError: The file exists or cannot be written.
        SettingsError: There is no set called `name`.
    """
    from granite_live.cli.results import NamedFile

    file = NamedFile(path, overwrite=overwrite)
    sets = _sets(_stored(), name)
    file.write("".join(f"{term}\n" for terms in sets.values() for term in terms.terms))
    return 0


def switch(name: str | None, *, enabled: bool) -> int:
    """Switch the vocabulary or a set on or off; return the exit code."""
    from granite_live.settings.vocabulary import save_vocabulary

    vocabulary = _stored()
    if name is None:
        vocabulary = replace(vocabulary, enabled=enabled)
    else:
        terms = _sets(vocabulary, name)[name]
        vocabulary = vocabulary.changed(name, replace(terms, enabled=enabled))
    save_vocabulary(vocabulary)
    return 0


def _change(name: str | None, change: Callable[[TermSet], TermSet]) -> int:
    from granite_live.settings.vocabulary import (
        DEFAULT_SET,
        TermSet,
        save_vocabulary,
    )

    name = name or DEFAULT_SET
    vocabulary = _stored()
    terms = change(vocabulary.sets.get(name, TermSet()))
    save_vocabulary(vocabulary.changed(name, terms))
    return 0


def _stored() -> Vocabulary:
    """Return the stored vocabulary; set a damaged file aside and say so on standard error.

    Raises:
        SettingsError: The file cannot be read.
    """
    from granite_live.cli.terminal import Messages
    from granite_live.settings.vocabulary import (
        DamagedVocabularyError,
        read_vocabulary,
        set_aside_damaged,
    )

    try:
        return read_vocabulary()
    except DamagedVocabularyError:
        Messages(sys.stderr).warn(set_aside_damaged())
        return read_vocabulary()  # raises again if the file could not be set aside


def _sets(vocabulary: Vocabulary, name: str | None) -> dict[str, TermSet]:
    """Return the sets, or the one called `name`.

    Raises:
        SettingsError: There is none of that name.
    """
    from granite_live.messages.settings import VocabularyMessage
    from granite_live.util.errors import SettingsError

    if name is None:
        return dict(vocabulary.sets)
    if name not in vocabulary.sets:
        known = ", ".join(vocabulary.sets) or "none"
        raise SettingsError(VocabularyMessage.NO_SUCH_SET(name=name, known=known))
    return {name: vocabulary.sets[name]}
