"""`worstsort completion`: shell completion."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from worstsort_cli.output import print_file

_BEFORE = {"zsh": "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n"}
"""What a shell needs first: in zsh, completion is off until `compinit` was called."""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print a shell completion script.

    \b
    Examples:
      eval "$(worstsort completion bash)"                  in ~/.bashrc
      eval "$(worstsort completion zsh)"                   in ~/.zshrc; it calls compinit if nothing else has
      worstsort completion fish > ~/.config/fish/completions/worstsort.fish
    """  # noqa: D301 - see main
    chosen = get_completion_class(shell)
    if chosen is None:
        raise click.BadParameter(f"no completion for {shell}")
    script = chosen(ctx.find_root().command, {}, "worstsort", "_WORSTSORT_COMPLETE").source()
    print_file(f"{_BEFORE.get(shell, '')}{script}\n".encode())
