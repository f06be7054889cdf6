"""Data of `pydoc`: the style of its pages."""
