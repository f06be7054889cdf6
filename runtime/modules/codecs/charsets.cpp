#include "runtime/modules/codecs/charsets.h"

#include <iconv.h>

#include <cstring>

namespace krait::modules::multibyte {

enum Singles : uint8_t {
  kAscii,      // below 0x80; all else begins something
  kKana,       // and half-width katakana from 0xA1 to 0xDF
  kYenKana,    // those, a yen sign and an overline
  kWindows932  // and what Windows added
};
struct CharsetDef {
  const char* codec;
  const char* system;       // iconv's name
  uint8_t first, last;      // leading bytes of what the C library is asked for
  uint8_t trail;            // the least second byte
  Singles singles;
  uint8_t last_lead;        // the last byte that begins something
  const char* third;        // iconv's name for what 0x8F begins where `system` has nothing
};
static const CharsetDef kCharsets[] = {{"gb2312", "EUC-CN", 0xA1, 0xFE, 0xA1, kAscii, 0xFF, nullptr}, {"gbk", "CP936", 0x81, 0xFE, 0x40, kAscii, 0xFF, nullptr},
    {"gb18030", "GB18030", 0x81, 0xFE, 0x40, kAscii, 0xFF, nullptr}, {"big5hkscs", "BIG5-HKSCS", 0x87, 0xFE, 0x40, kAscii, 0xFF, nullptr},
    {"big5", "BIG5", 0xA1, 0xFE, 0x40, kAscii, 0xFF, nullptr}, {"cp950", "CP950", 0xA1, 0xFE, 0x40, kAscii, 0xFF, nullptr},
    {"euc_kr", "EUC-KR", 0xA1, 0xFE, 0xA1, kAscii, 0xFF, nullptr}, {"cp949", "UHC", 0x81, 0xFE, 0x40, kAscii, 0xFF, nullptr},
    {"johab", "JOHAB", 0x84, 0xFE, 0x30, kAscii, 0xFF, nullptr}, {"shift_jis", "SHIFT_JIS", 0x81, 0xEA, 0x40, kKana, 0xEA, nullptr},
    {"cp932", "IBM943", 0x81, 0xFC, 0x40, kWindows932, 0xFC, nullptr}, {"euc_jp", "EUC-JP", 0x8E, 0xFE, 0xA1, kAscii, 0xFF, "EUC-JP"},
    {"shift_jisx0213", "SHIFT_JISX0213", 0x81, 0xFC, 0x40, kYenKana, 0xFC, nullptr}, {"shift_jis_2004", "SHIFT_JISX0213", 0x81, 0xFC, 0x40, kYenKana, 0xFC, nullptr},
    {"euc_jisx0213", "EUC-JISX0213", 0x8E, 0xFE, 0xA1, kAscii, 0xFF, "EUC-JP"}, {"euc_jis_2004", "EUC-JISX0213", 0x8E, 0xFE, 0xA1, kAscii, 0xFF, "EUC-JP"}};

struct Reads {
  const char* codec;
  uint32_t first, last;
  char32_t c;
};
static const Reads kReads[] = {
#define READS(codec, first, last, c) {#codec, first, last, c},
#define WRITES(codec, c, code)
#include "runtime/modules/codecs/charset_differences.def"
#undef READS
#undef WRITES
};
struct Writes {
  const char* codec;
  char32_t c;
  uint32_t code;
};
static const Writes kWrites[] = {
#define READS(codec, first, last, c)
#define WRITES(codec, c, code) {#codec, c, code},
#include "runtime/modules/codecs/charset_differences.def"
#undef READS
#undef WRITES
};

bool Charset::beginsPair(char32_t c) const {
  for (const CharPair& pair : pairs_) {
    if (pair.first == c) return true;
  }
  return false;
}
uint32_t Charset::writePair(char32_t first, char32_t second) const {
  for (const CharPair& pair : pairs_) {
    if (pair.first == first && pair.second == second) return pair.code;
  }
  return 0;
}

constexpr uint32_t kThirdPrefix = 0x8F0000;
constexpr uint8_t kThirdLead = 0x8F;

// What one converter says of single codes.
class Asker {
 public:
  explicit Asker(const char* system) : state_(iconv_open("UTF-32LE", system)) {}
  ~Asker() {
    if (isOpen()) iconv_close(state_);
  }
  bool isOpen() const { return state_ != reinterpret_cast<iconv_t>(-1); }
  // The characters that the bytes are: 0, 1 or 2 of them.
  int ask(const uint8_t* bytes, size_t size, char32_t* found) {
    char in[4];
    std::memcpy(in, bytes, size);
    char *from = in, *to = reinterpret_cast<char*>(found);
    size_t left = size, room = 2 * sizeof(char32_t);
    iconv(state_, nullptr, nullptr, nullptr, nullptr);
    if (iconv(state_, &from, &left, &to, &room) == static_cast<size_t>(-1) || left != 0) return 0;
    iconv(state_, nullptr, nullptr, &to, &room);  // a character may wait for the one that it joins
    return static_cast<int>(2 - room / sizeof(char32_t));
  }

 private:
  iconv_t state_;
};

struct CharsetMaker {
  Charset& set;
  const CharsetDef& def;

