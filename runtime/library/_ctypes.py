"""The types and functions under the package ctypes, on the memory and the calls of `_foreign`.

A class of C data has a `_Layout` (attribute `_layout_info`): size, alignment and how values go in and out. An instance is a
`_foreign.Memory`; what its memory points to is kept in `_keeps` of the outermost instance, by the path to the place.
"""
import _foreign
from sys import audit as _audit
from types import GenericAlias as _GenericAlias

__version__ = "1.1.0"
RTLD_LOCAL, RTLD_GLOBAL = 0, 256
FUNCFLAG_STDCALL, FUNCFLAG_CDECL, FUNCFLAG_HRESULT, FUNCFLAG_PYTHONAPI = 0, 1, 2, 4
FUNCFLAG_USE_ERRNO, FUNCFLAG_USE_LASTERROR = 8, 16
TYPEFLAG_ISPOINTER, TYPEFLAG_HASPOINTER = 256, 512
CTYPES_MAX_ARGCOUNT = 1024
SIZEOF_TIME_T = 8
_SIMPLE_CODES = "cbBhHiIlLdDFGfuzZqQPXOv?g"
_SWAPPABLE = "hHiIlLqQfd"
_BIT_CODES = "bBhHiIlLqQ?"
_BUFFER_CODES = {"l": "q", "L": "Q"}
_load, _store, _address = _foreign.load, _foreign.store, _foreign.address
_Argument = _foreign.CArgObject


class ArgumentError(Exception):
    __module__ = "ctypes"


class _Layout:
    """What is known about a class: its memory, its place in a buffer's format and in a call."""
    __slots__ = ("size", "align", "length", "code", "proto", "format", "shape", "is_final", "flags", "pointer_type", "call_type",
                 "fields", "argtypes", "converters", "restype", "check", "func_flags", "has_bits")

    def __init__(self, size, align, length=0, code=None, proto=None, format="B", shape=()):
        self.size, self.align, self.length, self.code, self.proto = size, align, length, code, proto
        self.format, self.shape = format, shape
        self.is_final, self.flags, self.pointer_type, self.call_type = False, 0, None, "P"
        self.fields, self.argtypes, self.converters, self.restype, self.check, self.func_flags = (), None, None, None, None, 0
        self.has_bits = False


def _layout_of(cls):
    """The layout of a class of C data, or None."""
    return getattr(cls, "_layout_info", None) if isinstance(cls, CType_Type) else None


def _is_direct(cls):
    """Whether values of this simple class are plain Python values."""
    return cls.__base__ is _SimpleCData


def _instance_layout(cls):
    info = cls._layout_info
    if info is None or "_layout_info" not in cls.__dict__:
        raise TypeError("abstract class")
    info.is_final = True
    return info


def _name(value):
    return type(value).__name__


def _full_name(cls):
    module = cls.__module__
    return cls.__name__ if module == "builtins" or cls.__flags__ & (1 << 9) else f"{module}.{cls.__qualname__}"


# --- what is kept alive
def _container(data):
    while isinstance(data._b_base_, _CData):
        data = data._b_base_
    if data._keeps is None and data._layout_info.length:
        data._keeps = {}
    return data


def _keep(data, index, what):
    if what is None:
        return
    root = _container(data)
    if type(root._keeps) is not dict:
        root._keeps = what
        return
    path = [f"{index:x}"]
    while isinstance(data._b_base_, _CData):
        path.append(f"{data._index:x}")
        data = data._b_base_
    root._keeps[":".join(path)] = what


# --- reading and writing a place in memory
def _get(owner, proto, index, offset):
    info = proto._layout_info
    if info.code is not None and proto.__base__ is _SimpleCData:
        return _load(owner, offset, info.code)
    return _foreign.part(proto, owner, offset, info.size, index)


def _put(owner, proto, offset, value):
    """Stores `value` as a `proto`; what must be kept."""
    info = proto._layout_info
    if not isinstance(value, _CData):
        if info.code is not None:
            return _store(owner, offset, info.code, value)
        if isinstance(value, tuple):
            try:
                value = proto(*value)
            except Exception as error:
                raise RuntimeError(f"({_full_name(proto)}) {type(error).__name__}: {error}") from None
            return _put(owner, proto, offset, value)
        if value is None and isinstance(proto, PyCPointerType):
            _store(owner, offset, "P", 0)
            return None
        raise TypeError(f"expected {proto.__name__} instance, got {_name(value)}")
    if isinstance(value, proto):
        _foreign.store_bytes(owner, offset, _foreign.load_bytes(value, 0, info.size))
        kept = _container(value)._keeps
        return (kept, value) if isinstance(proto, PyCPointerType) else kept
    if isinstance(proto, PyCPointerType) and isinstance(value, Array):
        if value._layout_info.proto is not info.proto:
            raise TypeError(f"incompatible types, {_name(value)} instance instead of {proto.__name__} instance")
        _store(owner, offset, "P", _address(value))
        return (_container(value)._keeps, value)
    raise TypeError(f"incompatible types, {_name(value)} instance instead of {proto.__name__} instance")


# --- classes of classes
def _is_own(cls, *names):
    """One of the classes that this module defines for others to build on: it has no layout."""
    return cls.__module__ == "_ctypes" and cls.__name__ in names


