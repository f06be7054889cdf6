// Format specifications (`format()`, f-strings, str.format) and the character facts they need.
// ref: Python/formatter_unicode.c; library reference "Format Specification Mini-Language".
#pragma once

#include <string>

#include "runtime/object/type.h"

namespace krait::object {

struct FormatSpec {
  char32_t fill = ' ';
  char32_t align = 0;       // '<' '>' '=' '^', 0: the type's own
  char32_t sign = 0;        // '+' '-' ' '
  bool no_negative_zero = false, alternate = false, zero_pad = false;
  int64_t width = -1, precision = -1;
  char32_t thousands = 0;   // ',' or '_'
  char32_t fraction_thousands = 0;
  char32_t type = 0;
};
// Parses a str spec; raises ValueError.
Status parseFormatSpec_py(Thread& t, Value spec, Value for_value, FormatSpec& out);
Ref formatInt_py(Thread& t, Value v, Value spec);
Ref formatFloat_py(Thread& t, Value v, Value spec);
Ref formatStr_py(Thread& t, Value v, Value spec);
Ref formatComplex_py(Thread& t, Value v, Value spec);
// str % args. ref: PyUnicode_Format.
Ref percentFormat_py(Thread& t, Str* format, Value args);

// The digit's value for a decimal digit of any script, else -1.
int decimalDigit(char32_t c);
bool isSpaceChar(char32_t c);

}  // namespace krait::object
