// What the sanitizers' builds do unless ASAN_OPTIONS or UBSAN_OPTIONS say otherwise, also where a program starts with an
// environment of its own (the sandbox, `env={}` in a subprocess): requests that are too large fail as they do without
// them, and what lives until the end of the process is no leak. Empty in every other build.
#ifdef __has_feature
#if __has_feature(address_sanitizer)

extern "C" __attribute__((visibility("default"))) const char* __asan_default_options() {
  return "detect_leaks=0:allocator_may_return_null=1:detect_stack_use_after_return=0";
}

extern "C" __attribute__((visibility("default"))) const char* __ubsan_default_options() {
  return "halt_on_error=1:print_stacktrace=1";
}

#endif
#endif
