# Given to Poco's build as CMAKE_PROJECT_INCLUDE.
# - windows.h and the standard headers are read once a library, not once a file: a third of the time.
# - What Poco does for a MinGW of its own list and no longer for this one, as part of the targets, so that everybody who
#   is linked to Poco sees its headers as it did: file names are UTF-8, and Windows is at least Windows 10.
function(carillon_poco)
  foreach(target Foundation JSON Util Net Crypto NetSSL Data DataSQLite DataMySQL)
    target_precompile_headers(${target} PRIVATE
      "$<$<COMPILE_LANGUAGE:CXX>:${CARILLON_RECIPE}/poco-precompiled.h>")
  endforeach()
  target_compile_definitions(Foundation PUBLIC MINGW32 NOMINMAX POCO_WIN32_UTF8 WC_NO_BEST_FIT_CHARS=0x400
    WINVER=0x0A00 _WIN32_WINNT=0x0A00)
endfunction()
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL carillon_poco)
