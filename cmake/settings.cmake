# Compiler settings that every target of ours shares: the interface library krait_settings.
# Third-party sources (tree-sitter) are compiled without them.
add_library(krait_settings INTERFACE)
target_include_directories(krait_settings INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
target_compile_options(krait_settings INTERFACE
  -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers
  -fno-exceptions -fno-rtti -fno-math-errno -fvisibility=hidden)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12's own stable_sort calls a function that C++17 deprecated.
  target_compile_options(krait_settings INTERFACE -Wno-deprecated-declarations -Wno-c99-designator -Wno-gnu-label-as-value)
endif()
# Libraries that nothing refers to are not loaded.
target_link_options(krait_settings INTERFACE -Wl,--as-needed)
target_compile_definitions(krait_settings INTERFACE KRAIT_VERSION="${PROJECT_VERSION}")
if(KRAIT_VERIFY)
  target_compile_definitions(krait_settings INTERFACE KRAIT_VERIFY=1)
endif()
if(KRAIT_SANITIZE)
  # Without RTTI the check of virtual tables has nothing to compare with.
  add_compile_options(-fsanitize=${KRAIT_SANITIZE} -fno-sanitize=vptr -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${KRAIT_SANITIZE})
endif()

# "record": a build that writes what it does into build/<preset>/profile. "kept": built by the profile that cmake/pgo left
# beside this file; another compiler builds without it, what changed since was not seen by it. Else the file of a profile.
if(KRAIT_PROFILE STREQUAL "kept")
  set(KRAIT_PROFILE "")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 19 AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 20)
    # A folder for each profile: its name is in every command, so that another profile compiles everything again.
    set(_kept ${CMAKE_SOURCE_DIR}/cmake/krait.profdata.tar.xz)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${_kept})
    file(SHA256 ${_kept} _hash)
    string(SUBSTRING ${_hash} 0 12 _hash)
    set(_profile ${CMAKE_BINARY_DIR}/profile/${_hash})
    file(ARCHIVE_EXTRACT INPUT ${_kept} DESTINATION ${_profile})
    set(KRAIT_PROFILE ${_profile}/krait.profdata)
    # tree-sitter's own, which cmake/pgo-parser makes in a minute: only its two files are compiled again.
    set(_kept_parser ${CMAKE_SOURCE_DIR}/cmake/parser.profdata.tar.xz)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${_kept_parser})
    file(SHA256 ${_kept_parser} _hash)
    string(SUBSTRING ${_hash} 0 12 _hash)
    file(ARCHIVE_EXTRACT INPUT ${_kept_parser} DESTINATION ${CMAKE_BINARY_DIR}/profile/${_hash})
    set(KRAIT_PARSER_PROFILE ${CMAKE_BINARY_DIR}/profile/${_hash}/parser.profdata)
    if(CMAKE_EXE_LINKER_FLAGS MATCHES "lld")
      # What every start runs stands together, and so does what runs often: fewer pages are read. And nothing has to be relocated
      # at each start: the program stands at a fixed place, as Debian's python3 does.
      # What the profile cannot know (tables, functions of static libraries, the seldom run halves of functions) cmake/order found.
      # Strings stay beside the strings of their file: merged ones would stand in the order of their hashes, all over the binary.
      set(_order ${CMAKE_SOURCE_DIR}/cmake/krait.order.tar.xz)
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${_order})
      file(ARCHIVE_EXTRACT INPUT ${_order} DESTINATION ${_profile})
      include(${CMAKE_SOURCE_DIR}/cmake/symbol_order.cmake)
      krait_symbol_order(${_profile}/symbols.order ${_profile}/touched.order ${_profile}/startup.order)
      add_link_options(-no-pie -Wl,-O0 -Wl,-z,keep-text-section-prefix -Wl,--symbol-ordering-file=${_profile}/symbols.order
        -Wl,--no-warn-symbol-ordering -Wl,-mllvm,-use-source-filename-for-promoted-locals -Wl,-mllvm,-enable-split-machine-functions)
    endif()
  endif()
endif()
if(KRAIT_PROFILE)
  # Static functions are known by their file's name alone, wherever the checkout stands.
  add_compile_options("SHELL:-mllvm -static-func-full-module-prefix=false")
endif()
if(KRAIT_PROFILE STREQUAL "record")
  add_compile_options(-fprofile-generate=${CMAKE_BINARY_DIR}/profile -fprofile-update=atomic)
  add_link_options(-fprofile-generate=${CMAKE_BINARY_DIR}/profile)
elseif(KRAIT_PROFILE)
  add_compile_options(-fprofile-use=${KRAIT_PROFILE} -Wno-profile-instr-out-of-date -Wno-profile-instr-unprofiled -Wno-backend-plugin)
  add_link_options(-fprofile-use=${KRAIT_PROFILE})
endif()

if(CMAKE_INTERPROCEDURAL_OPTIMIZATION AND CMAKE_EXE_LINKER_FLAGS MATCHES "lld")
  # What did not change is not optimised again at the next link.
  add_link_options(-Wl,--thinlto-cache-dir=${CMAKE_BINARY_DIR}/link-cache -Wl,--thinlto-cache-policy=cache_size_bytes=1g)
endif()

find_program(KRAIT_CCACHE ccache)
if(KRAIT_CCACHE)
  # What a precompiled header needs to be cached.
  set(_cached ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${KRAIT_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${_cached})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${_cached})
endif()

# The name of the generated folder: headers that the build writes, included as "generated/…".
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)
