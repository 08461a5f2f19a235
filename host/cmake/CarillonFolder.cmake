# carillon_folder(NAME [USES folder...] SOURCES file...)
# The folder of the host that is being read becomes the library carillon_NAME. Its sources see their own headers, those
# of the folders that it uses, and what these use: to include anything else does not compile, since each folder is
# reached through a place of its own in the build folder.
function(carillon_folder name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;SOURCES")
  set(place ${CMAKE_BINARY_DIR}/folders/${name})
  file(MAKE_DIRECTORY ${place})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${place}/${name} SYMBOLIC)
  set(target carillon_${name})
  list(TRANSFORM arg_USES PREPEND carillon_)
  add_library(${target} STATIC ${arg_SOURCES})
  target_include_directories(${target} PUBLIC ${place})
  target_link_libraries(${target} PUBLIC carillon_sdk ${arg_USES} PRIVATE carillon_warnings)
  target_compile_definitions(${target} PRIVATE CARILLON_VERSION="${PROJECT_VERSION}")
  target_compile_options(${target} PRIVATE -fPIE)
  carillon_unity(${target})
  set_property(GLOBAL APPEND PROPERTY CARILLON_FOLDERS ${target})
endfunction()
