# needs: docutils pygments yaml click rich
import io

import click
import yaml
from click.testing import CliRunner
from docutils.core import publish_string
from pygments import highlight
from pygments.formatters import HtmlFormatter, TerminalFormatter
from pygments.lexers import get_lexer_by_name, guess_lexer
from rich.console import Console
from rich.table import Table

html = publish_string("Title\n=====\n\n* one\n* **two**\n\n.. code:: python\n\n   x = 1\n", writer_name="html5", settings_overrides={"_disable_config": True}).decode()
assert "<h1 class=\"title\">Title</h1>" in html and "<strong>two</strong>" in html, html
assert '<span class="k">def</span>' in highlight("def f():\n    return 1\n", get_lexer_by_name("python"), HtmlFormatter())
assert "\x1b[" in highlight("int main() { return 0; }", get_lexer_by_name("c"), TerminalFormatter())
data = {"list": [1, 2.5, None, True, "x: y"], "nested": {"a": {"b": "é"}}, "text": "two\nlines\n"}
assert yaml.safe_load(yaml.safe_dump(data, allow_unicode=True)) == data
assert list(yaml.safe_load_all("- &a {x: 1}\n- *a\n---\n!!set {p, q}\n")) == [[{"x": 1}, {"x": 1}], {"p", "q"}]


@click.command()
@click.option("--count", default=1, type=click.IntRange(1, 3))
@click.argument("name")
def greet(count, name):
    for _ in range(count):
        click.echo(f"hi {name}")


result = CliRunner().invoke(greet, ["--count", "2", "bob"])
assert result.output == "hi bob\nhi bob\n" and result.exit_code == 0, result
assert CliRunner().invoke(greet, ["--count", "9", "bob"]).exit_code == 2
out = io.StringIO()
table = Table("a", "b")
table.add_row("1", "[bold]two[/]")
Console(file=out, width=40, force_terminal=False).print(table)
assert "│ 1 │ two │" in out.getvalue(), out.getvalue()
