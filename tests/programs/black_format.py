# needs: black blib2to3 click pathspec platformdirs mypy_extensions.py
import black

source = "x = {  'a':37,'b':42,\n'c':927}\nclass foo ( object ):\n  def f (self,a,  *b):\n    return   37*-2\nif x:\n    pass # c\n"
out = black.format_str(source, mode=black.Mode())
assert out == 'x = {"a": 37, "b": 42, "c": 927}\n\n\nclass foo(object):\n    def f(self, a, *b):\n        return 37 * -2\n\n\nif x:\n    pass  # c\n', out
assert black.format_str(out, mode=black.Mode()) == out
