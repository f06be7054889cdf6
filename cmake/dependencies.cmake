# Third-party components. tree-sitter and its Python grammar are compiled from the pinned npm packages;
# everything else comes from Debian packages.
set(_ts ${KRAIT_NODE_MODULES}/tree-sitter/vendor/tree-sitter/lib)
set(_tspy ${KRAIT_NODE_MODULES}/tree-sitter-python/src)
foreach(_file ${_ts}/src/parser.c ${_tspy}/parser.c)
  if(NOT EXISTS ${_file})
    message(FATAL_ERROR "${_file} is missing: run `npm ci` in ${CMAKE_SOURCE_DIR}, or set KRAIT_NODE_MODULES")
  endif()
endforeach()
# parser_library.c and the grammar's parser.c each find the headers of their own folder first. `tree_sitter_plain` is the library
# as it is, to compare with (tests/conformance/trees).
add_library(tree_sitter_tables OBJECT ${_tspy}/parser.c)
add_library(tree_sitter STATIC ${CMAKE_SOURCE_DIR}/analyzer/syntax/tree_sitter/parser_library.c $<TARGET_OBJECTS:tree_sitter_tables>)
add_library(tree_sitter_plain STATIC EXCLUDE_FROM_ALL ${_ts}/src/lib.c ${_tspy}/scanner.c $<TARGET_OBJECTS:tree_sitter_tables>)
foreach(_library tree_sitter_tables tree_sitter tree_sitter_plain)
  target_include_directories(${_library} PUBLIC ${_ts}/include PRIVATE ${CMAKE_SOURCE_DIR} ${_ts}/src ${_tspy})
  target_compile_definitions(${_library} PRIVATE _POSIX_C_SOURCE=200112L _DEFAULT_SOURCE)
  target_compile_options(${_library} PRIVATE -O3 -w)
  if(KRAIT_SANITIZE)
    target_compile_options(${_library} PRIVATE -fno-sanitize=undefined)
  endif()
  if(KRAIT_PARSER_PROFILE)
    # Two profiles do not go together in one link-time optimisation.
    target_compile_options(${_library} PRIVATE -fprofile-use=${KRAIT_PARSER_PROFILE} -ffunction-sections -fsplit-machine-functions)
    set_target_properties(${_library} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
  endif()
  set_target_properties(${_library} PROPERTIES C_STANDARD 11)
endforeach()

find_package(Threads REQUIRED)
find_library(GMP_LIBRARY gmp REQUIRED)
find_library(LMDB_LIBRARY lmdb REQUIRED)
# Libraries behind native modules, linked statically where Debian has the archive: nothing to load at start, no dependency of the package.
find_library(SQLITE_LIBRARY NAMES libsqlite3.a sqlite3 REQUIRED)
find_library(EXPAT_LIBRARY NAMES libexpat.a expat REQUIRED)
find_library(FFI_LIBRARY NAMES libffi.a ffi REQUIRED)
find_library(LZMA_LIBRARY NAMES liblzma.a lzma REQUIRED)
find_library(ZSTD_LIBRARY NAMES libzstd.a zstd REQUIRED)
find_library(SSL_LIBRARY NAMES ssl REQUIRED)
