// The `unicodedata` module over the tables of analyzer/base/unicode. ref: Modules/unicodedata.c.
// The database of Unicode 3.2 is unicodedata_old.cpp.
#include <cstdio>
#include <vector>

#include "analyzer/base/unicode/normalize.h"
#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode_names.h"
#include "runtime/modules/unicodedata.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::modules {

namespace ucd {

// The one character of an argument; `argument`: "argument" or "argument 1", as CPython calls it.
static Fallible<char32_t> toCharacter(Thread& t, Value v, const char* function, const char* argument) {
  if (!isStr(v)) {
    return raiseTypeError(t, "%s() %s must be a unicode character, not %s", function, argument, typeNameOf(t, v));
  }
  if (v.as<Str>()->length != 1) {
    return raiseTypeError(t, "%s(): %s must be a unicode character, not a string of length %lld", function, argument,
                          static_cast<long long>(v.as<Str>()->length));
  }
  return v.as<Str>()->at(0);
}

Ref category(Thread& t, const Value* a) {
  return newStr(t, unicode::categoryName(TRY(toCharacter(t, a[0], "category", "argument"))));
}
Ref bidirectional(Thread& t, const Value* a) {
  return newStr(t, unicode::bidirectionalName(TRY(toCharacter(t, a[0], "bidirectional", "argument"))));
}
Ref combining(Thread& t, const Value* a) {
  return newInt(t, unicode::combiningClass(TRY(toCharacter(t, a[0], "combining", "argument"))));
}
Ref mirrored(Thread& t, const Value* a) {
  return newInt(t, unicode::isMirrored(TRY(toCharacter(t, a[0], "mirrored", "argument"))));
}
Ref eastAsianWidth(Thread& t, const Value* a) {
  return newStr(t, unicode::eastAsianWidthName(TRY(toCharacter(t, a[0], "east_asian_width", "argument"))));
}

Ref decimal(Thread& t, const Value* a) {
  int value = unicode::decimalValue(TRY(toCharacter(t, a[0], "decimal", "argument 1")));
  if (value >= 0) return newInt(t, value);
  return a[1].isUndefined() ? Ref(raiseValueError(t, "not a decimal")) : Ref::of(a[1]);
}
Ref digit(Thread& t, const Value* a) {
  int value = unicode::digitValue(TRY(toCharacter(t, a[0], "digit", "argument 1")));
  if (value >= 0) return newInt(t, value);
  return a[1].isUndefined() ? Ref(raiseValueError(t, "not a digit")) : Ref::of(a[1]);
}
Ref numeric(Thread& t, const Value* a) {
  unicode::NumericValue value = unicode::numericValue(TRY(toCharacter(t, a[0], "numeric", "argument 1")));
  if (value.denominator != 0) return newFloat(static_cast<double>(value.numerator) / value.denominator);
  return a[1].isUndefined() ? Ref(raiseValueError(t, "not a numeric character")) : Ref::of(a[1]);
}

Ref decomposition(Thread& t, const Value* a) {
  unicode::Decomposition parts = unicode::decomposition(TRY(toCharacter(t, a[0], "decomposition", "argument")));
  std::string text(parts.tag);
  for (uint32_t part : parts.characters) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "%s%04X", text.empty() ? "" : " ", part);
    text += digits;
  }
  return newStr(t, text);
}

Fallible<unicode::NormalForm> toForm(Thread& t, Value v, const char* function) {
  if (!isStr(v)) return raiseTypeError(t, "%s() argument 1 must be str, not %s", function, typeNameOf(t, v));
  const Str* form = v.as<Str>();
  if (strEquals(form, "NFC")) return unicode::NormalForm::kNfc;
  if (strEquals(form, "NFD")) return unicode::NormalForm::kNfd;
  if (strEquals(form, "NFKC")) return unicode::NormalForm::kNfkc;
  if (strEquals(form, "NFKD")) return unicode::NormalForm::kNfkd;
  return raiseValueError(t, "invalid normalization form");
}

Ref normalize(Thread& t, const Value* a) {
  unicode::NormalForm form = TRY(toForm(t, a[0], "normalize"));
  if (!isStr(a[1])) return raiseTypeError(t, "normalize() argument 2 must be str, not %s", typeNameOf(t, a[1]));
  if (a[1].as<Str>()->is_ascii) return Ref::of(a[1]);
  std::vector<char32_t> chars = toChars(a[1].as<Str>());
  std::u32string normal = unicode::normalize(form, {chars.data(), chars.size()});
  std::vector<uint32_t> out(normal.begin(), normal.end());
  return newStrUtf32(t, out.data(), static_cast<int64_t>(out.size()));
}

