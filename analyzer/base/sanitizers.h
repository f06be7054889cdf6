// What builds with sanitizers need to be told apart for.
#pragma once

namespace krait {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define KRAIT_IS_SANITIZED 1
#endif
#endif

// Limits of time are so many times longer.
#ifdef KRAIT_IS_SANITIZED
inline constexpr unsigned kSlowdown = 10;
#else
inline constexpr unsigned kSlowdown = 1;
#endif

}  // namespace krait
