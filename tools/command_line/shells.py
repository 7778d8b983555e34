"""Write completions for bash, zsh and fish. They run no program: Tab answers at once."""

from __future__ import annotations

from collections.abc import Callable

from tree import PROGRAM, Command, Parameter

_HEAD = "# Written by tools/command_line/update.py: change the commands, then run it.\n"


def bash(program: Command) -> str:
    """Return the completion script for bash."""
    cases = []
    for command in program.walk():
        words = [below.path[-1] for below in command.commands]
        words += [name for option in command.options for name in option.names]
        cases.append(f'        "{command.name}") words="{" ".join(words)}" ;;')
    values = [
        f'        "{command.name} {name}") {_bash_value(option)}; return ;;'
        for command in program.walk()
        for option in command.options
        for name in option.names
        if option.value
    ]
    folders = _paths(program, lambda command: bool(command.commands))
    files = _paths(program, lambda command: any(a.completes for a in command.arguments))
    return f"""{_HEAD}
_granite_live() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
    local command={PROGRAM} words="" word
    COMPREPLY=()
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD - 1}}"; do
        case "$command $word" in
{_bash_subcommands(program)}
        esac
    done
    case "$command $previous" in
{chr(10).join(values)}
    esac
    case "$command" in
{chr(10).join(cases)}
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        return
    fi
    case "$command" in
        {folders}) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
        {files}) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    esac
}}
complete -F _granite_live {PROGRAM}
"""


def _paths(program: Command, wanted: Callable[[Command], bool]) -> str:
    return " | ".join(f'"{command.name}"' for command in program.walk() if wanted(command))


def _bash_subcommands(program: Command) -> str:
    names = [f'"{command.name}"' for command in list(program.walk())[1:]]
    return f'            {" | ".join(names)}) command="$command $word" ;;'


def _bash_value(option: Parameter) -> str:
    if option.choices:
        words = " ".join(option.choices)
        return f'mapfile -t COMPREPLY < <(compgen -W "{words}" -- "$current")'
    if option.completes == "folder":
        return 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current")'
    if option.completes == "file":
        return 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current")'
    return ":"


def zsh(program: Command) -> str:
    """Return the completion function for zsh, to be saved as `_granite-live`."""
    functions = [_zsh_function(command) for command in program.walk()]
    return (
        f"#compdef {PROGRAM}\n{_HEAD}\n" + "\n".join(functions) + f'\n{_zsh_name(program)} "$@"\n'
    )


def _zsh_name(command: Command) -> str:
    return "_" + "_".join(command.path).replace("-", "_")


def _zsh_function(command: Command) -> str:
    arguments = [_zsh_option(option) for option in command.options]
    lines = [f"{_zsh_name(command)}() {{"]
    if command.commands:
        lines += ["    local context state state_descr line", "    typeset -A opt_args"]
        arguments += ["'1: :->command'", "'*:: :->rest'"]
    for argument in command.arguments:
        action = {"file": "_files", "folder": "_files -/"}.get(argument.completes, "")
        repeat = "*" if argument.names[0].endswith("...") else ""
        arguments.append(f"'{repeat}:{_zsh_text(argument.value)}:{action}'")
    flags = "-C -s -S" if command.commands else "-s -S"
    lines.append(f"    _arguments {flags} \\")
    lines += [f"        {argument} \\" for argument in arguments[:-1]]
    lines.append(f"        {arguments[-1]}")
    if command.commands:
        lines += ["    case $state in", "        command)", "            local -a commands=("]
        lines += [
            f"                '{below.path[-1]}:{_zsh_text(below.summary)}'"
            for below in command.commands
        ]
        lines += ["            )", "            _describe command commands", "            ;;"]
        lines += ["        rest)", "            case $words[1] in"]
        lines += [
            f"                {below.path[-1]}) {_zsh_name(below)} ;;" for below in command.commands
        ]
        lines += ["            esac", "            ;;", "    esac"]
    return "\n".join([*lines, "}", ""])


def _zsh_option(option: Parameter) -> str:
    value = ""
    if option.value:
        action = {"file": "_files", "folder": "_files -/"}.get(option.completes, " ")
        if option.choices:
            action = f"({' '.join(option.choices)})"
        value = f":{_zsh_text(option.value)}:{action}"
    text = f"[{_zsh_text(option.help)}]{value}"
    if len(option.names) == 1:
        return f"'{option.names[0]}{text}'"
    # Names of one option exclude each other: (-o --output){-o,--output}'[help]'.
    return f"'({' '.join(option.names)})'{{{','.join(option.names)}}}'{text}'"


def _zsh_text(text: str) -> str:
    for character in "\\[]:":
        text = text.replace(character, "\\" + character)
    return text.replace("'", "'\\''")


def fish(program: Command) -> str:
    """Return the completions for fish."""
    lines = [_HEAD, f"complete -c {PROGRAM} -f"]
    for command in program.walk():
        condition = _fish_condition(command)
        lines += [
            f"complete -c {PROGRAM} -n {condition} -a {below.path[-1]} "
            f"-d {_fish_quoted(below.summary)}"
            for below in command.commands
        ]
        lines += [_fish_option(condition, option) for option in command.options]
        if any(argument.completes for argument in command.arguments):
            lines.append(f"complete -c {PROGRAM} -n {condition} -F")
    return "\n".join(lines) + "\n"


def _fish_condition(command: Command) -> str:
    """Return the condition that this command, and none below it, was typed."""
    tests = [f"__fish_seen_subcommand_from {word}" for word in command.path[1:]]
    if command.commands:
        below = " ".join(one.path[-1] for one in command.commands)
        tests.append(f"not __fish_seen_subcommand_from {below}")
    return _fish_quoted("; and ".join(tests))


def _fish_option(condition: str, option: Parameter) -> str:
    parts = [f"complete -c {PROGRAM} -n {condition}"]
    parts += [
        f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names
    ]
    if option.choices:
        parts.append(f"-x -a {_fish_quoted(' '.join(option.choices))}")
    elif option.completes == "folder":
        parts.append("-x -a '(__fish_complete_directories)'")
    elif option.completes == "file":
        parts.append("-r -F")
    elif option.value:
        parts.append("-x")
    return " ".join([*parts, f"-d {_fish_quoted(option.help)}"])


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