Ref isNormalized(Thread& t, const Value* a) {
  unicode::NormalForm form = TRY(toForm(t, a[0], "is_normalized"));
  if (!isStr(a[1])) return raiseTypeError(t, "is_normalized() argument 2 must be str, not %s", typeNameOf(t, a[1]));
  std::vector<char32_t> chars = toChars(a[1].as<Str>());
  return Ref::boolean(unicode::isNormalized(form, {chars.data(), chars.size()}));
}

Ref name(Thread& t, const Value* a) {
  std::string found = unicodeName(TRY(toCharacter(t, a[0], "name", "argument 1")));
  if (!found.empty()) return newStr(t, found);
  return a[1].isUndefined() ? Ref(raiseValueError(t, "no such name")) : Ref::of(a[1]);
}

Ref lookup(Thread& t, const Value* a) {
  std::string wanted;
  if (isStr(a[0])) wanted = toUtf8(a[0].as<Str>());
  else if (isBytes(a[0])) wanted = a[0].as<Bytes>()->view();
  else return raiseTypeError(t, "a bytes-like object is required, not '%s'", typeNameOf(t, a[0]));
  constexpr size_t kLongest = 256;
  if (wanted.size() > kLongest) return raiseKeyError(t, newStr(t, "name too long").get());
  char32_t storage;
  std::span<const char32_t> found = lookupUnicodeNameOrSequence(wanted, storage);
  if (found.empty()) return raiseKeyError(t, newStr(t, "undefined character name '" + wanted + "'").get());
  StrBuilder out;
  for (char32_t c : found) out.add(c);
  return out.finish(t);
}

}  // namespace ucd

using namespace ucd;
static const NativeDef kFunctions[] = {
    {"category", "(chr, /)", category, "Returns the general category assigned to the character chr as string."},
    {"bidirectional", "(chr, /)", bidirectional, "Returns the bidirectional class assigned to the character chr as string."},
    {"combining", "(chr, /)", combining, "Returns the canonical combining class assigned to the character chr as integer."},
    {"mirrored", "(chr, /)", mirrored, "Returns the mirrored property assigned to the character chr as integer."},
    {"east_asian_width", "(chr, /)", eastAsianWidth, "Returns the east asian width assigned to the character chr as string."},
    {"decimal", "(chr, default=<unset>, /)", decimal, "Converts a Unicode character into its equivalent decimal value."},
    {"digit", "(chr, default=<unset>, /)", digit, "Converts a Unicode character into its equivalent digit value."},
    {"numeric", "(chr, default=<unset>, /)", numeric, "Converts a Unicode character into its equivalent numeric value."},
    {"decomposition", "(chr, /)", decomposition, "Returns the character decomposition mapping assigned to the character chr as string."},
    {"normalize", "(form, unistr, /)", normalize, "Return the normal form 'form' for the Unicode string unistr."},
    {"is_normalized", "(form, unistr, /)", isNormalized, "Return whether the Unicode string unistr is in the normal form 'form'."},
    {"name", "(chr, default=<unset>, /)", name, "Returns the name assigned to the character chr as a string."},
    {"lookup", "(name, /)", lookup, "Look up character by name."},
    {nullptr, nullptr, nullptr}};

static Status init(Thread& t, Module* module) {
  moduleSet(t, module, "unidata_version", newStr(t, "16.0.0").get());
  Ref old = newModule(t, "unicodedata.ucd_3_2_0"), name = newStr(t, "unicodedata");
  for (const NativeDef* f = kOldUnicodeFunctions; f->name != nullptr; ++f) {
    moduleSet(t, old.as<Module>(), f->name, newNativeFunction(t, f, module, name.get()).get());
  }
  moduleSet(t, old.as<Module>(), "unidata_version", newStr(t, "3.2.0").get());
  moduleSet(t, module, "ucd_3_2_0", old.get());
  return kDone;
}

extern const NativeModule kUnicodedataModule;
const NativeModule kUnicodedataModule = {"unicodedata", "The Unicode character database, version 16.0.0.", kFunctions, init};

}  // namespace krait::modules
