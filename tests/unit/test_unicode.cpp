#include "analyzer/base/unicode/case.h"
#include "analyzer/base/unicode/normalize.h"
#include "analyzer/base/unicode_names.h"
#include "tests/unit/catch.h"

// What single characters have is compared with CPython over all code points (tests/conformance/unicode); here is what
// needs more than one character.
namespace krait::unicode {

TEST_CASE("names are found in any case, by alias, and algorithmically") {
  CHECK(lookupUnicodeName("LATIN SMALL LETTER A") == 'a');
  CHECK(lookupUnicodeName("latin small letter a") == 'a');
  CHECK(lookupUnicodeName("NBSP") == 0xa0);
  CHECK(lookupUnicodeName("HANGUL SYLLABLE GAGG") == 0xac02);
  CHECK(lookupUnicodeName("CJK UNIFIED IDEOGRAPH-4E00") == 0x4e00);
  CHECK(lookupUnicodeName("CJK COMPATIBILITY IDEOGRAPH-F900") == 0xf900);
  CHECK(lookupUnicodeName("CJK UNIFIED IDEOGRAPH-04E00") == kNoCodePoint);
  CHECK(lookupUnicodeName("CJK UNIFIED IDEOGRAPH-0041") == kNoCodePoint);
  CHECK(lookupUnicodeName("") == kNoCodePoint);
  CHECK(lookupUnicodeName("NO SUCH NAME") == kNoCodePoint);
  CHECK(lookupUnicodeName(std::string(100000, 'A')) == kNoCodePoint);
}

TEST_CASE("named sequences are for unicodedata.lookup only") {
  char32_t storage = 0;
  auto sequence = lookupUnicodeNameOrSequence("KEYCAP DIGIT ONE", storage);
  REQUIRE(sequence.size() == 3);
  CHECK(sequence[0] == '1');
  CHECK(sequence[1] == 0xfe0f);
  CHECK(lookupUnicodeName("KEYCAP DIGIT ONE") == kNoCodePoint);
}

TEST_CASE("every name leads back to its character") {
  int named = 0;
  for (uint32_t c = 0; c <= kLastCodePoint; ++c) {
    std::string name = unicodeName(c);
    if (name.empty()) continue;
    ++named;
    if (lookupUnicodeName(name) != c) FAIL(name);
  }
  CHECK(named > 140000);
}

TEST_CASE("normal forms of texts") {
  CHECK(normalize(NormalForm::kNfc, U"e\u0301") == U"\u00e9");
  CHECK(normalize(NormalForm::kNfd, U"\u1e69") == U"s\u0323\u0307");
  CHECK(normalize(NormalForm::kNfc, U"s\u0307\u0323") == U"\u1e69");
  CHECK(normalize(NormalForm::kNfc, U"\u1100\u1161\u11a8") == U"\uac01");
  CHECK(normalize(NormalForm::kNfc, U"\u0b47\u0300\u0b3e") == U"\u0b47\u0300\u0b3e");
  CHECK(normalizeUtf8(NormalForm::kNfkc, "\xef\xac\x81") == "fi");
  CHECK(isNormalized(NormalForm::kNfc, U"abc"));
  CHECK_FALSE(isNormalized(NormalForm::kNfc, U"e\u0301"));
  CHECK(quickCheck(NormalForm::kNfc, U"a\u0301") == QuickCheck::kMaybe);
}

TEST_CASE("case mappings of texts") {
  CHECK(lower(U"\u03a3\u0391\u03a3") == U"\u03c3\u03b1\u03c2");
  CHECK(upper(U"stra\u00dfe") == U"STRASSE");
  CHECK(caseFold(U"Stra\u00dfe") == U"strasse");
  CHECK(title(U"hello w\u00f6rld") == U"Hello W\u00f6rld");
  CHECK(capitalize(U"\ufb01X") == U"Fix");
  CHECK(swapCase(U"aB\u00df") == U"AbSS");
}

TEST_CASE("identifiers") {
  CHECK(isIdentifier("na\xc3\xafve_1"));
  CHECK_FALSE(isIdentifier("1a"));
  CHECK_FALSE(isIdentifier(""));
  CHECK_FALSE(isIdentifier("a\xff"));
}

}  // namespace krait::unicode
