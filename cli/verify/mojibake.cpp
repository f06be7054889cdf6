#include "cli/verify/mojibake.h"

#include <algorithm>
#include <array>
#include <map>

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
  auto first = static_cast<unsigned char>(text[0]);
  size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  size = std::min(size, text.size());
  std::string_view character = text.substr(0, size);
  auto found = std::find(kHigh.begin(), kHigh.end(), character);
  if (found != kHigh.end()) return static_cast<unsigned char>(0x80 + (found - kHigh.begin()));
  if (size != 2 || (first != 0xc2 && first != 0xc3)) return 0;
  auto second = static_cast<unsigned char>(text[1]);
  return second < 0xa0 && first == 0xc2 ? 0 : static_cast<unsigned char>(first == 0xc2 ? second : second + 0x40);
}

// The length of the character in UTF-8 that the bytes begin with and that is not ASCII; 0: none.
static size_t characterLength(std::string_view bytes) {
  auto at = [&](size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
  size_t length = at(0) >= 0xc2 && at(0) <= 0xdf ? 2 : at(0) >= 0xe0 && at(0) <= 0xef ? 3 : at(0) >= 0xf0 && at(0) <= 0xf4 ? 4 : 0;
  for (size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xc0) != 0x80) return 0;
  }
  // Longer than it must be, half of a pair, or beyond the last character.
  bool is_wrong = (at(0) == 0xe0 && at(1) < 0xa0) || (at(0) == 0xed && at(1) >= 0xa0) || (at(0) == 0xf0 && at(1) < 0x90) || (at(0) == 0xf4 && at(1) >= 0x90);
  return is_wrong ? 0 : length;
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
