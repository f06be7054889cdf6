"""What Python 3.12 to 3.14 removed and Debian 12's versions of the packages still use, so that they can run under any 3.14."""
import ast
import importlib.util
import pkgutil
import sys
import warnings


def _get_loader(name):
    spec = importlib.util.find_spec(name) if name != "__main__" else None
    return getattr(spec, "loader", None)


if not hasattr(pkgutil, "get_loader"):
    pkgutil.get_loader = _get_loader
if not hasattr(ast, "Str"):
    class _Old(ast.Constant):
        def __new__(cls, *args, s=None, n=None, **kw):
            return ast.Constant(*args, **kw) if args or "value" in kw else ast.Constant(s if s is not None else n)

    ast.Str, ast.Num, ast.Bytes, ast.NameConstant, ast.Ellipsis = (type(name, (_Old,), {}) for name in ("Str", "Num", "Bytes", "NameConstant", "Ellipsis"))

    ast.Constant.s = ast.Constant.n = property(lambda self: self.value)
warnings._deprecated = lambda *args, **kw: None


class _Removed:
    """Finds `cgi` and `imp` where Debian's Python 3.11 has them."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in ("cgi", "imp"):
            return importlib.util.spec_from_file_location(name, f"/usr/lib/python3.11/{name}.py")


sys.meta_path.append(_Removed)
