# carillon_unity(TARGET)
# With CARILLON_UNITY the sources of each folder are compiled together, so many at a time: what they include is read
# once for all of them, which is most of a build from nothing. Names in anonymous namespaces have to differ then, within
# a folder. The sources that you are working on are compiled alone when CARILLON_ALONE names them, which is faster after
# each change: -DCARILLON_ALONE="AlertDecision;AlertDecisionTest".
set(CARILLON_UNITY_SIZE 16)
set(CARILLON_ALONE "" CACHE STRING "Sources, named without their ending, that CARILLON_UNITY compiles alone")

# Sources that say the same in two languages, or of two kinds of fields, with the same names.
set(CARILLON_UNITY_ALONE EnglishDays EnglishWords FrenchDays FrenchWords)

# A test registers itself under the number of its line, which two files may share.
set(CARILLON_UNITY_BEFORE "#if __has_include(<cppunit/Portability.h>)
#include <cppunit/Portability.h>
#undef CPPUNIT_MAKE_UNIQUE_NAME
#define CPPUNIT_MAKE_UNIQUE_NAME(prefix) CPPUNIT_JOIN(prefix, __COUNTER__)
#endif")

function(carillon_unity target)
  if(NOT CARILLON_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP
    UNITY_BUILD_CODE_BEFORE_INCLUDE "${CARILLON_UNITY_BEFORE}")
  # What the first of them has in an anonymous namespace is none of the second's business.
  target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(GET source STEM name)
    if(IS_ABSOLUTE ${source} OR name IN_LIST CARILLON_UNITY_ALONE)
      continue()
    endif()
    string(MAKE_C_IDENTIFIER "at_${folder}" group)
    math(EXPR count "0${${group}} + 1")
    set(${group} ${count})
    if(name IN_LIST CARILLON_ALONE)  # counted, so that its neighbours stay together
      continue()
    endif()
    math(EXPR part "${count} / ${CARILLON_UNITY_SIZE}")
    set_property(SOURCE ${source} PROPERTY UNITY_GROUP "${target}_${group}_${part}")
  endforeach()
endfunction()