class CType_Type(type):
    """The class of all classes of C data."""

    def __init__(cls, *args, **kwargs):
        if len(args) != 3:
            raise TypeError("type.__init__() takes 1 or 3 arguments")
        if cls.__dict__.get("_layout_info") is not None:
            raise SystemError(f"StgInfo of '{cls.__name__}' is already initialized.")
        super().__init__(*args)
        cls._lay_out()
        _note_buffer(cls)

    def _lay_out(cls):
        cls._layout_info = None

    @property
    def __pointer_type__(cls):
        info = cls.__dict__.get("_layout_info")
        if info is None:
            raise TypeError("abstract class")
        if info.pointer_type is None:
            raise AttributeError(f"{cls!r} has no attribute '__pointer_type__'")
        return info.pointer_type

    @__pointer_type__.setter
    def __pointer_type__(cls, value):
        info = cls.__dict__.get("_layout_info")
        if info is None:
            raise TypeError("abstract class")
        if info.pointer_type is not None and info.pointer_type is not value:
            raise AttributeError(f"pointer type for {cls!r} is already set")
        info.pointer_type = value

    def __mul__(cls, length):
        if not hasattr(length, "__index__"):
            raise TypeError(f"can't multiply sequence by non-int of type '{_name(length)}'")
        length = length.__index__()
        if length < 0:
            raise ValueError("Array length must be >= 0, not %d" % length)
        return _array_of(cls, length)

    def __rmul__(cls, length):
        return cls.__mul__(length)

    def from_address(cls, address, /):
        if not isinstance(address, int):
            raise TypeError("integer expected")
        _audit("ctypes.cdata", address)
        info = _instance_layout(cls)
        return _foreign.at(cls, address, info.size, None)

    def from_buffer(cls, obj, offset=0, /):
        info = _instance_layout(cls)
        if offset < 0:
            raise ValueError("offset cannot be negative")
        view = memoryview(obj)
        if view.readonly:
            raise TypeError("underlying buffer is not writable")
        if not view.c_contiguous:
            raise TypeError("underlying buffer is not C contiguous")
        if offset > view.nbytes - info.size:
            raise ValueError(f"Buffer size too small ({view.nbytes} instead of at least {info.size + offset} bytes)")
        _audit("ctypes.cdata/buffer", 0, view.nbytes, offset)
        made = _foreign.on_buffer(cls, view, offset, info.size)
        made._keeps = {"ffffffff": view}
        return made

    def from_buffer_copy(cls, obj, offset=0, /):
        info = _instance_layout(cls)
        if offset < 0:
            raise ValueError("offset cannot be negative")
        view = memoryview(obj)
        if offset > view.nbytes - info.size:
            raise ValueError(f"Buffer size too small ({view.nbytes} instead of at least {info.size + offset} bytes)")
        _audit("ctypes.cdata/buffer", 0, view.nbytes, offset)
        made = _foreign.allocate(cls, info.size)
        _foreign.store_bytes(made, 0, view.tobytes()[offset:offset + info.size])
        return made

    def in_dll(cls, library, name, /):
        info = _instance_layout(cls)
        _audit("ctypes.dlsym", library, name)
        handle = library._handle
        if not isinstance(handle, int):
            raise TypeError("the _handle attribute of the second argument must be an integer")
        try:
            address = _foreign.dlsym(handle, name)
        except OSError as error:
            raise ValueError(str(error)) from None
        return _foreign.at(cls, address, info.size, None)

    def from_param(cls, value, /):
        if isinstance(value, cls):
            return value
        if isinstance(value, _Argument):
            info = _layout_of(cls)
            if info is not None and info.proto is not None and isinstance(value._obj, info.proto):
                return value
            raise TypeError(f"expected {cls.__name__} instance instead of pointer to {_name(value._obj)}")
        as_parameter = getattr(value, "_as_parameter_", _MISSING)
        if as_parameter is not _MISSING:
            return cls.from_param(as_parameter)
        raise TypeError(f"expected {cls.__name__} instance instead of {_name(value)}")


def _note_buffer(cls):
    """What a memoryview of an instance is like: format, shape, size of an item."""
    info = cls._layout_info
    if info is not None:
        item = info
        while item.shape:
            item = item.proto._layout_info
        type.__setattr__(cls, "_buffer_layout", (info.format, b"".join([n.to_bytes(8, "little") for n in info.shape]), item.size))


_MISSING = object()
_arrays = {}


def _array_of(cls, length):
    key = cls, length
    found = _arrays.get(key)
    if found is None:
        if _layout_of(cls) is None:
            raise TypeError("Expected a type object")
        found = _arrays[key] = PyCArrayType(f"{cls.__name__}_Array_{length}", (Array,), {"_length_": length, "_type_": cls})
    return found


class PyCSimpleType(CType_Type):
    def _lay_out(cls):
        if _is_own(cls, "_SimpleCData"):
            cls._layout_info = None
            return
        code = getattr(cls, "_type_", _MISSING)
        if code is _MISSING:
            raise AttributeError("class must define a '_type_' attribute")
        if not isinstance(code, str):
            raise TypeError("class must define a '_type_' string attribute")
        if len(code) != 1:
            raise ValueError("class must define a '_type_' attribute which must be a string of length 1")
        if code not in _SIMPLE_CODES:
            raise AttributeError("class must define a '_type_' attribute which must be\n"
                                 f"a single character string containing one of the\nsupported types: '{_SIMPLE_CODES}'.")
        size, align = _SIZES[code]
        info = _Layout(size, align, code=code, format="<" + _BUFFER_CODES.get(code, code))
        info.call_type = code
        if code in "zZPO":
            info.flags |= TYPEFLAG_HASPOINTER
        cls._layout_info = info
        if type(cls) is PyCSimpleType and cls.__base__ is _SimpleCData:
            special = _PARAM_METHODS.get(code)
            if special is not None:
                cls.from_param = classmethod(special)
            if code in _SWAPPABLE:
                swapped = type.__new__(PyCSimpleType, cls.__name__, cls.__bases__, {"_type_": code, "__module__": cls.__module__})
                other = _Layout(size, align, code=">" + code, format=">" + _BUFFER_CODES.get(code, code))
                other.call_type = code
                swapped._layout_info = other
                _note_buffer(swapped)
                cls.__ctype_be__ = swapped.__ctype_be__ = swapped
                cls.__ctype_le__ = swapped.__ctype_le__ = cls

    def from_param(cls, value, /):
        if isinstance(value, cls):
            return value
        if cls._layout_info is None:
            raise TypeError("abstract class")
        try:
            return _foreign.argument(cls._layout_info.code[-1], value)
        except Exception as error:
            as_parameter = getattr(value, "_as_parameter_", _MISSING)
            if as_parameter is _MISSING:
                raise
            problem = error
        return cls.from_param(as_parameter)


class PyCPointerType(CType_Type):
    def _lay_out(cls):
        if _is_own(cls, "_Pointer"):
            cls._layout_info = None
            return
        info = cls._layout_info = _Layout(8, 8, length=1)
        info.flags |= TYPEFLAG_ISPOINTER | TYPEFLAG_HASPOINTER
        proto = cls.__dict__.get("_type_")
        if proto is not None:
            cls._set_target(proto)
            if proto._layout_info is not None and proto._layout_info.pointer_type is None:
                proto._layout_info.pointer_type = cls

    def _set_target(cls, proto):
        target = _layout_of(proto)
        if target is None and not (isinstance(proto, CType_Type) and "_layout_info" in proto.__dict__):
            raise TypeError("_type_ must have storage info")
        cls._layout_info.proto = proto
        shape = f"({','.join(map(str, target.shape))})" if target and target.shape else ""
        cls._layout_info.format = "&" + shape + (target.format if target and target.size else "B")

    def set_type(cls, proto, /):
        cls._set_target(proto)
        cls._type_ = proto
        if proto._layout_info is not None and proto._layout_info.pointer_type is None:
            proto._layout_info.pointer_type = cls

    def from_param(cls, value, /):
        if value is None:
            return None
        info = _layout_of(cls)
        if info is None or info.proto is None:
            raise TypeError("abstract class")
        proto = info.proto
        if isinstance(value, proto):
            return _foreign.byref(value)
        if isinstance(value, (_Pointer, Array)):
            target = value._layout_info.proto
            if target is not None and issubclass(target, proto):
                return value
        return super().from_param(value)


