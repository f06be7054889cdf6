#include "analyzer/base/unicode/normalize.h"

#include <algorithm>
#include <iterator>

#include "analyzer/base/unicode/records.h"
#include "analyzer/base/unicode/utf8.h"

namespace krait::unicode {

namespace {
struct Composition {
  char32_t first;
  char32_t second;
  char32_t composed;
};
namespace generated {
#include "unicode/decompositions.inc"
}  // namespace generated
}  // namespace

static constexpr std::string_view kTags[] = {"",         "<noBreak>", "<compat>", "<super>",    "<fraction>", "<sub>",
                                             "<font>",   "<circle>",  "<wide>",   "<vertical>", "<square>",   "<isolated>",
                                             "<final>",  "<initial>", "<medial>", "<small>",    "<narrow>"};
static constexpr uint8_t kCanonicalTag = 0;

// Hangul syllables: lead, vowel and tail letters by arithmetic. ref: the Unicode standard, 3.12.
static constexpr char32_t kSyllables = 0xac00, kLeads = 0x1100, kVowels = 0x1161, kTails = 0x11a7;
static constexpr char32_t kLeadCount = 19, kVowelCount = 21, kTailCount = 28;
static constexpr char32_t kSyllableCount = kLeadCount * kVowelCount * kTailCount;

static const uint32_t* decompositionEntry(char32_t c) {
  using namespace generated;
  if (c > kLastCodePoint) return kDecompositions;
  uint32_t block = kDecompositionIndex[c >> kDecompositionShift];
  return kDecompositions + kDecompositionBlocks[(block << kDecompositionShift) + (c & ((1u << kDecompositionShift) - 1))];
}

Decomposition decomposition(char32_t c) {
  const uint32_t* entry = decompositionEntry(c);
  return {kTags[*entry >> 8], {entry + 1, *entry & 0xff}};
}

static bool isCompatibility(NormalForm form) { return form == NormalForm::kNfkd || form == NormalForm::kNfkc; }
static bool isComposed(NormalForm form) { return form == NormalForm::kNfc || form == NormalForm::kNfkc; }

QuickCheck quickCheck(NormalForm form, std::u32string_view text) {
  int shift = 2 * static_cast<int>(form);
  QuickCheck result = QuickCheck::kYes;
  uint8_t previous = 0;
  for (char32_t c : text) {
    if (c < 0xa0) {
      previous = 0;
      continue;
    }
    const PropertyRecord& record = propertiesOf(c);
    if (record.combining != 0 && previous > record.combining) return QuickCheck::kNo;
    previous = record.combining;
    int check = record.quick_checks >> shift & 3;
    if (check == 2) return QuickCheck::kNo;
    if (check == 1) result = QuickCheck::kMaybe;
  }
  return result;
}

// Appends the full decomposition of `c`. The pending stack holds at most one character's worth of nested mappings.
static void appendDecomposed(std::u32string& out, char32_t c, bool compatibility) {
  char32_t pending[64];
  size_t size = 0;
  pending[size++] = c;
  while (size > 0) {
    char32_t next = pending[--size];
    if (next - kSyllables < kSyllableCount) {
      char32_t index = next - kSyllables;
      out += kLeads + index / (kVowelCount * kTailCount);
      out += kVowels + index % (kVowelCount * kTailCount) / kTailCount;
      if (index % kTailCount != 0) out += kTails + index % kTailCount;
      continue;
    }
    const uint32_t* entry = decompositionEntry(next);
    uint32_t length = *entry & 0xff;
    if (length == 0 || (!compatibility && *entry >> 8 != kCanonicalTag)) {
      out += next;
      continue;
    }
    for (uint32_t i = length; i > 0; --i) pending[size++] = entry[i];
  }
}

// Puts runs of combining marks into canonical order (a stable sort by class).
static void orderMarks(std::u32string& text) {
  for (size_t i = 0; i < text.size();) {
    if (combiningClass(text[i]) == 0) {
      ++i;
      continue;
    }
    size_t end = i + 1;
    while (end < text.size() && combiningClass(text[end]) != 0) ++end;
    std::stable_sort(text.begin() + static_cast<ptrdiff_t>(i), text.begin() + static_cast<ptrdiff_t>(end),
                     [](char32_t a, char32_t b) { return combiningClass(a) < combiningClass(b); });
    i = end;
  }
}

// The composition of a pair, 0 if there is none.
static char32_t compose(char32_t first, char32_t second) {
  if (first - kLeads < kLeadCount && second - kVowels < kVowelCount) {
    return kSyllables + ((first - kLeads) * kVowelCount + (second - kVowels)) * kTailCount;
  }
  if (first - kSyllables < kSyllableCount && (first - kSyllables) % kTailCount == 0 && second - kTails - 1 < kTailCount - 1) {
    return first + (second - kTails);
  }
  const Composition* found = std::lower_bound(
      std::begin(generated::kCompositions), std::end(generated::kCompositions), Composition{first, second, 0},
      [](const Composition& a, const Composition& b) { return a.first != b.first ? a.first < b.first : a.second < b.second; });
  bool same = found != std::end(generated::kCompositions) && found->first == first && found->second == second;
  return same ? found->composed : 0;
}

static void composeInPlace(std::u32string& text) {
  constexpr size_t kNone = ~size_t{0};
  size_t starter = kNone;
  size_t out = 0;
  uint8_t last_class = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char32_t c = text[i];
    uint8_t combining = combiningClass(c);
    bool adjacent = starter != kNone && out == starter + 1;
    bool blocked = !adjacent && last_class >= combining;
    if (starter != kNone && !blocked) {
      if (char32_t composed = compose(text[starter], c)) {
        text[starter] = composed;
        continue;
      }
    }
    if (combining == 0) starter = out;
    last_class = combining;
    text[out++] = c;
  }
  text.resize(out);
}

std::u32string normalize(NormalForm form, std::u32string_view text) {
  if (quickCheck(form, text) == QuickCheck::kYes) return std::u32string(text);
  std::u32string out;
  out.reserve(text.size() + text.size() / 4 + 8);
  for (char32_t c : text) {
    if (c < 0xa0) out += c;
    else appendDecomposed(out, c, isCompatibility(form));
  }
  orderMarks(out);
  if (isComposed(form)) composeInPlace(out);
  return out;
}

bool isNormalized(NormalForm form, std::u32string_view text) {
  QuickCheck check = quickCheck(form, text);
  return check == QuickCheck::kYes || (check == QuickCheck::kMaybe && normalize(form, text) == text);
}

std::string normalizeUtf8(NormalForm form, std::string_view text) {
  std::u32string characters;
  characters.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    char32_t c = decodeUtf8(text, at);
    characters += c == kMalformed ? 0xfffd : c;
  }
  std::string out;
  for (char32_t c : normalize(form, characters)) appendUtf8(out, c);
  return out;
}

}  // namespace krait::unicode
