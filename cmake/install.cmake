# `cmake --install` gives a tree that can be moved anywhere: the binary finds share/krait relative to itself.
# `cpack` makes a Debian package of the same tree.
include(GNUInstallDirs)

# Completions and the manual page come from the command specifications in the binary itself.
set(generated_share ${CMAKE_BINARY_DIR}/generated_share)
set(generated_files
  bash:bash-completion/completions/krait
  zsh:zsh/site-functions/_krait
  fish:fish/vendor_completions.d/krait.fish
  man:man/man1/krait.1)
set(outputs "")
foreach(entry ${generated_files})
  string(REPLACE ":" ";" parts ${entry})
  list(GET parts 0 kind)
  list(GET parts 1 path)
  get_filename_component(folder ${generated_share}/${path} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${generated_share}/${path}
    COMMAND $<TARGET_FILE:krait> --generate ${kind} > ${generated_share}/${path}
    DEPENDS krait VERBATIM)
  list(APPEND outputs ${generated_share}/${path})
endforeach()
add_custom_target(completions ALL DEPENDS ${outputs})

install(TARGETS krait RUNTIME DESTINATION bin)
install(CODE "file(CREATE_LINK krait \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin/krait-python SYMBOLIC)")
install(DIRECTORY ${generated_share}/ DESTINATION share)
install(DIRECTORY ${KRAIT_TYPESHED}/ DESTINATION share/krait/typeshed)
if(KRAIT_STDLIB)
  install(DIRECTORY ${KRAIT_STDLIB}/ DESTINATION share/krait/stdlib PATTERN __pycache__ EXCLUDE)
else()
  install(DIRECTORY ${CMAKE_BINARY_DIR}/share/krait/stdlib/ DESTINATION share/krait/stdlib)
endif()
install(FILES ${CMAKE_BINARY_DIR}/share/krait/frozen.image ${CMAKE_BINARY_DIR}/share/krait/typeshed.trees
  ${CMAKE_BINARY_DIR}/share/krait/examples.txt DESTINATION share/krait)
install(FILES LICENSE README.md DESTINATION share/doc/krait)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME krait)
set(CPACK_PACKAGE_VENDOR "The Krait authors")
set(CPACK_PACKAGE_CONTACT "The Krait authors <krait@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "checks, lints, edits, runs and verifies Python")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
find_program(KRAIT_SHLIBDEPS dpkg-shlibdeps)
if(KRAIT_SHLIBDEPS)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()
# What runtime/modules/lazy_libraries.cpp and unix/readline_module.cpp load by themselves.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libssl3, libbz2-1.0, libsqlite3-0, libexpat1, libedit2")
set(CPACK_STRIP_FILES ON)
include(CPack)