class PyCArrayType(CType_Type):
    def _lay_out(cls):
        if _is_own(cls, "Array"):
            cls._layout_info = None
            return
        length = getattr(cls, "_length_", _MISSING)
        if length is _MISSING:
            raise AttributeError("class must define a '_length_' attribute")
        if not isinstance(length, int):
            raise TypeError("The '_length_' attribute must be an integer")
        if length < 0:
            raise ValueError("The '_length_' attribute must not be negative")
        if length >= 1 << 63:
            raise OverflowError("The '_length_' attribute is too large")
        item = getattr(cls, "_type_", _MISSING)
        if item is _MISSING:
            raise AttributeError("class must define a '_type_' attribute")
        inner = _layout_of(item)
        if inner is None:
            raise TypeError("_type_ must have storage info")
        if inner.size * length >= 1 << 63:
            raise OverflowError("array too large")
        info = cls._layout_info = _Layout(inner.size * length, inner.align, length, None, item, inner.format, (length,) + inner.shape)
        info.flags |= inner.flags & TYPEFLAG_HASPOINTER
        if inner.code == "c" and isinstance(item, PyCSimpleType):
            cls.value, cls.raw = _char_value, _char_raw
        elif inner.code == "u" and isinstance(item, PyCSimpleType):
            cls.value = _wide_value


class _AggregateType(CType_Type):
    _is_struct = True

    def _lay_out(cls):
        if _is_own(cls, "Structure", "Union") or "_abstract_" in cls.__dict__:
            cls._layout_info = None
            return
        base = _layout_of(cls.__base__)
        info = cls._layout_info = _Layout(base.size if base else 0, base.align if base else 1)
        if base is not None:
            base.is_final = True
            info.length, info.flags, info.fields, info.format, info.has_bits = base.length, base.flags, base.fields, base.format, base.has_bits
        else:
            info.format = "B"
        info.call_type = None
        if "_fields_" in cls.__dict__:
            cls._fields_ = cls.__dict__["_fields_"]

    def __setattr__(cls, name, value):
        super().__setattr__(name, value)
        if name == "_fields_":
            cls._set_fields(value)

    def __delattr__(cls, name):
        super().__delattr__(name)

    def _set_fields(cls, fields):
        info = cls.__dict__.get("_layout_info")
        if info is None:
            raise TypeError("ctypes state is not initialized")
        if info.is_final:
            raise AttributeError("_fields_ is final")
        from ctypes import _layout
        base = cls.__base__ if _layout_of(cls.__base__) is not None else None
        layout = _layout.get_layout(cls, fields, cls._is_struct, base)
        if info.is_final or any(field.type is cls for field in layout.fields):
            raise AttributeError("Structure or union cannot contain itself")
        first = base._layout_info.length if base else 0
        own = []
        for number, field in enumerate(layout.fields):
            inner = field.type._layout_info
            info.flags |= inner.flags & TYPEFLAG_HASPOINTER
            info.has_bits |= field.is_bitfield
            inner.is_final = True
            field._index = first + number
            own.append(field)
            type.__setattr__(cls, field.name, field)
        info.size, info.align, info.format = layout.size, layout.align, layout.format_spec
        info.length = first + len(own)
        info.fields = (base._layout_info.fields if base else ()) + tuple(own)
        info.is_final = True
        _note_buffer(cls)
        _spread_anonymous(cls)


def _spread_anonymous(cls):
    names = cls.__dict__.get("_anonymous_")
    if names is None:
        names = getattr(cls, "_anonymous_", None)
        if names is None:
            return
    try:
        names = list(names)
    except TypeError:
        raise TypeError("_anonymous_ must be a sequence") from None
    for name in names:
        field = cls.__dict__.get(name) or getattr(cls, name)
        if not isinstance(field, CField):
            raise AttributeError(f"'{name}' is specified in _anonymous_ but not in _fields_")
        field._is_anonymous = True
        for inner in field.type._layout_info.fields:
            _spread_field(cls, field, inner)


def _spread_field(cls, outer, inner):
    if inner._is_anonymous:
        for deeper in inner.type._layout_info.fields:
            _spread_field(cls, outer, deeper._moved(inner.byte_offset, 0))
    type.__setattr__(cls, inner.name, inner._moved(outer.byte_offset, outer._index))


class PyCStructType(_AggregateType):
    pass


class UnionType(_AggregateType):
    _is_struct = False


class PyCFuncPtrType(CType_Type):
    def _lay_out(cls):
        if _is_own(cls, "CFuncPtr"):
            cls._layout_info = None
            return
        info = cls._layout_info = _Layout(8, 8, length=1, format="X{}")
        info.flags |= TYPEFLAG_ISPOINTER | TYPEFLAG_HASPOINTER
        flags = getattr(cls, "_flags_", None)
        if not isinstance(flags, int):
            raise TypeError("class must define _flags_ which must be an integer")
        info.func_flags = flags
        argtypes = getattr(cls, "_argtypes_", None)
        if argtypes is not None:
            if not isinstance(argtypes, tuple):
                raise TypeError("_argtypes_ must be a sequence of types")
            info.converters = _converters(argtypes, "_argtypes_")
            info.argtypes = argtypes
        restype = getattr(cls, "_restype_", None)
        if restype is not None:
            if _layout_of(restype) is None and not callable(restype):
                raise TypeError("_restype_ must be a type, a callable, or None")
            info.restype = restype
            info.check = getattr(restype, "_check_retval_", None)


def _converters(argtypes, what="argtypes"):
    if len(argtypes) > CTYPES_MAX_ARGCOUNT:
        raise ArgumentError(f"{what} has too many arguments ({len(argtypes)}), maximum is {CTYPES_MAX_ARGCOUNT}")
    converters = []
    for number, argtype in enumerate(argtypes):
        try:
            converters.append(argtype.from_param)
        except AttributeError:
            raise TypeError(f"item {number + 1} in {what} has no from_param method") from None
    return tuple(converters)


_SIZES = {c: (s, s) for s, codes in ((1, "cbB?"), (2, "hH"), (4, "iIfu"), (8, "lLqQdzZPOX")) for c in codes}
_SIZES |= {"g": (16, 16), "D": (16, 8), "F": (8, 4), "G": (32, 16), "v": (2, 2)}


