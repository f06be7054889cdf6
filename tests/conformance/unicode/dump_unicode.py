"""Prints everything Python knows about each code point, one line each, in the format of unicode_dump.cpp.

Run it with CPython 3.14 (or any interpreter with Unicode 16); compare.py compares its output with unicode_dump's.
"""
import sys
import unicodedata

PREDICATES = ("isalpha", "isdecimal", "isdigit", "isnumeric", "isspace", "isprintable", "islower", "isupper", "istitle",
              "isalnum", "isidentifier")


def codes(text):
    return ".".join(format(ord(c), "x") for c in text)


def number(value):
    return "-" if value is None else repr(float(value))


def describe(code):
    c = chr(code)
    flags = "".join("1" if getattr(c, p)() else "0" for p in PREDICATES)
    flags += "1" if ("a" + c).isidentifier() else "0"
    flags += "1" if len(("a" + c + "a").splitlines()) == 2 else "0"
    fields = [format(code, "x"), unicodedata.category(c), unicodedata.bidirectional(c) or "-", str(unicodedata.combining(c)),
              unicodedata.east_asian_width(c), str(unicodedata.mirrored(c)), number(unicodedata.decimal(c, None)),
              number(unicodedata.digit(c, None)), number(unicodedata.numeric(c, None)), flags,
              codes(c.lower()), codes(c.upper()), codes(c.title()), codes(c.casefold()),
              codes(("a" + c).lower()), codes(("a" + c + "b").lower()),
              unicodedata.decomposition(c)]
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        fields.append(codes(unicodedata.normalize(form, c)))
        fields.append("1" if unicodedata.is_normalized(form, c) else "0")
    fields.append(unicodedata.name(c, ""))
    return "|".join(fields)


def main():
    out = []
    for code in range(0x110000):
        out.append(describe(code))
        if len(out) == 4096:
            print("\n".join(out))
            out.clear()
    print("\n".join(out))


if __name__ == "__main__":
    main()
