# carillon_add_plugin(NAME SOURCE...)
# A plugin of Carillon: libNAME.so. Its symbols are hidden, since plugins are loaded into one process and would else run
# each other's functions, and all of them are resolved when it is loaded, so that a missing one refuses the library
# instead of ending the process in the middle of a run.
function(carillon_add_plugin name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE Carillon::sdk)
  set_target_properties(${name} PROPERTIES
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/carillon/plugins)
  target_link_options(${name} PRIVATE -Wl,-z,now $<$<NOT:$<BOOL:${CARILLON_SANITIZE}>>:-Wl,--no-undefined>)
  include(GNUInstallDirs)
  install(TARGETS ${name} LIBRARY DESTINATION lib/carillon/plugins)
endfunction()
