"""Decimal arithmetic for programs that ask for it without the module `_decimal`.

CPython has a second implementation in Python here. This runtime has one, of its own, which is part of the interpreter: what
this module holds is that one, found even when `sys.modules` says that `_decimal` cannot be imported.
"""
import _imp
from importlib.machinery import BuiltinImporter as _Importer

_spec = _Importer.find_spec("_decimal")
_native = _imp.create_builtin(_spec)
_imp.exec_builtin(_native)
globals().update({_name: _value for _name, _value in vars(_native).items() if not _name.startswith("__")})
__version__ = _native.__version__
__libmpdec_version__ = _native.__libmpdec_version__
__all__ = [_name for _name in vars(_native) if not _name.startswith("_")]
del _spec, _native
