# needs: jinja2 markupsafe
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError

env = Environment(loader=DictLoader({
    "base": "<title>{% block title %}{% endblock %}</title>{% block body %}{% endblock %}",
    "page": "{% extends 'base' %}{% from 'macros' import field %}{% block title %}{{ title|title }}{% endblock %}{% block body %}{% for r in rows if r.n > 1 %}{{ loop.index }}:{{ field(r.name) }};{% else %}none{% endfor %}{% endblock %}",
    "macros": "{% macro field(name, kind='text') %}<input name={{ name|e }} type={{ kind }}>{% endmacro %}",
}), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
out = env.get_template("page").render(title="a page", rows=[{"n": 1, "name": "x"}, {"n": 2, "name": "<y>"}, {"n": 3, "name": "z"}])
assert out == "<title>A Page</title>1:<input name=&lt;y&gt; type=text>;2:<input name=z type=text>;", out
assert env.from_string("{{ [3,1,2]|sort|join('-') }} {{ 'abc'|replace('b', 'x') }} {{ 5 // 2 }} {{ {'a': 1}|tojson }}").render() == '1-2-3 axc 2 {"a": 1}'
try:
    env.from_string("{{ nope }}").render()
    raise SystemExit("no error")
except UndefinedError:
    pass
