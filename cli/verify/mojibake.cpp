#include "cli/verify/mojibake.h"

#include <algorithm>
#include <array>
#include <map>

#include "analyzer/base/unicode/utf8.h"
#include "analyzer/syntax/source_text.h"

namespace krait::cli {

// The characters of the bytes 0x80 to 0x9f, as UTF-8; the five that Windows-1252 leaves out are control characters.
static std::array<std::string, 32> highCharacters() {
  std::array<std::string, 32> out;
  for (size_t i = 0; i < out.size(); ++i) {
    char byte = static_cast<char>(0x80 + i);
    std::string problem;
    out[i] = syntax::decodeBytes({&byte, 1}, "cp1252", problem).value_or(std::string("\xc2") + byte);
  }
  return out;
}

// The byte that reads as the character at the front of the text, which is not ASCII; 0: none does. `size`: of the character.
static unsigned char byteOf(std::string_view text, size_t& size) {
  static const std::array<std::string, 32> kHigh = highCharacters();
  size = 0;
  char32_t code = unicode::decodeUtf8(text, size);
  std::string_view character = text.substr(0, size);
  auto found = std::find(kHigh.begin(), kHigh.end(), character);
  if (found != kHigh.end()) return static_cast<unsigned char>(0x80 + (found - kHigh.begin()));
  return code >= 0xa0 && code <= 0xff ? static_cast<unsigned char>(code) : 0;
}

// The length of the character in UTF-8 that the bytes begin with and that is not ASCII; 0: none.
static size_t characterLength(std::string_view bytes) {
  size_t length = 0;
  bool is_character = !bytes.empty() && unicode::decodeUtf8(bytes, length) != unicode::kMalformed;
  return is_character && length > 1 ? length : 0;
}

namespace {
// Characters that stand for bytes, one after the other.
struct Run {
  std::string bytes;
  std::vector<uint32_t> places;  // of each character; one more for the end
};
}  // namespace

static Run runAt(std::string_view text, size_t at) {
  Run run;
  run.places.push_back(static_cast<uint32_t>(at));
  while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) {
    size_t size = 0;
    unsigned char byte = byteOf(text.substr(at), size);
    if (byte == 0) break;
    run.bytes += static_cast<char>(byte);
    at += size;
    run.places.push_back(static_cast<uint32_t>(at));
  }
  return run;
}

std::vector<Mojibake> findMojibake(std::string_view text) {
  std::vector<Mojibake> found;
  std::map<std::string_view, size_t> known;
  for (size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    Run run = runAt(text, at);
    for (size_t i = 0; i < run.bytes.size();) {
      size_t end = i;
      while (size_t length = characterLength(std::string_view(run.bytes).substr(end))) end += length;
      if (end == i) {
        ++i;
        continue;
      }
      TextRange range{run.places[i], run.places[end]};
      auto [entry, is_new] = known.try_emplace(text.substr(range.begin, range.size()), found.size());
      if (is_new) found.push_back({.range = range, .repaired = run.bytes.substr(i, end - i)});
      else ++found[entry->second].count;
      i = end;
    }
    // A character that stands for no byte is passed over whole.
    size_t size = 0;
    if (run.places.size() == 1) byteOf(text.substr(at), size);
    at = run.places.back() + size;
  }
  return found;
}

}  // namespace krait::cli
