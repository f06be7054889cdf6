# The layers and which of them each may see. A library is one folder; krait_layer() makes it from the
# folder's *.cpp, and krait_check_layers() stops the configure step when a file includes a header of
# a layer that its own layer must not see. Include paths are written from the root, so the first
# folders of an include name its layer.
#
# To add a layer: one line here, one CMakeLists.txt line `krait_layer(<name>)` in its folder.
set(KRAIT_LAYERS "")
macro(krait_allow layer folder)
  list(APPEND KRAIT_LAYERS ${layer})
  set(KRAIT_FOLDER_${layer} ${folder})
  set(KRAIT_SEES_${layer} ${ARGN})
endmacro()

krait_allow(base        analyzer/base)
krait_allow(diagnostics analyzer/diagnostics base)
krait_allow(config      analyzer/config      base diagnostics)
krait_allow(syntax      analyzer/syntax      base diagnostics config)
krait_allow(semantic    analyzer/semantic    base diagnostics config syntax)
krait_allow(lint        analyzer/lint        base diagnostics config syntax semantic)
krait_allow(format      analyzer/format      base diagnostics config syntax)

set(_front base diagnostics config syntax semantic)
krait_allow(types       checker/types        ${_front})
krait_allow(relations   checker/relations    ${_front} types)
krait_allow(solve       checker/solve        ${_front} types relations)
krait_allow(declare     checker/declare      ${_front} types relations solve)
krait_allow(narrow      checker/narrow       ${_front} types relations solve declare)
krait_allow(infer       checker/infer        ${_front} types relations solve declare narrow)
krait_allow(checkers    checker/check        ${_front} types relations solve declare narrow infer)
krait_allow(program     checker/program      ${_front} types relations solve declare narrow infer checkers)

krait_allow(regex       runtime/regex        base)
krait_allow(bytecode    runtime/bytecode     base)
krait_allow(object      runtime/object       base bytecode)
krait_allow(interp      runtime/interp       base bytecode object)
krait_allow(modules     runtime/modules      base regex bytecode object interp)
krait_allow(codegen     runtime/codegen      base diagnostics config syntax semantic bytecode)
krait_allow(compile     runtime/compile      base diagnostics config syntax semantic bytecode codegen object)
krait_allow(embed       runtime/embed        base diagnostics config syntax semantic regex bytecode codegen object interp modules compile)

krait_allow(lsp         lsp                  ${_front} lint format types relations solve declare narrow infer checkers program)
krait_allow(cli         cli                  ${_front} lint format types relations solve declare narrow infer checkers program
                                             regex bytecode codegen object interp modules compile embed lsp)

# krait_layer(<name> [LINKS <libraries>...] [PRECOMPILED <headers>...]): the static library krait_<name> of this
# folder's sources. PRECOMPILED: headers that nearly all of them include, and that take most of their compile time, are
# parsed once. A header that includes the others is enough.
function(krait_layer name)
  cmake_parse_arguments(ARG "" "" "LINKS;PRECOMPILED" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(krait_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(krait_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(krait_${name} ${scope} krait_settings)
  foreach(seen ${KRAIT_SEES_${name}})
    target_link_libraries(krait_${name} ${scope} krait_${seen})
  endforeach()
  if(ARG_PRECOMPILED)
    list(TRANSFORM ARG_PRECOMPILED PREPEND ${CMAKE_SOURCE_DIR}/)
    target_precompile_headers(krait_${name} PRIVATE ${ARG_PRECOMPILED})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
      # Without its time a precompiled header is the same file each time, so that a cache of compilations knows it again.
      target_compile_options(krait_${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
    endif()
  endif()
  if(ARG_LINKS)
    target_link_libraries(krait_${name} ${scope} ${ARG_LINKS})
  endif()
endfunction()

# The layer that a path from the root belongs to: the longest layer folder that is its prefix.
function(krait_layer_of path out)
  set(best "")
  set(best_length 0)
  foreach(layer ${KRAIT_LAYERS})
    set(folder ${KRAIT_FOLDER_${layer}})
    string(LENGTH ${folder} length)
    string(FIND "${path}" "${folder}/" at)
    if(at EQUAL 0 AND length GREATER best_length)
      set(best ${layer})
      set(best_length ${length})
    endif()
  endforeach()
  set(${out} "${best}" PARENT_SCOPE)
endfunction()

function(krait_check_layers)
  foreach(layer ${KRAIT_LAYERS})
    file(GLOB_RECURSE files ${CMAKE_SOURCE_DIR}/${KRAIT_FOLDER_${layer}}/*.cpp
         ${CMAKE_SOURCE_DIR}/${KRAIT_FOLDER_${layer}}/*.h ${CMAKE_SOURCE_DIR}/${KRAIT_FOLDER_${layer}}/*.inc)
    foreach(file ${files})
      file(STRINGS ${file} lines REGEX "^#include \"(analyzer|checker|runtime|lsp|cli)/")
      foreach(line ${lines})
        string(REGEX REPLACE "^#include \"([^\"]+)\".*" "\\1" included "${line}")
        krait_layer_of("${included}" target)
        if(NOT "${target}" STREQUAL "${layer}" AND NOT "${target}" IN_LIST KRAIT_SEES_${layer})
          file(RELATIVE_PATH shown ${CMAKE_SOURCE_DIR} ${file})
          message(FATAL_ERROR "layer error: ${shown} (layer ${layer}) includes ${included} (layer ${target}); "
            "${layer} may see: ${KRAIT_SEES_${layer}}. See cmake/layers.cmake.")
        endif()
      endforeach()
    endforeach()
  endforeach()
endfunction()
