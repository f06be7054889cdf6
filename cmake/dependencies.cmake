# Third-party components. tree-sitter and its Python grammar are compiled from the pinned npm packages;
# everything else comes from Debian packages.
set(_ts ${KRAIT_NODE_MODULES}/tree-sitter/vendor/tree-sitter/lib)
set(_tspy ${KRAIT_NODE_MODULES}/tree-sitter-python/src)
foreach(_file ${_ts}/src/lib.c ${_tspy}/parser.c ${_tspy}/scanner.c)
  if(NOT EXISTS ${_file})
    message(FATAL_ERROR "${_file} is missing: run `npm ci` in ${CMAKE_SOURCE_DIR}, or set KRAIT_NODE_MODULES")
  endif()
endforeach()
add_library(tree_sitter STATIC ${_ts}/src/lib.c ${_tspy}/parser.c ${_tspy}/scanner.c)
target_include_directories(tree_sitter PUBLIC ${_ts}/include PRIVATE ${_ts}/src ${_tspy})
target_compile_definitions(tree_sitter PRIVATE _POSIX_C_SOURCE=200112L _DEFAULT_SOURCE)
target_compile_options(tree_sitter PRIVATE -O3 -w $<$<BOOL:${KRAIT_SANITIZE}>:-fno-sanitize=undefined>)
set_target_properties(tree_sitter PROPERTIES C_STANDARD 11)

find_package(Threads REQUIRED)
find_library(GMP_LIBRARY gmp REQUIRED)
find_library(LMDB_LIBRARY lmdb REQUIRED)
