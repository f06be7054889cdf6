# What a sanitizer changes for the tests: requests that are too large fail as they do without it, what lives until the end
# is no leak, and what measures the process itself (its memory, its libraries, its times) is not tested.
get_property(_tests DIRECTORY PROPERTY TESTS)
set_property(TEST ${_tests} APPEND PROPERTY ENVIRONMENT
  "ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1" "UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1")
set_tests_properties(lsp/soak cli/libraries PROPERTIES DISABLED ON)
