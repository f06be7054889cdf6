// East Asian codecs whose bytes mean the same everywhere: EUC, Shift JIS, Big5, GBK and their kin. ref: Modules/cjkcodecs.
#include <algorithm>
#include <cstring>

#include "runtime/modules/codecs/charsets.h"
#include "runtime/modules/codecs/multibyte.h"

namespace krait::modules::multibyte {

static uint8_t byteAt(std::string_view in, size_t i) { return static_cast<uint8_t>(in[i]); }
static bool isNamed(const CodecDef& codec, const char* name) { return std::strcmp(codec.name, name) == 0; }

// --- GB 18030: four bytes count the code points that two bytes do not have.
constexpr uint32_t kBeyondFirst = 0x10000;
constexpr uint32_t kSurrogates = 0xD800, kBehindSurrogates = 0xE000;
// The characters of the basic plane in the order of their four-byte codes, for the table at hand.
static const std::vector<char32_t>& countedInGb18030(const Charset& set) {
  static const std::vector<char32_t>* made = nullptr;
  if (made == nullptr) {
    std::vector<char32_t>* list = new std::vector<char32_t>;
    for (char32_t c = 0x80; c < kBeyondFirst; ++c) {
      if (set.write(c) == 0 && (c < kSurrogates || c >= kBehindSurrogates)) list->push_back(c);
    }
    made = list;
  }
  return *made;
}
static bool isDigitByte(uint8_t b) { return b >= '0' && b <= '9'; }
static bool isGbLead(uint8_t b) { return b >= 0x81 && b <= 0xFE; }
static int readFour(const Charset& set, std::string_view& in, StrBuilder& out) {
  if (in.size() < 4) return kCut;
  uint8_t a = byteAt(in, 0), b = byteAt(in, 1), c = byteAt(in, 2), d = byteAt(in, 3);
  if (!isGbLead(a) || !isGbLead(c) || !isDigitByte(d)) return 1;
  uint32_t place = ((a - 0x81u) * 10 + (b - 0x30u)) * 1260 + (c - 0x81u) * 10 + (d - 0x30u);
  constexpr uint32_t kPlacesBefore90 = (0x90 - 0x81) * 12600;
  char32_t found;
  if (a < 0x84 || (a == 0x84 && place < countedInGb18030(set).size())) {
    found = countedInGb18030(set)[place];
  } else if (a >= 0x90 && place - kPlacesBefore90 + kBeyondFirst <= 0x10FFFF) {
    found = place - kPlacesBefore90 + kBeyondFirst;
  } else {
    return 1;
  }
  out.add(found);
  in.remove_prefix(4);
  return kDoneAll;
}
static void writeFour(const Charset& set, char32_t c, std::string& out) {
  uint32_t place;
  uint8_t first = 0x81;
  if (c >= kBeyondFirst) {
    place = c - kBeyondFirst;
    first = 0x90;
  } else {
    const std::vector<char32_t>& list = countedInGb18030(set);
    place = static_cast<uint32_t>(std::lower_bound(list.begin(), list.end(), c) - list.begin());
  }
  out += static_cast<char>(first + place / 12600);
  out += static_cast<char>('0' + place / 1260 % 10);
  out += static_cast<char>(0x81 + place / 10 % 126);
  out += static_cast<char>('0' + place % 10);
}

// --- KS X 1001: a syllable that has no code of its own is spelled out, its parts behind a filler (annex 3).
constexpr uint8_t kJamoRow = 0xA4, kFiller = 0xD4, kFirstJamo = 0xA1, kFirstVowel = 0xBF, kLastVowel = 0xD3;
constexpr char32_t kFirstSyllable = 0xAC00, kLastSyllable = 0xD7A3;
// Places in the row of letters, in the order of the initial and of the final consonants.
static const uint8_t kInitials[] = {0, 1, 3, 6, 7, 8, 16, 17, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29};
static const uint8_t kFinals[] = {0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 25, 26, 27, 28, 29};
template <size_t N>
static int orderOf(const uint8_t (&places)[N], uint8_t byte) {
  for (size_t i = 0; i < N; ++i) {
    if (byte == kFirstJamo + places[i]) return static_cast<int>(i);
  }
  return -1;
}
static int readSpelled(std::string_view& in, StrBuilder& out) {
  if (in.size() < 8) return kCut;
  if (byteAt(in, 2) != kJamoRow || byteAt(in, 4) != kJamoRow || byteAt(in, 6) != kJamoRow) return 1;
  int initial = orderOf(kInitials, byteAt(in, 3)), vowel = byteAt(in, 5) - kFirstVowel;
  int last = byteAt(in, 7) == kFiller ? 0 : orderOf(kFinals, byteAt(in, 7)) + 1;
  if (initial < 0 || byteAt(in, 5) < kFirstVowel || byteAt(in, 5) > kLastVowel || (last == 0 && byteAt(in, 7) != kFiller)) return 1;
  out.add(kFirstSyllable + static_cast<char32_t>((initial * 21 + vowel) * 28 + last));
  in.remove_prefix(8);
  return kDoneAll;
}
static void writeSpelled(char32_t c, std::string& out) {
  uint32_t place = c - kFirstSyllable;
  uint8_t parts[] = {kFiller, static_cast<uint8_t>(kFirstJamo + kInitials[place / 588]), static_cast<uint8_t>(kFirstVowel + place / 28 % 21),
                     place % 28 == 0 ? kFiller : static_cast<uint8_t>(kFirstJamo + kFinals[place % 28 - 1])};
  for (uint8_t part : parts) {
    out += static_cast<char>(kJamoRow);
    out += static_cast<char>(part);
  }
}

// --- all of them
static void addFound(const Charset& set, uint32_t found, StrBuilder& out) {
  if ((found & Charset::kIsPair) == 0) return out.add(found);
  const CharPair& pair = set.pairs()[found & ~Charset::kIsPair];
  out.add(pair.first);
  out.add(pair.second);
}
// A code of JIS X 0213 that its first edition did not have: it is illegal as a whole.
static bool isAddedIn2004(const CodecDef& codec, uint8_t first, uint8_t second) {
  const char* later = isNamed(codec, "shift_jisx0213") ? "shift_jis_2004" : isNamed(codec, "euc_jisx0213") ? "euc_jis_2004" : nullptr;
  const Charset* set = later == nullptr ? nullptr : charsetOf(later);
  return set != nullptr && set->read(first, second) != Charset::kNothing;
}
int decodeStateless(const CodecDef& codec, CodecState&, std::string_view& in, StrBuilder& out) {
  const Charset& set = *charsetOf(codec.name);
  bool is_gb18030 = isNamed(codec, "gb18030"), is_korean = isNamed(codec, "euc_kr");
  while (!in.empty()) {
    uint8_t first = byteAt(in, 0);
    uint32_t single = set.single(first);
    if (single == Charset::kIllegal) return 1;
    if (single != Charset::kLead) {
      out.add(single);
      in.remove_prefix(1);
      continue;
    }
    if (in.size() < 2) return kCut;
    uint8_t second = byteAt(in, 1);
    if ((is_gb18030 && isDigitByte(second)) || (is_korean && first == kJamoRow && second == kFiller)) {
      int why = is_korean ? readSpelled(in, out) : readFour(set, in, out);
      if (why != kDoneAll) return why;
      continue;
    }
    bool is_third = first == 0x8F && set.hasThird();
    if (is_third && in.size() < 3) return kCut;
    uint32_t found = is_third ? set.readThird(second, byteAt(in, 2)) : set.read(first, second);
    if (found == Charset::kNothing) return !is_third && isAddedIn2004(codec, first, second) ? 2 : 1;
    addFound(set, found, out);
    in.remove_prefix(is_third ? 3 : 2);
  }
  return kDoneAll;
}
static void addCode(uint32_t code, std::string& out) {
  if (code > 0xFFFF) out += static_cast<char>(code >> 16);
  if (code > 0xFF) out += static_cast<char>(code >> 8);
  out += static_cast<char>(code);
}
int encodeStateless(const CodecDef& codec, CodecState&, std::u32string_view& in, std::string& out, bool is_last) {
  const Charset& set = *charsetOf(codec.name);
  bool is_gb18030 = isNamed(codec, "gb18030"), is_korean = isNamed(codec, "euc_kr");
  while (!in.empty()) {
    char32_t c = in.front();
    uint32_t code = set.write(c), size = 1;
    if (c >= 0x80 && set.beginsPair(c)) {
      if (in.size() < 2 && !is_last) return kCut;
      uint32_t joined = in.size() < 2 ? 0 : set.writePair(c, in[1]);
      if (joined != 0) {
        code = joined;
        size = 2;
      }
    }
    if (code != 0 || c == 0) addCode(code, out);
    else if (is_gb18030 && (c < kSurrogates || c >= kBehindSurrogates)) writeFour(set, c, out);
    else if (is_korean && c >= kFirstSyllable && c <= kLastSyllable) writeSpelled(c, out);
    else return 1;
    in.remove_prefix(size);
  }
  return kDoneAll;
}
bool prepareStateless(const CodecDef& codec) { return charsetOf(codec.name) != nullptr; }

}  // namespace krait::modules::multibyte
