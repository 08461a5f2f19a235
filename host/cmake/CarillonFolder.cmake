# carillon_place(VARIABLE NAME FOLDER header...)
# Makes a place of that name in the build folder, in which these headers of the folder that is being read are found as
# FOLDER/header, and none else.
function(carillon_place variable name folder)
  set(place ${CMAKE_BINARY_DIR}/folders/${name})
  file(REMOVE_RECURSE ${place})
  file(MAKE_DIRECTORY ${place}/${folder})
  foreach(header IN LISTS ARGN)
    file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/${header} ${place}/${folder}/${header} SYMBOLIC)
  endforeach()
  set(${variable} ${place} PARENT_SCOPE)
endfunction()

# carillon_folder(NAME [USES folder...] [HEADERS file...] SOURCES file...)
# The folder of the host that is being read becomes the library carillon_NAME, with an underscore for each slash. Its
# sources see their own headers, those of the folders that it uses, and what these use: to include anything else does not
# compile, since each folder is reached through a place of its own in the build folder. A folder inside another one is a
# library of its own too: a place holds the headers of one folder and none of those below; only HEADERS where given.
function(carillon_folder name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;HEADERS;SOURCES")
  string(REPLACE "/" "_" target carillon_${name})
  if(NOT arg_HEADERS)
    file(GLOB arg_HEADERS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  endif()
  carillon_place(place ${target} ${name} ${arg_HEADERS})
  list(TRANSFORM arg_USES REPLACE "/" "_")
  list(TRANSFORM arg_USES PREPEND carillon_)
  add_library(${target} STATIC ${arg_SOURCES})
  target_include_directories(${target} PUBLIC ${place})
  target_link_libraries(${target} PUBLIC carillon_sdk carillon_shared ${arg_USES} PRIVATE carillon_warnings)
  target_compile_definitions(${target} PRIVATE CARILLON_VERSION="${PROJECT_VERSION}")
  target_compile_options(${target} PRIVATE -fPIE)
  carillon_unity(${target})
  set_property(GLOBAL APPEND PROPERTY CARILLON_FOLDERS ${target})
endfunction()
