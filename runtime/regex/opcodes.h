// The numbers in compiled patterns, in the order of re/_constants.py of the 3.14 library (MAGIC 20230612).
#pragma once

#include <cstdint>

namespace krait::regex {

inline constexpr uint32_t kMagic = 20230612;
inline constexpr uint32_t kMaxRepeat = 0xffffffffu;
inline constexpr uint32_t kMaxGroups = 0x3fffffffu;

enum class SreOp : uint32_t {
  kFailure, kSuccess, kAny, kAnyAll, kAssert, kAssertNot, kAt, kBranch, kCategory, kCharset, kBigCharset, kGroupRef,
  kGroupRefExists, kIn, kInfo, kJump, kLiteral, kMark, kMaxUntil, kMinUntil, kNotLiteral, kNegate, kRange, kRepeat,
  kRepeatOne, kSubpattern, kMinRepeatOne, kAtomicGroup, kPossessiveRepeat, kPossessiveRepeatOne,
  kGroupRefIgnore, kInIgnore, kLiteralIgnore, kNotLiteralIgnore,
  kGroupRefLocIgnore, kInLocIgnore, kLiteralLocIgnore, kNotLiteralLocIgnore,
  kGroupRefUniIgnore, kInUniIgnore, kLiteralUniIgnore, kNotLiteralUniIgnore, kRangeUniIgnore,
  kEnd,
};

enum class SreAt : uint32_t {
  kBeginning, kBeginningLine, kBeginningString, kBoundary, kNonBoundary, kEnd, kEndLine, kEndString,
  kLocBoundary, kLocNonBoundary, kUniBoundary, kUniNonBoundary, kCount,
};

enum class SreCategory : uint32_t {
  kDigit, kNotDigit, kSpace, kNotSpace, kWord, kNotWord, kLinebreak, kNotLinebreak, kLocWord, kLocNotWord,
  kUniDigit, kUniNotDigit, kUniSpace, kUniNotSpace, kUniWord, kUniNotWord, kUniLinebreak, kUniNotLinebreak, kCount,
};

}  // namespace krait::regex
