# carillon_add_plugin(NAME [NO_INSTALL] [TEXTS folder] SOURCE...)
# A plugin of Carillon: libNAME.so, on Windows libNAME.dll, installed among the others unless NO_INSTALL is given. Of TEXTS, en.properties and
# fr.properties go beside it as NAME.en.properties and NAME.fr.properties: what the host's pages call its things. Its
# symbols are hidden, since plugins are loaded into one process and would else run each other's functions, and all of
# them are resolved when it is loaded, so that a missing one refuses the library instead of ending the process in the
# middle of a run. It is hardened as the host is.
include("${CMAKE_CURRENT_LIST_DIR}/CarillonHardening.cmake")
function(carillon_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NO_INSTALL" "TEXTS" "")
  add_library(${name} MODULE ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE Carillon::sdk)
  set_target_properties(${name} PROPERTIES
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/carillon/plugins)
  carillon_harden(${name} PRIVATE)
  if(NOT WIN32)  # whose libraries are never linked with a symbol missing, nor loaded
    target_link_options(${name} PRIVATE -Wl,-z,now)
    if(NOT CARILLON_SANITIZE)  # the symbols of a sanitizer are the program's
      target_link_options(${name} PRIVATE -Wl,--no-undefined)
    endif()
  endif()
  if(NOT arg_NO_INSTALL)
    install(TARGETS ${name} LIBRARY DESTINATION lib/carillon/plugins)
  endif()
  set(texts "")
  if(arg_TEXTS)  # CONFIGURE_DEPENDS: also when they are written later
    file(GLOB texts CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${arg_TEXTS}/en.properties
      ${CMAKE_CURRENT_SOURCE_DIR}/${arg_TEXTS}/fr.properties)
  endif()
  foreach(text IN LISTS texts)
    get_filename_component(language ${text} NAME_WE)
    set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${text})
    add_custom_command(TARGET ${name} POST_BUILD VERBATIM
      COMMAND ${CMAKE_COMMAND} -E copy ${text} $<TARGET_FILE_DIR:${name}>/${name}.${language}.properties)
    if(NOT arg_NO_INSTALL)
      install(FILES ${text} DESTINATION lib/carillon/plugins RENAME ${name}.${language}.properties)
    endif()
  endforeach()
endfunction()

# carillon_add_plugin_test(NAME SOURCE...)
# A program of CppUnit tests for the tasks of a plugin, which CTest runs. The sources of the tasks are among its own:
# nothing can be linked to a plugin.
function(carillon_add_plugin_test name)
  if(NOT CARILLON_CPPUNIT_LIBRARY)
    message(FATAL_ERROR "CppUnit is missing, with which the tests are written. On Debian: apt-get install "
      "libcppunit-dev. To build the plugin without its tests: -DBUILD_TESTING=OFF")
  endif()
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE Carillon::testing)
  add_test(NAME ${name} COMMAND ${name})
endfunction()