  void addSingles() {
    for (int byte = 0; byte < 256; ++byte) {
      uint32_t& is = set.single_[byte];
      bool is_kana = byte >= 0xA1 && byte <= 0xDF;
      if (byte < 0x80) is = static_cast<uint32_t>(byte);
      else if (def.singles == kAscii) is = Charset::kLead;
      else if (is_kana) is = 0xFF61 + static_cast<uint32_t>(byte) - 0xA1;
      else is = byte == 0x80 || byte == 0xA0 || byte > def.last_lead ? Charset::kIllegal : Charset::kLead;
    }
    if (def.singles == kYenKana) {
      set.single_['\\'] = 0xA5;
      set.single_['~'] = 0x203E;
    }
    if (def.singles == kWindows932) {
      set.single_[0x80] = 0x80;
      set.single_[0xA0] = 0xF8F0;
      for (uint32_t i = 0; i < 3; ++i) set.single_[0xFD + i] = 0xF8F1 + i;
    }
  }
  uint32_t pairIndex(char32_t first, char32_t second, uint32_t code) {
    set.pairs_.push_back({first, second, code});
    return Charset::kIsPair | static_cast<uint32_t>(set.pairs_.size() - 1);
  }
  uint32_t asked(Asker& asker, const uint8_t* bytes, size_t size, uint32_t code) {
    char32_t found[2];
    int count = asker.ask(bytes, size, found);
    if (count == 1) return found[0];
    return count == 2 && found[1] >= 0x80 ? pairIndex(found[0], found[1], code) : Charset::kNothing;
  }
  void addTwo(Asker& asker) {
    set.two_.assign(0x10000, Charset::kNothing);
    for (uint32_t a = def.first; a <= def.last; ++a) {
      if (set.single_[a] != Charset::kLead || (def.third != nullptr && a >= kThirdLead && a < 0xA1)) continue;
      for (uint32_t b = def.trail; b < 0x100; ++b) {
        uint8_t bytes[2] = {static_cast<uint8_t>(a), static_cast<uint8_t>(b)};
        set.two_[a << 8 | b] = asked(asker, bytes, 2, a << 8 | b);
      }
    }
  }
  // Those that only the second converter knows are marked in `later`.
  void addThree(Asker& asker, Asker& second, std::vector<bool>& later) {
    set.three_.assign(0x10000, Charset::kNothing);
    for (uint32_t a = 0xA1; a < 0xFF; ++a) {
      for (uint32_t b = 0xA1; b < 0xFF; ++b) {
        uint8_t bytes[3] = {kThirdLead, static_cast<uint8_t>(a), static_cast<uint8_t>(b)};
        uint32_t& is = set.three_[a << 8 | b];
        is = asked(asker, bytes, 3, kThirdPrefix | a << 8 | b);
        if (is != Charset::kNothing) continue;
        is = asked(second, bytes, 3, kThirdPrefix | a << 8 | b);
        later[a << 8 | b] = true;
      }
    }
  }
  void applyReads() {
    for (const Reads& reads : kReads) {
      if (std::strcmp(reads.codec, def.codec) != 0) continue;
      for (uint32_t code = reads.first; code <= reads.last; ++code) {
        std::vector<uint32_t>& table = code >= kThirdPrefix ? set.three_ : set.two_;
        table[code & 0xFFFF] = reads.c == 0 ? Charset::kNothing : reads.c + (code - reads.first);
      }
    }
  }
  void write(char32_t c, uint32_t code, bool replaces) {
    if (c >= 0x30000) return;
    std::unique_ptr<uint32_t[]>& page = set.pages_[c >> 8];
    if (page == nullptr) page = std::make_unique<uint32_t[]>(256);
    if (replaces || page[c & 0xFF] == 0) page[c & 0xFF] = code;
  }
  static bool isOne(uint32_t is) { return is != Charset::kNothing && (is & Charset::kIsPair) == 0; }
  void addWriting(const std::vector<bool>& later) {
    for (uint32_t byte = 0; byte < 256; ++byte) {
      if (set.single_[byte] < Charset::kIsPair) write(set.single_[byte], byte, false);
    }
    for (uint32_t code = 0; code < 0x10000; ++code) {
      if (isOne(set.two_[code])) write(set.two_[code], code, false);
    }
    for (int round = 0; round < (set.three_.empty() ? 0 : 2); ++round) {
      for (uint32_t code = 0; code < 0x10000; ++code) {
        if (isOne(set.three_[code]) && later[code] == (round == 1)) write(set.three_[code], kThirdPrefix | code, false);
      }
    }
    for (const Writes& writes : kWrites) {
      if (std::strcmp(writes.codec, def.codec) == 0) write(writes.c, writes.code, true);
    }
  }
};

const Charset* charsetOf(const char* codec) {
  static const Charset* made[std::size(kCharsets)];
  for (size_t i = 0; i < std::size(kCharsets); ++i) {
    const CharsetDef& def = kCharsets[i];
    if (std::strcmp(def.codec, codec) != 0) continue;
    if (made[i] != nullptr) return made[i];
    Asker asker(def.system), second(def.third == nullptr ? def.system : def.third);
    if (!asker.isOpen() || !second.isOpen()) return nullptr;
    Charset* set = new Charset;
    CharsetMaker maker{*set, def};
    std::vector<bool> later(0x10000);
    maker.addSingles();
    maker.addTwo(asker);
    if (def.third != nullptr) maker.addThree(asker, second, later);
    maker.applyReads();
    maker.addWriting(later);
    return made[i] = set;
  }
  return nullptr;
}

}  // namespace krait::modules::multibyte
