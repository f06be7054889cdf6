#include "runtime/modules/codecs/hz.h"

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace krait::modules::multibyte {

constexpr size_t kFailed = static_cast<size_t>(-1);

static size_t fail(int why) {
  errno = why;
  return kFailed;
}
static void advance(char** at, size_t* left, size_t n) {
  *at += n;
  *left -= n;
}
static void put(char** to, size_t* room, const void* data, size_t n) {
  std::memcpy(*to, data, n);
  advance(to, room, n);
}

// One step: what `~` begins. 0 when it was taken, else an error.
static int takeTilde(Converter& c, char** in, size_t* left, char** to, size_t* room) {
  if (*left < 2) return EINVAL;
  char second = (*in)[1];
  uint32_t tilde = '~';
  if (second == '~' && !c.in_gb) put(to, room, &tilde, sizeof tilde);
  else if (second == '{' && !c.in_gb) c.in_gb = true;
  else if (second == '}' && c.in_gb) c.in_gb = false;
  else if (second != '\n' || c.in_gb) return EILSEQ;
  advance(in, left, 2);
  return 0;
}
static int takePair(Converter& c, char** in, size_t* left, char** to, size_t* room) {
  if (*left < 2) return EINVAL;
  char pair[2] = {static_cast<char>((*in)[0] | 0x80), static_cast<char>((*in)[1] | 0x80)};
  char* from = pair;
  size_t size = 2;
  if (((*in)[1] & 0x80) != 0 || iconv(c.state, &from, &size, to, room) == kFailed) return EILSEQ;
  advance(in, left, 2);
  return 0;
}
size_t decodeHz(Converter& c, char** in, size_t* left, char** to, size_t* room) {
  while (*left > 0) {
    if (*room < sizeof(uint32_t)) return fail(E2BIG);
    unsigned char first = static_cast<unsigned char>(**in);
    if (first >= 0x80) return fail(EILSEQ);
    int why = 0;
    if (first == '~') {
      why = takeTilde(c, in, left, to, room);
    } else if (c.in_gb) {
      why = takePair(c, in, left, to, room);
    } else {
      uint32_t wide = first;
      put(to, room, &wide, sizeof wide);
      advance(in, left, 1);
    }
    if (why != 0) return fail(why);
  }
  return 0;
}

size_t finishHz(Converter& c, char** to, size_t* room) {
  if (c.in_gb && to != nullptr && !c.decodes) put(to, room, "~}", 2);
  c.in_gb = false;
  return 0;
}
size_t encodeHz(Converter& c, char** in, size_t* left, char** to, size_t* room) {
  while (*left > 0) {
    if (*room < 6) return fail(E2BIG);
    uint32_t wide;
    std::memcpy(&wide, *in, sizeof wide);
    if (wide < 0x80) {
      if (c.in_gb) finishHz(c, to, room);
      char byte = static_cast<char>(wide);
      put(to, room, &byte, 1);
      if (wide == '~') put(to, room, &byte, 1);
      advance(in, left, 4);
      continue;
    }
    char pair[8];
    char *from = *in, *out = pair;
    size_t size = 4, space = sizeof pair;
    if (iconv(c.state, &from, &size, &out, &space) == kFailed || out - pair != 2) return fail(EILSEQ);
    if (!c.in_gb) put(to, room, "~{", 2);
    c.in_gb = true;
    for (int i = 0; i < 2; ++i) pair[i] = static_cast<char>(pair[i] & 0x7F);
    put(to, room, pair, 2);
    advance(in, left, 4);
  }
  return 0;
}

}  // namespace krait::modules::multibyte
