// How names are stored: a name is a row of word numbers (kPhrases), the words lie in one text; frequent words take one
// byte. Code points 0x110000 and up stand for the aliases and named sequences. kNameSlots is an open hash table of code
// points (plus one) with eleven bits of the name's hash; the name itself is spelt out again to compare.
// Example: U+0041 -> kPhrases: [LATIN][CAPITAL][LETTER][A] 0.
#include <algorithm>
#include <iterator>

#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode_names.h"

namespace krait {

namespace {
struct NumberedRange {
  uint32_t first;
  uint32_t last;
  uint32_t prefix;
};
namespace generated {
#include "unicode/names.inc"
}  // namespace generated
}  // namespace

using namespace generated;

static constexpr uint32_t kExtras = unicode::kLastCodePoint + 1;
static constexpr size_t kLongestName = 256;

static constexpr uint32_t kSyllables = 0xac00;
static constexpr uint32_t kSyllableCount = 19 * 21 * 28;
static constexpr std::string_view kHangulPrefix = "HANGUL SYLLABLE ";
static constexpr std::string_view kLeads[] = {"G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S",
                                              "SS", "", "J", "JJ", "C", "K", "T", "P", "H"};
static constexpr std::string_view kVowels[] = {"A",  "AE", "YA", "YAE", "EO", "E",  "YEO", "YE", "O",  "WA", "WAE",
                                               "OE", "YO", "U",  "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
static constexpr std::string_view kTails[] = {"",  "G",  "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT",
                                              "LP", "LH", "M",  "B",  "BS", "S", "SS", "NG", "J", "C", "K", "T", "P", "H"};

static std::string_view wordText(uint32_t word) {
  return {kWordText + kWordOffsets[word], kWordOffsets[word + 1] - kWordOffsets[word]};
}

// Appends the stored name of a code point or extra; nothing if there is none.
static void appendStoredName(std::string& out, uint32_t code) {
  uint32_t block = kPhraseIndex[code >> kPhraseShift];
  uint32_t at = kPhraseBlocks[(block << kPhraseShift) + (code & ((1u << kPhraseShift) - 1))];
  bool first = true;
  while (kPhrases[at] != 0) {
    uint32_t word = kPhrases[at++];
    if (word > kShortWords) word = kShortWords + ((word - kShortWords - 1) << 8) + kPhrases[at++];
    else --word;
    if (!first) out += ' ';
    first = false;
    out += wordText(word);
  }
}

static void appendHex(std::string& out, uint32_t value) {
  char digits[8];
  int size = 0;
  for (; value != 0; value >>= 4) digits[size++] = "0123456789ABCDEF"[value & 15];
  while (size > 0) out += digits[--size];
}

std::string unicodeName(uint32_t code) {
  std::string out;
  if (code > unicode::kLastCodePoint) return out;
  if (code - kSyllables < kSyllableCount) {
    uint32_t index = code - kSyllables;
    out = kHangulPrefix;
    out += kLeads[index / (21 * 28)];
    out += kVowels[index / 28 % 21];
    out += kTails[index % 28];
    return out;
  }
  const NumberedRange* range = std::find_if(std::begin(kNumberedRanges), std::end(kNumberedRanges),
                                            [&](const NumberedRange& r) { return code >= r.first && code <= r.last; });
  if (range != std::end(kNumberedRanges)) {
    out = kNumberedPrefixes[range->prefix];
    appendHex(out, code);
    return out;
  }
  appendStoredName(out, code);
  return out;
}

// The longest of `parts` that `text` starts with, which is removed; -1 if none.
static int takeLongest(std::string_view& text, std::span<const std::string_view> parts) {
  int best = -1;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (text.starts_with(parts[i]) && (best < 0 || parts[i].size() > parts[static_cast<size_t>(best)].size())) {
      best = static_cast<int>(i);
    }
  }
  if (best >= 0) text.remove_prefix(parts[static_cast<size_t>(best)].size());
  return best;
}

static uint32_t lookupHangul(std::string_view name) {
  name.remove_prefix(kHangulPrefix.size());
  int lead = takeLongest(name, kLeads);
  int vowel = takeLongest(name, kVowels);
  int tail = takeLongest(name, kTails);
  if (lead < 0 || vowel < 0 || tail < 0 || !name.empty()) return kNoCodePoint;
  return kSyllables + static_cast<uint32_t>((lead * 21 + vowel) * 28 + tail);
}

static uint32_t lookupNumbered(std::string_view name) {
  size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || name.size() - dash - 1 < 4 || name.size() - dash - 1 > 5) return kNoCodePoint;
  uint32_t code = 0;
  for (char c : name.substr(dash + 1)) {
    bool letter = c >= 'A' && c <= 'F';
    if (!letter && !(c >= '0' && c <= '9')) return kNoCodePoint;
    code = code << 4 | static_cast<uint32_t>(letter ? c - 'A' + 10 : c - '0');
  }
  for (const NumberedRange& range : kNumberedRanges) {
    if (code < range.first || code > range.last) continue;
    return kNumberedPrefixes[range.prefix] == name.substr(0, dash + 1) && unicodeName(code) == name ? code : kNoCodePoint;
  }
  return kNoCodePoint;
}

// Must agree with name_hash in make_tables.py.
static uint32_t hashName(std::string_view name) {
  uint32_t value = 0x811c9dc5;
  for (char c : name) value = (value ^ static_cast<unsigned char>(c)) * 0x01000193;
  return value ^ value >> 15;
}

// A code point or extra by its stored name; kNoCodePoint.
static uint32_t lookupStored(std::string_view name) {
  uint32_t hash = hashName(name);
  std::string spelt;
  for (uint32_t at = hash % kNameSlotCount; kNameSlots[at] != 0; at = (at + 1) % kNameSlotCount) {
    if (kNameSlots[at] >> 21 != (hash >> 21 & 0x7ff)) continue;
    uint32_t code = (kNameSlots[at] & 0x1fffff) - 1;
    spelt.clear();
    appendStoredName(spelt, code);
    if (spelt == name) return code;
  }
  return kNoCodePoint;
}

static uint32_t lookupAny(std::string_view name) {
  if (name.size() > kLongestName) return kNoCodePoint;
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (std::string_view(upper).starts_with(kHangulPrefix)) return lookupHangul(upper);
  uint32_t numbered = lookupNumbered(upper);
  return numbered != kNoCodePoint ? numbered : lookupStored(upper);
}

static std::span<const char32_t> extraCodes(uint32_t code) {
  uint32_t slice = kExtraTargets[code - kExtras];
  return {kExtraCodes + (slice >> 4), slice & 15};
}

uint32_t lookupUnicodeName(std::string_view name) {
  uint32_t code = lookupAny(name);
  if (code == kNoCodePoint || code < kExtras) return code;
  return code - kExtras < kAliasCount ? extraCodes(code)[0] : kNoCodePoint;
}

std::span<const char32_t> lookupUnicodeNameOrSequence(std::string_view name, char32_t& storage) {
  uint32_t code = lookupAny(name);
  if (code == kNoCodePoint) return {};
  if (code >= kExtras) return extraCodes(code);
  storage = code;
  return {&storage, 1};
}

}  // namespace krait
