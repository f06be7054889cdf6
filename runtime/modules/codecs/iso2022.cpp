// Codecs that switch between character sets by escape sequences (ISO 2022). ref: Modules/cjkcodecs/_codecs_iso2022.c.
#include <cstring>

#include "runtime/modules/codecs/charsets.h"
#include "runtime/modules/codecs/multibyte.h"

namespace krait::modules::multibyte {

// What an escape sequence names: its last letter, and whether the set has two bytes for a character.
constexpr uint8_t kTwoBytes = 0x80;
enum Mark : uint8_t {
  kAsciiSet = 'B',
  kLatin1 = 'A',
  kGreek = 'F',
  kRoman = 'J',     // JIS X 0201, left half
  kHalfKana = 'I',  // and right half
  kJis0208 = 'B' | kTwoBytes,
  kJis0208Old = '@' | kTwoBytes,
  kJis0212 = 'D' | kTwoBytes,
  kKorean = 'C' | kTwoBytes,
  kChinese = 'A' | kTwoBytes,
  kJis0213First2000 = 'O' | kTwoBytes,
  kJis0213First = 'Q' | kTwoBytes,
  kJis0213Second = 'P' | kTwoBytes,
};
enum class Kind : uint8_t {
  Table,       // two bytes of a charset
  Third,       // those behind 0x8F
  Second0213,  // those of them that JIS X 0213 uses
  PairsOnly,   // what two characters are written as together
  Roman,
  HalfKana,
  ReadOnly,    // never written: reached by a single shift
};
struct Designation {
  uint8_t mark;
  uint8_t place;  // G0, G1 or G2
  Kind kind;
  const char* charset;
};
constexpr uint8_t kNoShift = 1, kHasG2 = 2, kHasPrefix = 4;
struct Iso2022Def {
  const char* name;
  uint8_t flags;
  std::vector<Designation> sets;
};
static const Iso2022Def& defOf(const CodecDef& codec) {
  constexpr Designation kPlain0208{kJis0208, 0, Kind::Table, "euc_jp"}, kOld0208{kJis0208Old, 0, Kind::Table, "euc_jp"};
  constexpr Designation k0212{kJis0212, 0, Kind::Third, "euc_jp"}, kLeft{kRoman, 0, Kind::Roman, nullptr}, kRight{kHalfKana, 0, Kind::HalfKana, nullptr};
  static const std::vector<Iso2022Def>* defs = new std::vector<Iso2022Def>{
      {"iso2022_kr", 0, {{kKorean, 1, Kind::Table, "euc_kr"}}},
      {"iso2022_jp", kNoShift | kHasPrefix, {kPlain0208, kLeft, kOld0208}},
      {"iso2022_jp_1", kNoShift | kHasPrefix, {kPlain0208, k0212, kLeft, kOld0208}},
      {"iso2022_jp_2", kNoShift | kHasG2 | kHasPrefix,
       {kPlain0208, k0212, {kKorean, 0, Kind::Table, "euc_kr"}, {kChinese, 0, Kind::Table, "gb2312"}, kLeft, kOld0208,
        {kLatin1, 2, Kind::ReadOnly, nullptr}, {kGreek, 2, Kind::ReadOnly, nullptr}}},
      {"iso2022_jp_3", kNoShift | kHasPrefix,
       {{kJis0213First2000, 0, Kind::PairsOnly, "euc_jisx0213"}, kPlain0208, {kJis0213First2000, 0, Kind::Table, "euc_jisx0213"},
        {kJis0213Second, 0, Kind::Second0213, "euc_jisx0213"}}},
      {"iso2022_jp_2004", kNoShift | kHasPrefix,
       {{kJis0213First, 0, Kind::PairsOnly, "euc_jis_2004"}, kPlain0208, {kJis0213First, 0, Kind::Table, "euc_jis_2004"},
        {kJis0213Second, 0, Kind::Second0213, "euc_jis_2004"}}},
      {"iso2022_jp_ext", kNoShift | kHasPrefix, {kPlain0208, k0212, kLeft, kRight, kOld0208}}};
  for (const Iso2022Def& def : *defs) {
    if (std::strcmp(def.name, codec.name) == 0) return def;
  }
  return defs->front();
}
bool prepareIso2022(const CodecDef& codec) {
  for (const Designation& set : defOf(codec).sets) {
    if (set.charset != nullptr && charsetOf(set.charset) == nullptr) return false;
  }
  return true;
}

// --- the state: the sets at G0 to G2, and flags
constexpr uint8_t kEscape = 0x1B, kShiftOut = 0x0E, kShiftIn = 0x0F;
constexpr uint8_t kShifted = 1, kPassesEscape = 2;
static uint8_t& setAt(CodecState& state, int place) { return state.bytes[place]; }
static uint8_t& flagsOf(CodecState& state) { return state.bytes[4]; }
void beginIso2022(CodecState& state, bool decodes) {
  flagsOf(state) = 0;
  setAt(state, 0) = setAt(state, 1) = kAsciiSet;
  if (decodes) setAt(state, 2) = kAsciiSet;
}
static void toAscii(CodecState& state, std::string& out) {
  if (setAt(state, 0) == kAsciiSet) return;
  out += "\x1b(B";
  setAt(state, 0) = kAsciiSet;
}
static void unshift(CodecState& state, std::string& out) {
  if ((flagsOf(state) & kShifted) == 0) return;
  out += static_cast<char>(kShiftIn);
  flagsOf(state) &= static_cast<uint8_t>(~kShifted);
}
void finishIso2022(CodecState& state, std::string* out) {
  std::string nowhere;
  unshift(state, out == nullptr ? nowhere : *out);
  toAscii(state, out == nullptr ? nowhere : *out);
}

// --- decoding
static uint8_t byteAt(std::string_view in, size_t i) { return static_cast<uint8_t>(in[i]); }
static bool endsEscape(uint8_t b) { return (b >= 'A' && b <= 'Z') || b == '@'; }
static bool beginsDesignation(uint8_t b) { return b == '(' || b == ')' || b == '$' || b == '.' || b == '&'; }
constexpr size_t kLongestEscape = 16;

// An escape sequence of `size` bytes: the set and the place that it names; false if it names none.
static bool readDesignation(const Iso2022Def& def, std::string_view in, size_t size, uint8_t& mark, int& place) {
  uint8_t second = byteAt(in, 1), last = byteAt(in, size - 1);
  place = 0;
  if (size == 3 && second == '$') {
    mark = last | kTwoBytes;
  } else if (size == 3) {
    mark = last;
    place = second == '(' ? 0 : second == ')' ? 1 : second == '.' && (def.flags & kHasG2) != 0 ? 2 : -1;
  } else if (size == 4 && second == '$') {
    mark = last | kTwoBytes;
    place = in[2] == '(' ? 0 : in[2] == ')' ? 1 : -1;
  } else if (size == 6 && (def.flags & kHasPrefix) != 0 && in.substr(3, 3) == "\x1b$B") {
    mark = kJis0208;
  } else {
    return false;
  }
  if (mark == kAsciiSet) return place >= 0;
  for (const Designation& set : def.sets) {
    if (set.mark == mark) return place >= 0;
  }
  return false;
}
static int takeEscape(const Iso2022Def& def, CodecState& state, std::string_view& in) {
  size_t size = 0;
  for (size_t i = 1; i < kLongestEscape; ++i) {
    if (i >= in.size()) return kCut;
    if (endsEscape(byteAt(in, i))) {
      size = i + 1;
      break;
    }
    if ((def.flags & kHasPrefix) != 0 && i + 1 < in.size() && in[i] == '&' && in[i + 1] == '@') i += 2;
  }
  if (size == 0) return 1;
  uint8_t mark;
  int place;
  if (!readDesignation(def, in, size, mark, place)) return static_cast<int>(size);
  setAt(state, place) = mark;
  in.remove_prefix(size);
  return kDoneAll;
}
// ISO 8859-7 as of 1987: the letters stand in the order of Unicode's block, but for gaps.
static char32_t readGreek(uint8_t high) {
  if (high < 0xA0) return high;
  if (high == 0xA1 || high == 0xA2) return 0x2018 + high - 0xA1u;
  if (high == 0xAF) return 0x2015;
  if (std::strchr("\xA0\xA3\xA6\xA7\xA8\xA9\xAB\xAC\xAD\xB0\xB1\xB2\xB3\xB7\xBB\xBD", static_cast<char>(high)) != nullptr) return high;
  bool is_gap = high < 0xB4 || high == 0xD2 || high == 0xFF;
  return is_gap ? 0 : 0x2D0u + high;
}
// A single shift: one character of the set at G2.
static int takeSingleShift(CodecState& state, std::string_view& in, StrBuilder& out) {
  if (in.size() < 3) return kCut;
  uint8_t low = byteAt(in, 2);
  char32_t c = low;
  if (low >= 0x80) return 3;
  if (setAt(state, 2) == kLatin1) c = low | 0x80;
  else if (setAt(state, 2) == kGreek) c = readGreek(low | 0x80);
  if (c == 0 && setAt(state, 2) == kGreek) return 3;
  out.add(c);
  in.remove_prefix(3);
  return kDoneAll;
}
constexpr char32_t kWideTilde = 0xFF5E;
static bool isRowOf0213(uint8_t row) { return row == 0x21 || (row >= 0x23 && row <= 0x25) || row == 0x28 || (row >= 0x2C && row <= 0x2F) || row >= 0x6E; }
// The character; kNothing where the set has none there.
static uint32_t readFrom(const Designation& set, std::string_view in) {
  uint8_t first = byteAt(in, 0);
  if (set.kind == Kind::Roman) return first == '\\' ? 0xA5 : first == '~' ? 0x203E : first;
  if (set.kind == Kind::HalfKana) return first >= 0x21 && first <= 0x5F ? 0xFF40u + first : Charset::kNothing;
  uint8_t second = byteAt(in, 1);
  if (first >= 0x80 || second >= 0x80) return Charset::kNothing;
  const Charset& charset = *charsetOf(set.charset);
  if (set.kind == Kind::Third) return charset.readThird(first | 0x80, second | 0x80);
  if (set.kind == Kind::Second0213) return isRowOf0213(first) ? charset.readThird(first | 0x80, second | 0x80) : Charset::kNothing;
  uint32_t found = charset.read(first | 0x80, second | 0x80);
  return found == kWideTilde && set.mark != kJis0208 ? '~' : found;  // what EUC and Shift JIS read there
}
static int takeCharacter(const Iso2022Def& def, uint8_t mark, std::string_view& in, StrBuilder& out) {
  for (const Designation& set : def.sets) {
    if (set.mark != mark) continue;
    size_t width = (mark & kTwoBytes) != 0 ? 2 : 1;
    if (in.size() < width) return kCut;
    uint32_t found = set.kind == Kind::ReadOnly ? Charset::kNothing : readFrom(set, in);
    if (found == Charset::kNothing) return static_cast<int>(width);
    if ((found & Charset::kIsPair) != 0) {
      const CharPair& pair = charsetOf(set.charset)->pairs()[found & ~Charset::kIsPair];
      out.add(pair.first);
      found = pair.second;
    }
    out.add(found);
    in.remove_prefix(width);
    return kDoneAll;
  }
  return 1;
}
// One step.
static int takeOne(const Iso2022Def& def, CodecState& state, std::string_view& in, StrBuilder& out) {
  uint8_t c = byteAt(in, 0);
  bool shifts = (def.flags & kNoShift) == 0;
  if ((flagsOf(state) & kPassesEscape) != 0) {
    if (endsEscape(c)) flagsOf(state) &= static_cast<uint8_t>(~kPassesEscape);
  } else if (c == kEscape) {
    if (in.size() < 2) return kCut;
    if (beginsDesignation(byteAt(in, 1))) return takeEscape(def, state, in);
    if ((def.flags & kHasG2) != 0 && in[1] == 'N') return takeSingleShift(state, in, out);
    flagsOf(state) |= kPassesEscape;
  } else if (shifts && (c == kShiftIn || c == kShiftOut)) {
    flagsOf(state) = static_cast<uint8_t>(c == kShiftOut ? flagsOf(state) | kShifted : flagsOf(state) & ~kShifted);
    in.remove_prefix(1);
    return kDoneAll;
  } else if (c == '\n') {
    flagsOf(state) &= static_cast<uint8_t>(~kShifted);
  } else if (c >= 0x80) {
    return 1;
  } else if (c >= 0x20) {
    uint8_t mark = setAt(state, (flagsOf(state) & kShifted) != 0 ? 1 : 0);
    if (mark != kAsciiSet) return takeCharacter(def, mark, in, out);
  }
  out.add(c);
  in.remove_prefix(1);
  return kDoneAll;
}
int decodeIso2022(const CodecDef& codec, CodecState& state, std::string_view& in, StrBuilder& out) {
  const Iso2022Def& def = defOf(codec);
  while (!in.empty()) {
    int why = takeOne(def, state, in, out);
    if (why != kDoneAll) return why;
  }
  return kDoneAll;
}

// --- encoding
// The code in a set, without the high bits; 0 if it has none. `size`: of how many characters, kCut if the next one must be known.
static uint32_t writeTo(const Designation& set, std::u32string_view in, bool is_last, int& size) {
  char32_t c = in.front();
  size = 1;
  if (set.kind == Kind::ReadOnly) return 0;
  if (set.kind == Kind::Roman) return c == 0xA5 ? '\\' : c == 0x203E ? '~' : 0;
  if (set.kind == Kind::HalfKana) return c >= 0xFF61 && c <= 0xFF9F ? c - 0xFF40 : 0;
  const Charset& charset = *charsetOf(set.charset);
  if (set.kind == Kind::PairsOnly) {
    if (!charset.beginsPair(c)) return 0;
    if (in.size() < 2) {
      size = is_last ? 1 : kCut;
      return 0;
    }
    size = 2;
    return charset.writePair(c, in[1]) & 0x7F7F;
  }
  uint32_t code = c == kWideTilde ? 0 : charset.write(c);
  bool is_third = code > 0xFFFF, wants_third = set.kind == Kind::Third || set.kind == Kind::Second0213;
  if (code < 0xA1A1 || is_third != wants_third) return 0;
  code &= 0x7F7F;
  return set.kind == Kind::Second0213 && !isRowOf0213(static_cast<uint8_t>(code >> 8)) ? 0 : code;
}
static void designate(const Designation& set, CodecState& state, std::string& out) {
  bool is_two = (set.mark & kTwoBytes) != 0;
  if (set.place == 0) unshift(state, out);
  if (setAt(state, set.place) != set.mark) {
    out += static_cast<char>(kEscape);
    if (is_two) out += '$';
    if (set.mark != kJis0208) out += set.place == 0 ? '(' : ')';
    out += static_cast<char>(set.mark & ~kTwoBytes);
    setAt(state, set.place) = set.mark;
  }
  if (set.place == 1 && (flagsOf(state) & kShifted) == 0) {
    out += static_cast<char>(kShiftOut);
    flagsOf(state) |= kShifted;
  }
}
// Takes one character, or a pair.
static int putOne(const Iso2022Def& def, CodecState& state, std::u32string_view& in, std::string& out, bool is_last) {
  char32_t c = in.front();
  if (c < 0x80) {
    toAscii(state, out);
    unshift(state, out);
    out += static_cast<char>(c);
    in.remove_prefix(1);
    return kDoneAll;
  }
  for (const Designation& set : def.sets) {
    int size;
    uint32_t code = writeTo(set, in, is_last, size);
    if (size == kCut) return kCut;
    if (code == 0) continue;
    designate(set, state, out);
    if ((set.mark & kTwoBytes) != 0) out += static_cast<char>(code >> 8);
    out += static_cast<char>(code);
    in.remove_prefix(static_cast<size_t>(size));
    return kDoneAll;
  }
  return 1;
}
int encodeIso2022(const CodecDef& codec, CodecState& state, std::u32string_view& in, std::string& out, bool is_last) {
  const Iso2022Def& def = defOf(codec);
  while (!in.empty()) {
    int why = putOne(def, state, in, out, is_last);
    if (why != kDoneAll) return why;
  }
  return kDoneAll;
}

}  // namespace krait::modules::multibyte
