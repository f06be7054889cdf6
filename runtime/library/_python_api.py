"""The functions of Python's C interface that programs call through ctypes.pythonapi and that need no object layout.

FUNCTIONS maps each name to what it does, the code of its result and those of its parameters (as in `_SimpleCData._type_`; P is an
address). ref: The Python/C API reference manual.
"""
import sys

import _foreign


class PyCapsule:
    """An address with a name, as extension modules give them to each other."""

    def __init__(self, pointer, name, destructor):
        self.pointer, self.name, self.destructor, self.context = pointer, name, destructor, 0

    def __repr__(self):
        shown = f'"{_text(self.name).decode()}"' if self.name else "NULL"
        return f"<capsule object {shown} at {id(self):#x}>"

    def __reduce_ex__(self, protocol):
        raise TypeError("cannot pickle 'PyCapsule' object")


PyCapsule.__module__ = "builtins"


def _text(address):
    """The bytes of a C string."""
    if not address:
        return None
    end = address
    while _foreign.bytes_at(end, 1) != b"\0":
        end += 1
    return _foreign.bytes_at(address, end - address)


def _new(pointer, name, destructor):
    if not pointer:
        raise ValueError("PyCapsule_New called with null pointer")
    return PyCapsule(pointer, name, destructor)


def _valid(capsule, name):
    return isinstance(capsule, PyCapsule) and bool(capsule.pointer) and _text(capsule.name) == name


def _field(function, field):
    def get(capsule):
        if not isinstance(capsule, PyCapsule):
            raise ValueError(f"{function} called with invalid PyCapsule object")
        return getattr(capsule, field)
    return get


def _set_field(function, field):
    def put(capsule, value):
        if not isinstance(capsule, PyCapsule):
            raise ValueError(f"{function} called with invalid PyCapsule object")
        if field == "pointer" and not value:
            raise ValueError("PyCapsule_SetPointer called with null pointer")
        setattr(capsule, field, value)
        return 0
    return put


def _pointer(capsule, name):
    if not isinstance(capsule, PyCapsule):
        raise ValueError("PyCapsule_GetPointer called with invalid PyCapsule object")
    if _text(capsule.name) != name:
        raise ValueError("PyCapsule_GetPointer called with incorrect name")
    return capsule.pointer


def _done(function):
    """A function of C that answers 0 when it is done."""
    def call(*args):
        function(*args)
        return 0
    return call


def _run(text):
    exec(text, __import__("__main__").__dict__)


FUNCTIONS = {
    "PyThreadState_SetAsyncExc": (lambda ident, exc: _foreign.set_async_exception(ident, exc), "i", "L", "O"),
    "Py_IsInitialized": (lambda: 1, "i"),
    "Py_IncRef": (lambda o: None, "O", "O"),
    "Py_DecRef": (lambda o: None, "O", "O"),
    "PyErr_CheckSignals": (lambda: 0, "i"),
    "PyGILState_Check": (lambda: 1, "i"),
    "PyGILState_Ensure": (lambda: 0, "i"),
    "PyGILState_Release": (lambda state: None, "O", "i"),
    "PyLong_FromLong": (lambda n: n, "O", "l"),
    "PyLong_AsLong": (int, "l", "O"),
    "PyFloat_FromDouble": (lambda x: x, "O", "d"),
    "PyFloat_AsDouble": (float, "d", "O"),
    "PyBytes_FromStringAndSize": (lambda p, n: _foreign.bytes_at(p, n), "O", "P", "l"),
    "PyObject_Repr": (repr, "O", "O"),
    "PyObject_Str": (str, "O", "O"),
    "PyObject_Size": (len, "l", "O"),
    "PyObject_Length": (len, "l", "O"),
    "PyObject_Hash": (hash, "l", "O"),
    "PyObject_Type": (type, "O", "O"),
    "PyObject_Dir": (dir, "O", "O"),
    "PyObject_IsTrue": (bool, "i", "O"),
    "PyObject_IsInstance": (isinstance, "i", "O", "O"),
    "PyObject_GetAttr": (getattr, "O", "O", "O"),
    "PyObject_SetAttr": (_done(setattr), "i", "O", "O", "O"),
    "PyObject_GetItem": (lambda o, key: o[key], "O", "O", "O"),
    "PyObject_CallObject": (lambda f, args: f(*args), "O", "O", "O"),
    "PyObject_GetAttrString": (lambda o, name: getattr(o, name.decode()), "O", "O", "z"),
    "PyObject_SetAttrString": (lambda o, name, v: _done(setattr)(o, name.decode(), v), "i", "O", "z", "O"),
    "PyObject_HasAttrString": (lambda o, name: hasattr(o, name.decode()), "i", "O", "z"),
    "PyNumber_Add": (lambda a, b: a + b, "O", "O", "O"),
    "PyList_New": (lambda n: [None] * n, "O", "l"),
    "PyList_Size": (lambda o: list.__len__(o), "l", "O"),
    "PyList_Append": (_done(lambda o, item: list.append(o, item)), "i", "O", "O"),
    "PyTuple_Size": (lambda o: tuple.__len__(o), "l", "O"),
    "PyDict_New": (dict, "O"),
    "PyDict_Size": (lambda o: dict.__len__(o), "l", "O"),
    "PyDict_SetItem": (_done(lambda o, key, value: dict.__setitem__(o, key, value)), "i", "O", "O", "O"),
    "PyImport_ImportModule": (lambda name: __import__("importlib").import_module(name.decode()), "O", "z"),
    "PyUnicode_FromString": (lambda text: text.decode(), "O", "z"),
    "PySys_GetObject": (lambda name: getattr(sys, name.decode()), "O", "z"),
    "PyRun_SimpleString": (_done(_run), "i", "z"),
    "PyCapsule_New": (_new, "O", "P", "P", "P"),
    "PyCapsule_IsValid": (_valid, "i", "O", "z"),
    "PyCapsule_GetPointer": (_pointer, "P", "O", "z"),
    "PyCapsule_GetName": (_field("PyCapsule_GetName", "name"), "P", "O"),
    "PyCapsule_GetContext": (_field("PyCapsule_GetContext", "context"), "P", "O"),
    "PyCapsule_GetDestructor": (_field("PyCapsule_GetDestructor", "destructor"), "P", "O"),
    "PyCapsule_SetPointer": (_set_field("PyCapsule_SetPointer", "pointer"), "i", "O", "P"),
    "PyCapsule_SetName": (_set_field("PyCapsule_SetName", "name"), "i", "O", "P"),
    "PyCapsule_SetContext": (_set_field("PyCapsule_SetContext", "context"), "i", "O", "P"),
    "PyCapsule_SetDestructor": (_set_field("PyCapsule_SetDestructor", "destructor"), "i", "O", "P"),
}