# --- instances
class _Methods:
    """What all instances have; becomes part of _CData, which is native."""

    def __new__(cls, *args, **kwargs):
        return _foreign.allocate(cls, _instance_layout(cls).size)

    def __init__(self, *args, **kwargs):
        pass

    def __hash__(self):
        raise TypeError("unhashable type")

    @property
    def _objects(self):
        """internal objects tree (NEVER CHANGE THIS OBJECT!)"""
        return self._keeps

    def __ctypes_from_outparam__(self, /):
        """Return a Python object for an output parameter."""
        return self

    def __reduce__(self, /):
        if self._layout_info.flags & (TYPEFLAG_ISPOINTER | TYPEFLAG_HASPOINTER):
            raise ValueError("ctypes objects containing pointers cannot be pickled")
        return _unpickle, (type(self), (getattr(self, "__dict__", {}), _foreign.load_bytes(self, 0, _foreign.size(self))))

    def __setstate__(self, state, /):
        attributes, data = state
        if not isinstance(attributes, dict):
            raise TypeError(f"{_name(self)}.__dict__ must be a dictionary, not {_name(attributes)}")
        _foreign.store_bytes(self, 0, data[:_foreign.size(self)])
        if attributes:
            self.__dict__.update(attributes)


def _unpickle(cls, state):
    made = cls.__new__(cls)
    made.__setstate__(state)
    return made


_CData = _foreign.Memory
_foreign.adopt({name: value for name, value in _Methods.__dict__.items()
                if name not in ("__module__", "__dict__", "__weakref__", "__doc__", "__firstlineno__", "__static_attributes__")})
del _Methods


class _SimpleCData(_CData, metaclass=PyCSimpleType):
    """XXX to be provided"""
    __module__ = "_ctypes"
    __slots__ = ()

    def __init__(self, value=_MISSING, /):
        if value is not _MISSING:
            self.value = value

    @property
    def value(self):
        """current value"""
        return _load(self, 0, self._layout_info.code)

    @value.setter
    def value(self, value):
        kept = _store(self, 0, self._layout_info.code, value)
        if kept is not None or self._keeps is not None:
            _keep(self, 0, kept)

    @value.deleter
    def value(self):
        raise TypeError("can't delete attribute")

    def __bool__(self):
        return _foreign.load_bytes(self, 0, _foreign.size(self)).strip(b"\0") != b""

    def __repr__(self):
        if not _is_direct(type(self)):
            return f"<{_name(self)} object at {id(self):#x}>"
        return f"{_name(self)}({self.value!r})"

    def __ctypes_from_outparam__(self, /):
        """Return a Python object for an output parameter."""
        return self.value if _is_direct(type(self)) else self


