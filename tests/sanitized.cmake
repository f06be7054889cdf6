# What a sanitizer changes for the tests: what measures the process itself (its memory, its libraries, its times) is not
# tested, and what is slow there has more time. The options of the sanitizers are compiled in (cli/sanitizer_defaults.cpp).
set_tests_properties(programs PROPERTIES TIMEOUT 5000)
# A limit of address space does not go with shadow memory.
set_tests_properties(verify/run_escapes PROPERTIES ENVIRONMENT KRAIT_WITHOUT_MEMORY_LIMIT=1)
set_tests_properties(lsp/soak cli/libraries PROPERTIES DISABLED ON)
