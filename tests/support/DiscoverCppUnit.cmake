cmake_minimum_required(VERSION 3.25)

# Run by the build after each linking of a test executable: writes one CTest test for each leaf that it lists.
if(CMAKE_SCRIPT_MODE_FILE)
  include(${PROPERTIES_FILE})
  execute_process(COMMAND ${EXECUTABLE} --list OUTPUT_VARIABLE output RESULT_VARIABLE result TIMEOUT 60)
  if(NOT result STREQUAL "0")
    message(FATAL_ERROR "${EXECUTABLE} --list: ${result}\n${output}")
  endif()
  string(REGEX MATCHALL "[^\n]+" tests "${output}")
  set(unique ${tests})
  list(REMOVE_DUPLICATES unique)
  if(NOT tests OR NOT tests STREQUAL unique)
    message(FATAL_ERROR "${EXECUTABLE} --list shows no test, or one twice:\n${output}")
  endif()
  # What the system cannot do is skipped, with the reason; a reason that no test has is a fault.
  set(without "")
  if(PLATFORM STREQUAL "posix")
    include(${CMAKE_CURRENT_LIST_DIR}/LinuxOnly.cmake)
    set(without ${CARILLON_LINUX_ONLY_${NAME}})
  endif()
  set(lines "")
  foreach(test IN LISTS tests)
    set(command "[==[${EXECUTABLE}]==] [==[${test}]==]")
    foreach(entry IN LISTS without)
      string(REGEX MATCH "^([^|]+)\\|(.+)$" matched "${entry}")
      if(test STREQUAL CMAKE_MATCH_1)
        list(REMOVE_ITEM without "${entry}")
        set(command "sh -c [==[echo 'needs Linux: ${CMAKE_MATCH_2}'; exit 77]==]")
        break()
      endif()
    endforeach()
    string(APPEND lines "add_test([==[${NAME}.${test}]==] ${command})\n"
      "set_tests_properties([==[${NAME}.${test}]==] PROPERTIES ${PROPERTIES})\n")
  endforeach()
  if(without)
    message(FATAL_ERROR "LinuxOnly.cmake names tests that ${NAME} does not have: ${without}")
  endif()
  file(WRITE ${OUTPUT} "${lines}")
  return()
endif()

set(CARILLON_DISCOVER_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

# carillon_add_tests(TARGET [LABELS label...] [TIMEOUT seconds] [PROPERTIES name value...])
# Makes each leaf of a CppUnit executable a CTest test of its own, TARGET.Suite::test; exit 77 is a skip.
function(carillon_add_tests target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "LABELS;PROPERTIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "carillon_add_tests(${target}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  set(properties "TIMEOUT ${arg_TIMEOUT} SKIP_RETURN_CODE 77")
  if(arg_LABELS)
    string(APPEND properties " LABELS [==[${arg_LABELS}]==]")
  endif()
  if(CARILLON_SANITIZE)
    # Poco's Application takes SIGSEGV for itself and so would silence AddressSanitizer.
    string(APPEND properties
      " ENVIRONMENT_MODIFICATION [==[ASAN_OPTIONS=set:allow_user_segv_handler=0:detect_leaks=1]==]")
  endif()
  foreach(property IN LISTS arg_PROPERTIES)
    string(APPEND properties " [==[${property}]==]")
  endforeach()

  set(stem ${CMAKE_CURRENT_BINARY_DIR}/${target})
  # Written only when they change, and then the target is linked, and so discovered, again.
  file(CONFIGURE OUTPUT ${stem}.properties.cmake CONTENT "set(PROPERTIES [=====[${properties}]=====])\n" @ONLY)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${stem}.properties.cmake ${CARILLON_DISCOVER_SCRIPT})
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -DNAME=${target} -DEXECUTABLE=$<TARGET_FILE:${target}> -DOUTPUT=${stem}.tests.cmake
      -DPROPERTIES_FILE=${stem}.properties.cmake -DPLATFORM=${CARILLON_PLATFORM} -P ${CARILLON_DISCOVER_SCRIPT}
    VERBATIM)
  file(WRITE ${stem}.include.cmake
    "if(EXISTS [==[${stem}.tests.cmake]==])\n  include([==[${stem}.tests.cmake]==])\n"
    "else()\n  add_test(${target}.is_not_built ${target}.is_not_built)\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${stem}.include.cmake)
  set_property(GLOBAL APPEND PROPERTY CARILLON_TEST_TARGETS ${target})
endfunction()

# A CTest test that fails when a test of this folder would never run. Called once all test targets are complete.
function(carillon_check_registration)
  set(sources "")
  get_property(targets GLOBAL PROPERTY CARILLON_TEST_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(folder ${target} SOURCE_DIR)
    get_target_property(files ${target} SOURCES)
    foreach(file IN LISTS files)
      cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${folder} NORMALIZE)
      list(APPEND sources ${file})
    endforeach()
  endforeach()
  add_test(NAME every_test_is_registered
    COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/support/registered.sh ${CMAKE_CURRENT_SOURCE_DIR} ${sources})
endfunction()