class CField:
    """Structure/Union member"""
    __module__ = "ctypes"
    __slots__ = ("name", "type", "byte_size", "byte_offset", "_index", "is_bitfield", "_bits", "_low", "_is_anonymous", "_kind")

    def __new__(cls, *, name, type, byte_size, byte_offset, index, _internal_use, bit_size=None, bit_offset=None):
        if not _internal_use:
            raise TypeError("CField is not intended to be used directly")
        if not isinstance(name, str):
            raise TypeError(f"CField() argument 'name' must be str, not {_name(name)}")
        info = _layout_of(type)
        if info is None:
            raise TypeError(f"type of field {name!r} must be a C type")
        if bit_size is not None and not (isinstance(type, PyCSimpleType) and info.code[-1] in _BIT_CODES):
            raise TypeError(f"bit fields not allowed for type {type.__name__}")
        if byte_size != info.size:
            raise ValueError(f"byte_size of field {name!r} must match type's size ({byte_size}!={info.size})")
        self = object.__new__(cls)
        self.name, self.type, self.byte_size, self.byte_offset, self._index = name, type, byte_size, byte_offset, index
        self.is_bitfield, self._is_anonymous = bit_size is not None, False
        self._bits, self._low = bit_size, bit_offset
        inner = info.proto._layout_info.code if isinstance(type, PyCArrayType) and isinstance(info.proto, PyCSimpleType) else None
        self._kind = inner if inner in ("c", "u") else None
        return self

    def _moved(self, offset, index):
        """The field as a member of the structure that has this one at `offset`."""
        copy = object.__new__(CField)
        for slot in self.__slots__:
            setattr(copy, slot, getattr(self, slot))
        object.__setattr__(copy, "byte_offset", self.byte_offset + offset)
        object.__setattr__(copy, "_index", self._index + index)
        return copy

    @property
    def offset(self):
        return self.byte_offset

    @property
    def size(self):
        return self._bits << 16 | self._low if self.is_bitfield else self.byte_size

    @property
    def bit_size(self):
        return self._bits if self.is_bitfield else self.byte_size * 8

    @property
    def bit_offset(self):
        return self._low if self.is_bitfield else 0

    @property
    def is_anonymous(self):
        return self._is_anonymous

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if not isinstance(instance, _CData):
            raise TypeError("not a ctype instance")
        proto = self.type
        if self._bits is not None:
            return _foreign.load_bits(instance, self.byte_offset, proto._layout_info.code, self._low, self._bits)
        if self._kind is None:
            return _get(instance, proto, self._index, self.byte_offset)
        if self._kind == "c":
            data = _foreign.load_bytes(instance, self.byte_offset, self.byte_size)
            return data.partition(b"\0")[0]
        return _foreign.load_wide(instance, self.byte_offset, self.byte_size // 4).partition("\0")[0]

    def __set__(self, instance, value):
        if not isinstance(instance, _CData):
            raise TypeError("not a ctype instance")
        proto = self.type
        if self._bits is not None:
            _foreign.store_bits(instance, self.byte_offset, proto._layout_info.code, self._low, self._bits, value.value if isinstance(value, proto) else value)
        elif self._kind is not None and not isinstance(value, proto):
            _put_text(instance, self.byte_offset, self.byte_size, self._kind, value)
        else:
            kept = _put(instance, proto, self.byte_offset, value)
            if kept is not None:
                _keep(instance, self._index, kept)

    def __delete__(self, instance):
        raise TypeError("can't delete attribute")

    def __repr__(self):
        if self.is_bitfield:
            return f"<ctypes.CField {self.name!r} type={self.type.__name__}, ofs={self.byte_offset}, bit_size={self._bits}, bit_offset={self._low}>"
        return f"<ctypes.CField {self.name!r} type={self.type.__name__}, ofs={self.byte_offset}, size={self.byte_size}>"


def _put_text(owner, offset, size, kind, value):
    """An array of characters as a field: text that may be as long as the array."""
    if kind == "c":
        if not isinstance(value, bytes):
            raise TypeError(f"expected bytes, {_name(value)} found")
        value = value.partition(b"\0")[0]
        if len(value) > size:
            raise ValueError(f"bytes too long ({len(value)}, maximum length {size})")
        _foreign.store_bytes(owner, offset, value + b"\0" if len(value) < size else value)
        return
    if not isinstance(value, str):
        raise TypeError(f"unicode string expected instead of {_name(value)} instance")
    if len(value) > size // 4:
        raise ValueError(f"string too long ({len(value)}, maximum length {size // 4})")
    _foreign.store_bytes(owner, offset, (value if len(value) == size // 4 else value + "\0").encode("utf-32-le", "surrogatepass"))


def _init_fields(self, args, kwargs):
    fields = self._layout_info.fields
    for place, value in enumerate(args):
        if place >= len(fields):
            raise TypeError("too many initializers")
        field = fields[place]
        if field.name in kwargs:
            raise TypeError(f"duplicate values for field {field.name!r}")
        setattr(self, field.name, value)
    for name, value in kwargs.items():
        setattr(self, name, value)


class Structure(_CData, metaclass=PyCStructType):
    """Structure base class"""
    __module__ = "_ctypes"
    __slots__ = ()

    def __init__(self, *args, **kwargs):
        _init_fields(self, args, kwargs)


class Union(_CData, metaclass=UnionType):
    """Union base class"""
    __module__ = "_ctypes"
    __slots__ = ()

    def __init__(self, *args, **kwargs):
        _init_fields(self, args, kwargs)


class Array(_CData, metaclass=PyCArrayType):
    """Abstract base class for arrays.

The recommended way to create concrete array types is by multiplying any
ctypes data type with a non-negative integer. Alternatively, you can subclass
this type and define _length_ and _type_ class variables. Array elements can
be read and written using standard subscript and slice accesses for slice
reads, the resulting object is not itself an Array."""
    __module__ = "_ctypes"
    __slots__ = ()
    __class_getitem__ = classmethod(_GenericAlias)

    def __init__(self, *args):
        for index, value in enumerate(args):
            self[index] = value

    def __len__(self):
        return self._layout_info.length

    def _place(self, index):
        length = self._layout_info.length
        if not hasattr(index, "__index__"):
            raise TypeError("indices must be integers")
        index = index.__index__()
        if index < 0:
            index += length
        if not 0 <= index < length:
            raise IndexError("invalid index")
        return index

    def __getitem__(self, key):
        info = self._layout_info
        if isinstance(key, slice):
            return _slice_of(self, range(*key.indices(info.length)))
        index = self._place(key)
        return _get(self, info.proto, index, index * info.proto._layout_info.size)

    def __setitem__(self, key, value):
        info = self._layout_info
        if isinstance(key, slice):
            places = range(*key.indices(info.length))
            if len(value) != len(places):
                raise ValueError("Can only assign sequence of same size")
            for index, item in zip(places, value):
                self[index] = item
            return
        index = self._place(key)
        kept = _put(self, info.proto, index * info.proto._layout_info.size, value)
        if kept is not None:
            _keep(self, index, kept)

    def __delitem__(self, key):
        raise TypeError("Array does not support item deletion")


def _slice_of(data, places):
    code = data._layout_info.proto._layout_info.code
    if code == "c":
        return b"".join([data[i] for i in places])
    if code == "u":
        return "".join([data[i] for i in places])
    return [data[i] for i in places]


def _get_char_value(self):
    return _foreign.load_bytes(self, 0, _foreign.size(self)).partition(b"\0")[0]


def _set_char_value(self, value):
    if not isinstance(value, bytes):
        raise TypeError(f"bytes expected instead of {_name(value)} instance")
    size = _foreign.size(self)
    if len(value) > size:
        raise ValueError("byte string too long")
    _foreign.store_bytes(self, 0, value + b"\0" if len(value) < size else value)


def _set_char_raw(self, value):
    try:
        view = memoryview(value)
    except TypeError:
        raise TypeError(f"a bytes-like object is required, not '{_name(value)}'") from None
    if view.nbytes > _foreign.size(self):
        raise ValueError("byte string too long")
    _foreign.store_bytes(self, 0, view)


def _get_wide_value(self):
    return _foreign.load_wide(self, 0, _foreign.size(self) // 4).partition("\0")[0]


def _set_wide_value(self, value):
    if not isinstance(value, str):
        raise TypeError(f"unicode string expected instead of {_name(value)} instance")
    room = _foreign.size(self) // 4
    if len(value) > room:
        raise ValueError("string too long")
    _foreign.store_bytes(self, 0, (value + "\0" if len(value) < room else value).encode("utf-32-le", "surrogatepass"))


def _no_delete(self):
    raise TypeError("can't delete attribute")


def _no_raw_delete(self):
    raise AttributeError("cannot delete attribute")


_char_value = property(_get_char_value, _set_char_value, _no_delete, "string value")
_char_raw = property(lambda self: _foreign.load_bytes(self, 0, _foreign.size(self)), _set_char_raw, _no_raw_delete, "value")
_wide_value = property(_get_wide_value, _set_wide_value, _no_delete, "string value")


class _Pointer(_CData, metaclass=PyCPointerType):
    """XXX to be provided"""
    __module__ = "_ctypes"
    __slots__ = ()

    def __new__(cls, *args, **kwargs):
        if cls._layout_info is None or cls._layout_info.proto is None:
            raise TypeError("Cannot create instance: has no _type_")
        return _foreign.allocate(cls, _instance_layout(cls).size)

    def __init__(self, target=_MISSING, /):
        if target is not _MISSING:
            self.contents = target

    @property
    def contents(self):
        """the object this pointer points to (read-write)"""
        address = _load(self, 0, "P")
        if not address:
            raise ValueError("NULL pointer access")
        proto = self._layout_info.proto
        made = _foreign.at(proto, address, proto._layout_info.size, self)
        return made

    @contents.setter
    def contents(self, value):
        proto = self._layout_info.proto
        if proto is None:
            raise TypeError("Cannot set contents: has no _type_")
        if not isinstance(value, proto):
            compatible = isinstance(value, Array) and value._layout_info.proto is proto
            if not compatible:
                raise TypeError(f"expected {proto.__name__} instead of {_name(value)}")
        _store(self, 0, "P", _address(value))
        _keep(self, 1, value)
        _keep(self, 0, _container(value)._keeps)

    @contents.deleter
    def contents(self):
        raise TypeError("Pointer does not support item deletion")

    def __bool__(self):
        return _load(self, 0, "P") is not None

    def _items(self, index):
        """The memory that has the item, and its place there."""
        address = _load(self, 0, "P")
        if not address:
            raise ValueError("NULL pointer access")
        proto = self._layout_info.proto
        size = proto._layout_info.size
        return _foreign.at(proto, address + index * size, size, self)

    def __getitem__(self, key):
        if isinstance(key, slice):
            return _pointer_slice(self, key)
        if not hasattr(key, "__index__"):
            raise TypeError("Pointer indices must be integer")
        item = self._items(key.__index__())
        info = item._layout_info
        return _load(item, 0, info.code) if info.code is not None and _is_direct(type(item)) else item

    def __setitem__(self, key, value):
        if not hasattr(key, "__index__"):
            raise TypeError("Pointer indices must be integer" if not isinstance(key, slice) else "Pointer does not support slice assignment")
        index = key.__index__()
        item = self._items(index)
        _keep(self, index & 0xFFFFFFFF, _put(item, self._layout_info.proto, 0, value))

    def __delitem__(self, key):
        raise TypeError("Pointer does not support item deletion")


def _pointer_slice(self, key):
    step = 1 if key.step is None else key.step.__index__()
    if step == 0:
        raise ValueError("slice step cannot be zero")
    if key.start is None:
        if step < 0:
            raise ValueError("slice start is required for step < 0")
        start = 0
    else:
        start = key.start.__index__()
    if key.stop is None:
        raise ValueError("slice stop is required")
    return _slice_of(self, range(start, key.stop.__index__(), step))


# --- arguments and results of calls
def _leaves(cls, offset, out):
    """(offset, code) of every word in a structure."""
    info = cls._layout_info
    if isinstance(cls, _AggregateType):
        for field in info.fields:
            _leaves(field.type, offset + field.byte_offset, out)
    elif isinstance(cls, PyCArrayType):
        for i in range(info.length):
            _leaves(info.proto, offset + i * info.proto._layout_info.size, out)
    else:
        out.append((offset, (info.code or "P")[-1]))


def _call_type(cls):
    """The type of a class in a call: a code, or an aggregate. The System V ABI passes two words at most in registers."""
    info = cls._layout_info
    if info.call_type is None:
        leaves = []
        if info.size <= 16:
            _leaves(cls, 0, leaves)
        if any(code == "g" for _, code in leaves):
            parts = tuple(code for _, code in leaves)
        else:
            parts = tuple("d" if all(code in "fdFD" for offset, code in leaves if word <= offset < word + 8) else "Q"
                          for word in range(0, min(info.size, 32), 8))
        info.call_type = _foreign.aggregate(info.size, info.align, parts)
    return info.call_type


def _from_data(data):
    """An instance as an argument."""
    cls = type(data)
    if isinstance(cls, PyCArrayType):
        return _foreign.byref(data)
    if isinstance(cls, _AggregateType) and cls._layout_info.size == 0:
        return _foreign.byref(data)
    return _foreign.argument_from(data, _call_type(cls), data)


def _argument(value, number):
    if isinstance(value, _Argument):
        return value
    if isinstance(value, _CData):
        return _from_data(value)
    if value is None:
        return _foreign.argument("P", 0)
    if isinstance(value, int):
        if not -(1 << 63) <= value < 1 << 64:
            raise OverflowError("int too long to convert")
        return _foreign.argument("i", value)
    if isinstance(value, bytes):
        return _foreign.argument("z", value)
    if isinstance(value, str):
        return _foreign.argument("Z", value)
    as_parameter = getattr(value, "_as_parameter_", _MISSING)
    if as_parameter is not _MISSING:
        return _argument(as_parameter, number)
    raise TypeError(f"Don't know how to convert parameter {number}")


def _text_param(code, kind):
    item_code = "c" if code == "z" else "u"

    def from_param(cls, value, /):
        if value is None:
            return None
        if isinstance(value, kind):
            return _foreign.argument(code, value)
        if isinstance(value, cls):
            return value
        if isinstance(value, (Array, _Pointer)):
            proto = value._layout_info.proto
            if proto is not None and proto._layout_info.code == item_code:
                return value
        if isinstance(value, _Argument) and isinstance(value._obj, _CData) and value._obj._layout_info.code == item_code:
            return value
        as_parameter = getattr(value, "_as_parameter_", _MISSING)
        if as_parameter is not _MISSING:
            return cls.from_param(as_parameter)
        raise TypeError(f"'{_name(value)}' object cannot be interpreted as ctypes.c_{'w' if code == 'Z' else ''}char_p")
    return from_param


def _void_param(cls, value, /):
    if value is None:
        return None
    if isinstance(value, int):
        return _foreign.argument("P", value)
    if isinstance(value, bytes):
        return _foreign.argument("z", value)
    if isinstance(value, str):
        return _foreign.argument("Z", value)
    if isinstance(value, (cls, Array, _Pointer)):
        return value
    if isinstance(value, _Argument):
        if repr(value).startswith("<cparam 'P'"):
            return value
    if isinstance(value, CFuncPtr):
        return _foreign.argument("P", _load(value, 0, "P") or 0, value)
    if isinstance(value, _SimpleCData) and value._layout_info.code in ("z", "Z"):
        return _foreign.argument_from(value, "Z", value)
    as_parameter = getattr(value, "_as_parameter_", _MISSING)
    if as_parameter is not _MISSING:
        return cls.from_param(as_parameter)
    raise TypeError(f"'{_name(value)}' object cannot be interpreted as ctypes.c_void_p")


_PARAM_METHODS = {"z": _text_param("z", bytes), "Z": _text_param("Z", str), "P": _void_param}


class CFuncPtr(_CData, metaclass=PyCFuncPtrType):
    """Function Pointer"""
    __module__ = "_ctypes"

    def __new__(cls, *args, **kwargs):
        info = _instance_layout(cls)
        if not args:
            return _foreign.allocate(cls, 8)
        first = args[0]
        if isinstance(first, tuple):
            return _from_library(cls, *args)
        self = _foreign.allocate(cls, 8)
        if isinstance(first, int) and len(args) == 1:
            if not -(1 << 63) <= first < 1 << 64:
                raise OverflowError("Python int too large to convert to C unsigned long")
            _store(self, 0, "P", first)
            return self
        if not callable(first):
            raise TypeError("argument must be callable or integer function address")
        if info.argtypes is None:
            raise TypeError("cannot construct instance of this class: no argtypes")
        thunk = _make_callback(first, info)
        _store(self, 0, "P", thunk.address)
        self._callable = first
        _keep(self, 0, thunk)
        return self

    def __init__(self, *args, **kwargs):
        pass

    @property
    def restype(self):
        """specify the result type"""
        return self.__dict__.get("_own_restype", self._layout_info.restype)

    @restype.setter
    def restype(self, value):
        if value is not None and _layout_of(value) is None and not callable(value):
            raise TypeError("restype must be a type, a callable, or None")
        self.__dict__["_own_restype"] = value

    @restype.deleter
    def restype(self):
        self.__dict__.pop("_own_restype", None)

    @property
    def argtypes(self):
        """specify the argument types"""
        return self.__dict__.get("_own_argtypes", self._layout_info.argtypes)

    @argtypes.setter
    def argtypes(self, value):
        if value is None:
            self.__dict__.pop("_own_argtypes", None)
            self.__dict__.pop("_own_converters", None)
            return
        value = tuple(value)
        self.__dict__["_own_converters"] = _converters(value)
        self.__dict__["_own_argtypes"] = value

    @argtypes.deleter
    def argtypes(self):
        self.argtypes = None

    @property
    def errcheck(self):
        """a function to check for errors"""
        return self.__dict__.get("_errcheck")

    @errcheck.setter
    def errcheck(self, value):
        if not callable(value):
            raise TypeError("the errcheck attribute must be callable")
        self.__dict__["_errcheck"] = value

    @errcheck.deleter
    def errcheck(self):
        self.__dict__.pop("_errcheck", None)

    def __bool__(self):
        return _load(self, 0, "P") is not None

    def __repr__(self):
        return f"<{_name(self)} object at {id(self):#x}>"

    def __call__(self, /, *args, **kwargs):
        own, info = self.__dict__, self._layout_info
        converters = own.get("_own_converters", info.converters)
        flags = own.get("_paramflags")
        out = None
        if flags is not None and converters is not None:
            args, out, inout = _bind_flags(self, flags, args, kwargs)
        arguments = _convert(args, converters, info.func_flags)
        restype = own["_own_restype"] if "_own_restype" in own else info.restype
        result = _call(_load(self, 0, "P") or 0, info.func_flags, -1 if converters is None else len(converters), restype, arguments)
        check = own.get("_errcheck")
        if check is not None:
            result = _checked(check, result, self, args)
            if result is _MISSING:
                result = args
        if out:
            values = tuple([args[i].__ctypes_from_outparam__() if i not in inout else args[i].__ctypes_from_outparam__() for i in out])
            if check is None or result is args:
                return values[0] if len(values) == 1 else values
        return result


def _checked(check, result, function, args):
    value = check(result, function, args)
    return _MISSING if value is args else value


def _convert(args, converters, flags):
    if converters is None:
        converters = ()
    elif len(args) < len(converters) or (not flags & FUNCFLAG_CDECL and len(args) != len(converters)):
        needed = len(converters)
        least = "at least " if flags & FUNCFLAG_CDECL else ""
        raise TypeError(f"this function takes {least}{needed} argument{'' if needed == 1 else 's'} ({len(args)} given)")
    if len(args) > CTYPES_MAX_ARGCOUNT:
        raise ArgumentError(f"too many arguments ({len(args)}), maximum is {CTYPES_MAX_ARGCOUNT}")
    ready = []
    for number, value in enumerate(args):
        try:
            if number < len(converters):
                value = converters[number](value)
            ready.append(value if type(value) is _Argument else _argument(value, number + 1))
        except Exception as error:
            raise ArgumentError(f"argument {number + 1}: {type(error).__name__}: {error}") from None
    return ready


def _call(address, flags, fixed, restype, arguments):
    _audit("ctypes.call_function", address, tuple(arguments))
    if restype is None:
        return _foreign.call(address, flags, fixed, None, arguments, None)
    info = _layout_of(restype)
    if info is None:
        return restype(_foreign.call(address, flags, fixed, "i", arguments, None))
    if info.code is not None and _is_direct(restype):
        result = _foreign.call(address, flags, fixed, info.code[-1], arguments, None)
    else:
        result = _foreign.call(address, flags, fixed, _call_type(restype), arguments, _foreign.allocate(restype, info.size))
    check = getattr(restype, "_check_retval_", None)
    return result if check is None else check(result)


def _bind_flags(function, flags, args, kwargs):
    """The arguments of a prototype with flags: (1 in, 2 out, 4 in with default 0, name, default)."""
    argtypes = function.argtypes
    given, ready, out, inout, used = list(args), [], [], set(), 0
    for number, (argtype, spec) in enumerate(zip(argtypes, flags)):
        flag = spec[0] if spec[0] else 1
        name = spec[1] if len(spec) > 1 else None
        default = spec[2] if len(spec) > 2 else _MISSING
        if flag == 2:
            if default is not _MISSING:
                raise TypeError("out parameter with default value")
            ready.append(argtype._layout_info.proto())
            out.append(number)
            continue
        if flag & 2:
            out.append(number)
            inout.add(number)
        if used < len(given):
            value = given[used]
            used += 1
        elif name is not None and name in kwargs:
            value = kwargs[name]
            used += 1
        elif default is not _MISSING:
            value = default
        elif flag & 4:
            value = 0
        elif name:
            raise TypeError(f"required argument '{name}' missing")
        else:
            raise TypeError("not enough arguments")
        if flag & 2:
            proto = argtype._layout_info.proto
            value = value if isinstance(value, proto) else proto(value)
        ready.append(value)
    if len(args) + len(kwargs) > used and len(given) > used:
        count = sum(1 for spec in flags if spec[0] != 2)
        raise TypeError(f"call takes exactly {count} arguments ({len(args) + len(kwargs)} given)")
    return tuple(ready), out, inout


def _check_flags(cls, paramflags):
    argtypes = cls._layout_info.argtypes
    if paramflags is None or argtypes is None:
        return None
    if not isinstance(paramflags, tuple):
        raise TypeError("paramflags must be a tuple or None")
    if len(paramflags) != len(argtypes):
        raise ValueError("paramflags must have the same length as argtypes")
    for number, spec in enumerate(paramflags):
        if not isinstance(spec, tuple) or not 1 <= len(spec) <= 3 or not isinstance(spec[0], int) or (len(spec) > 1 and not (spec[1] is None or isinstance(spec[1], str))):
            raise TypeError("paramflags must be a sequence of (int [,string [,value]]) tuples")
        if spec[0] not in (0, 1, 2, 3, 4, 5):
            raise TypeError(f"paramflag value {spec[0]} not supported")
        if spec[0] & 2:
            info = argtypes[number]._layout_info
            if not isinstance(argtypes[number], PyCPointerType):
                raise TypeError(f"'out' parameter {number + 1} must be a pointer type, not {argtypes[number].__name__}")
    return paramflags


def _from_library(cls, place, paramflags=None):
    if len(place) != 2:
        raise TypeError("function takes exactly 2 arguments (%d given)" % len(place))
    name, library = place
    _audit("ctypes.dlsym", library, name)
    handle = library._handle
    if not isinstance(handle, int):
        raise TypeError("the _handle attribute of the second argument must be an integer")
    if isinstance(name, bytes):
        name = name.decode()
    if not isinstance(name, str):
        raise TypeError("function name must be string, bytes object or integer")
    paramflags = _check_flags(cls, paramflags)
    address = _own_api(name, cls) if cls._layout_info.func_flags & FUNCFLAG_PYTHONAPI else None
    if address is None:
        try:
            address = _foreign.dlsym(handle, name)
        except OSError as error:
            raise AttributeError(str(error)) from None
    self = _foreign.allocate(cls, 8)
    _store(self, 0, "P", address)
    _keep(self, 0, library)
    if paramflags is not None:
        self.__dict__["_paramflags"] = paramflags
    return self


# --- functions that C calls
def _parameter(cls):
    info = _layout_of(cls)
    if info is None:
        raise TypeError("cannot build parameter")
    if info.code is not None and _is_direct(cls):
        return info.code[-1], None
    return _call_type(cls), cls


def _make_callback(function, info):
    parameters = tuple([_parameter(cls) for cls in info.argtypes])
    restype = info.restype
    if restype is None:
        return _foreign.callback(function, None, parameters)
    result = _layout_of(restype)
    if result is None or result.code is None:
        raise TypeError("invalid result type for callback function")
    return _foreign.callback(function, result.code[-1], parameters)


# --- functions of the module
def sizeof(obj_or_type, /):
    """sizeof(C type) -> integer
sizeof(C instance) -> integer
Return the size in bytes of a C instance"""
    if isinstance(obj_or_type, _CData):
        return _foreign.size(obj_or_type)
    info = _layout_of(obj_or_type)
    if info is None:
        raise TypeError("this type has no size")
    return info.size


def alignment(obj_or_type, /):
    """alignment(C type) -> integer
alignment(C instance) -> integer
Return the alignment requirements of a C instance"""
    info = obj_or_type._layout_info if isinstance(obj_or_type, _CData) else _layout_of(obj_or_type)
    if info is None:
        raise TypeError("no alignment info")
    return info.align


def addressof(obj, /):
    """Return the address of the C instance internal buffer"""
    if not isinstance(obj, _CData):
        raise TypeError(f"addressof() argument must be _ctypes._CData, not {_name(obj)}")
    _audit("ctypes.addressof", obj)
    return _address(obj)


byref = _foreign.byref


def resize(obj, size, /):
    if not isinstance(obj, _CData):
        raise TypeError(f"resize() argument 1 must be _ctypes._CData, not {_name(obj)}")
    least = obj._layout_info.size
    if size < least:
        raise ValueError(f"minimum size is {least}")
    if not obj._b_needsfree_:
        raise ValueError("Memory cannot be resized because this object doesn't own it")
    _foreign.resize(obj, size)


def buffer_info(cls, /):
    """Return buffer interface information"""
    info = _layout_of(cls)
    if info is None:
        raise TypeError("not a ctypes type or object")
    return info.format, len(info.shape), info.shape


get_errno, set_errno = _foreign.get_errno, _foreign.set_errno
dlopen, dlsym, dlclose = _foreign.dlopen, _foreign.dlsym, _foreign.dlclose


def call_function(address, arguments, /):
    return _call(address, 0, -1, None, _convert(arguments, None, 0)) or 0


def call_cdeclfunction(address, arguments, /):
    return _foreign.call(address, FUNCFLAG_CDECL, -1, "i", _convert(arguments, None, FUNCFLAG_CDECL), None)


def _cast(address, source, target):
    if not (isinstance(target, (PyCPointerType, PyCFuncPtrType)) or
            (isinstance(target, PyCSimpleType) and target._layout_info.code in tuple("sPzUZXO"))):
        named = f", not {target.__name__}" if isinstance(target, CType_Type) else ""
        raise TypeError(f"cast() argument 2 must be a pointer type{named}")
    result = target()
    if isinstance(source, _CData):
        _container(source)
        if source._keeps is None:
            source._keeps = {}
        result._keeps = source._keeps
        if type(result._keeps) is dict:
            result._keeps[id(source)] = source
    _store(result, 0, "P", address or 0)
    return result


def _memoryview_at(address, size, readonly):
    if size < 0:
        raise ValueError("negative size")
    _audit("ctypes.memoryview_at", address, size, readonly)
    view = memoryview(_foreign.at(_array_of(_Byte, size), address or 0, size, None))
    return view.toreadonly() if readonly else view


class _Byte(_SimpleCData):
    _type_ = "B"


def _string_at(address, size):
    _audit("ctypes.string_at", address, size)
    return _foreign.bytes_at(address, size)


def _wstring_at(address, size):
    _audit("ctypes.wstring_at", address, size)
    return _foreign.wide_at(address, size)


_own = []


def _address_of(function, result, *codes):
    """The address of a C function that does what a function of Python does; its exceptions reach the caller."""
    thunk = _foreign.callback(function, result, tuple([(code, None) for code in codes]), True)
    _own.append(thunk)
    return thunk.address


_memmove_addr, _memset_addr = _foreign.memmove_address, _foreign.memset_address
_cast_addr = _address_of(_cast, "O", "P", "O", "O")
_string_at_addr = _address_of(_string_at, "O", "P", "i")
_wstring_at_addr = _address_of(_wstring_at, "O", "P", "i")
_memoryview_at_addr = _address_of(_memoryview_at, "O", "P", "l", "i")


_api_addresses = {}


_C_NAMES = {"PyOS_snprintf": "snprintf", "PyMem_Malloc": "malloc", "PyMem_Free": "free", "PyMem_Realloc": "realloc", "PyMem_RawMalloc": "malloc",
            "PyMem_RawFree": "free", "PyOS_strtol": "strtol", "PyOS_strtoul": "strtoul"}


def _own_api(name, cls):
    if name in _C_NAMES:
        return _foreign.dlsym(0, _C_NAMES[name])
    from _python_api import FUNCTIONS
    if name not in FUNCTIONS:
        return None
    if name not in _api_addresses:
        _api_addresses[name] = _address_of(*FUNCTIONS[name])
    return _api_addresses[name]


def PyObj_FromPtr(address, /):
    raise NotImplementedError("PyObj_FromPtr: objects have no addresses here")


for _cls in (CType_Type, PyCSimpleType, PyCPointerType, PyCArrayType, PyCStructType, UnionType, PyCFuncPtrType, _SimpleCData, Structure, Union, Array,
             _Pointer, CFuncPtr, CField):
    _foreign.freeze(_cls)
del _cls
