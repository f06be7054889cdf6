// unicodedata.ucd_3_2_0: the character database of Unicode 3.2, which IDNA 2003 and stringprep ask: today's, without what came
// later and with what has changed since. ref: Modules/unicodedata.c (get_old_record).
#include <strings.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode/normalize.h"
#include "runtime/modules/unicodedata.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

namespace {
struct Range {
  char32_t first, last;
};
struct TextOfRange {
  Range range;
  const char* text;
};
#include "runtime/modules/unicode_3_2.inc"

bool isIn(char32_t c, const Range& range) { return range.first <= c && c <= range.last; }
bool isAssigned(char32_t c) {
  auto after = std::upper_bound(std::begin(kAssigned), std::end(kAssigned), c, [](char32_t x, const Range& r) { return x < r.first; });
  return after != std::begin(kAssigned) && isIn(c, after[-1]);
}
template <size_t kSize>
bool isInAny(char32_t c, const Range (&ranges)[kSize]) {
  return std::any_of(std::begin(ranges), std::end(ranges), [&](const Range& r) { return isIn(c, r); });
}
template <size_t kSize>
const char* changed(char32_t c, const TextOfRange (&ranges)[kSize]) {
  for (const TextOfRange& r : ranges) {
    if (isIn(c, r.range)) return r.text;
  }
  return nullptr;
}
// The character that a call is about; 0 (which is assigned) where the argument is wrong: the function of today says how.
char32_t characterOf(Value v) { return isStr(v) && v.as<Str>()->length == 1 ? v.as<Str>()->at(0) : 0; }
Ref orDefault(Thread& t, Value fallback, const char* what) { return fallback.isUndefined() ? Ref(raiseValueError(t, "%s", what)) : Ref::of(fallback); }
}  // namespace

constexpr auto today_category = ucd::category;
constexpr auto today_bidirectional = ucd::bidirectional;
constexpr auto today_eastAsianWidthOfAssigned = ucd::eastAsianWidth;
// A property with a table of what it was, and its value for characters that came later.
#define OLD_TEXT(function, table, unassigned)                                      \
  static Ref old_##function(Thread& t, const Value* a) {                           \
    char32_t c = characterOf(a[0]);                                                \
    if (!isAssigned(c)) return newStr(t, unassigned);                              \
    const char* text = changed(c, table);                                          \
    return text != nullptr ? newStr(t, text) : today_##function(t, a);             \
  }
OLD_TEXT(category, kCategories, "Cn")
OLD_TEXT(bidirectional, kBidirectional, "")
OLD_TEXT(eastAsianWidthOfAssigned, kWidths, "N")
// What has never been assigned is as wide as its neighbourhood; digits were not looked up by version.
static Ref old_eastAsianWidth(Thread& t, const Value* a) {
  char32_t c = characterOf(a[0]);
  return isAssigned(c) || std::string_view(unicode::categoryName(c)) != "Cn" ? old_eastAsianWidthOfAssigned(t, a) : ucd::eastAsianWidth(t, a);
}

static Ref old_combining(Thread& t, const Value* a) { return isAssigned(characterOf(a[0])) ? ucd::combining(t, a) : newIntSmall(0); }
static Ref old_mirrored(Thread& t, const Value* a) {
  char32_t c = characterOf(a[0]);
  if (!isAssigned(c)) return newIntSmall(0);
  return isInAny(c, kMirroredOtherwise) ? newIntSmall(!unicode::isMirrored(c)) : ucd::mirrored(t, a);
}
static Ref old_decimal(Thread& t, const Value* a) {
  char32_t c = characterOf(a[0]);
  if (!isAssigned(c)) return orDefault(t, a[1], "not a decimal");
  return isInAny(c, kDecimalDigits) ? newIntSmall(unicode::digitValue(c)) : ucd::decimal(t, a);
}
static Ref old_numeric(Thread& t, const Value* a) {
  return isAssigned(characterOf(a[0])) ? ucd::numeric(t, a) : orDefault(t, a[1], "not a numeric character");
}
static Ref old_decomposition(Thread& t, const Value* a) { return isAssigned(characterOf(a[0])) ? ucd::decomposition(t, a) : newStr(t, ""); }
static Ref old_name(Thread& t, const Value* a) { return isAssigned(characterOf(a[0])) ? ucd::name(t, a) : orDefault(t, a[1], "no such name"); }
// Neither aliases nor sequences had names then.
static Ref old_lookup(Thread& t, const Value* a) {
  Ref found = TRY(ucd::lookup(t, a));
  Value args[2] = {found.get(), Value::none()};
  Ref name = found.as<Str>()->length == 1 ? TRY(ucd::name(t, args)) : Ref::none();
  std::string asked = isStr(a[0]) ? toUtf8(a[0].as<Str>()) : "", own = isStr(name.get()) ? toUtf8(name.as<Str>()) : "";
  if (isStr(name.get()) && (!isStr(a[0]) || strcasecmp(own.c_str(), asked.c_str()) == 0)) return found;
  Ref shown = TRY(str_py(t, a[0]));
  return raiseKeyError(t, newStr(t, "undefined character name '" + toUtf8(shown.as<Str>()) + "'").get());
}
// What came later stands for itself, between the parts that are known.
static Ref old_normalize(Thread& t, const Value* a) {
  unicode::NormalForm form = TRY(ucd::toForm(t, a[0], "normalize"));
  if (!isStr(a[1])) return ucd::normalize(t, a);
  std::vector<char32_t> chars = toChars(a[1].as<Str>());
  std::vector<uint32_t> out;
  for (size_t begin = 0, end; begin < chars.size(); begin = end + 1) {
    for (end = begin; end < chars.size() && isAssigned(chars[end]);) ++end;
    std::u32string part = unicode::normalize(form, {chars.data() + begin, end - begin});
    out.insert(out.end(), part.begin(), part.end());
    if (end < chars.size()) out.push_back(chars[end]);
  }
  return newStrUtf32(t, out.data(), static_cast<int64_t>(out.size()));
}
static Ref old_isNormalized(Thread& t, const Value* a) {
  TRY(ucd::toForm(t, a[0], "is_normalized"));
  if (!isStr(a[1])) return ucd::isNormalized(t, a);
  Ref normal = TRY(old_normalize(t, a));
  return Ref::boolean(strEqual(normal.as<Str>(), a[1].as<Str>()));
}

const NativeDef kOldUnicodeFunctions[] = {{"category", "(chr, /)", old_category}, {"bidirectional", "(chr, /)", old_bidirectional}, {"combining", "(chr, /)", old_combining},
    {"mirrored", "(chr, /)", old_mirrored}, {"east_asian_width", "(chr, /)", old_eastAsianWidth}, {"decimal", "(chr, default=<unset>, /)", old_decimal},
    {"digit", "(chr, default=<unset>, /)", ucd::digit}, {"numeric", "(chr, default=<unset>, /)", old_numeric}, {"decomposition", "(chr, /)", old_decomposition},
    {"normalize", "(form, unistr, /)", old_normalize}, {"is_normalized", "(form, unistr, /)", old_isNormalized}, {"name", "(chr, default=<unset>, /)", old_name},
    {"lookup", "(name, /)", old_lookup}, {nullptr, nullptr, nullptr}};

}  // namespace krait::modules
