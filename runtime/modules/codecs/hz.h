// The HZ encoding of GB 2312 (RFC 1843) on a converter for EUC-CN: `~{` begins two-byte characters of seven bits, `~}` ends them,
// `~~` is a tilde, `~` and a line end are nothing. The functions take and give what iconv() does, `errno` included.
#pragma once

#include <iconv.h>

#include <cstddef>

namespace krait::modules::multibyte {

struct Converter {
  iconv_t state;
  bool is_hz, decodes;
  bool in_gb;  // hz: between ~{ and ~}
};
size_t decodeHz(Converter& c, char** in, size_t* left, char** to, size_t* room);
size_t encodeHz(Converter& c, char** in, size_t* left, char** to, size_t* room);
// Back to ASCII; `to` may be null.
size_t finishHz(Converter& c, char** to, size_t* room);

}  // namespace krait::modules::multibyte
