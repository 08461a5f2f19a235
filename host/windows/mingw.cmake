# The toolchain for Windows: MinGW-w64 of Debian 12, with POSIX threads. It belongs into the folder of the libraries that
# were built with it, finds everything there and nothing of the system on which it runs:
#
#   cmake -S . -B build/windows -G Ninja -DCMAKE_TOOLCHAIN_FILE=FOLDER/mingw.cmake -DBUILD_TESTING=OFF
#
# With -DCMAKE_CROSSCOMPILING_EMULATOR=wine CTest runs programs under Wine.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_VERSION 10.0)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_MC_COMPILER /usr/bin/x86_64-w64-mingw32-windmc)

set(CMAKE_FIND_ROOT_PATH ${CMAKE_CURRENT_LIST_DIR} /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_PATH} "")
set(ENV{PKG_CONFIG_LIBDIR} ${CMAKE_CURRENT_LIST_DIR}/lib/pkgconfig:/usr/x86_64-w64-mingw32/lib/pkgconfig)

# The same bytes, whenever it is linked; and with what the guards of stacks and buffers call.
foreach(kind EXE SHARED MODULE)
  set(CMAKE_${kind}_LINKER_FLAGS_INIT
      "-Wl,--no-insert-timestamp -fstack-protector-strong -L${CMAKE_CURRENT_LIST_DIR}/lib/guard -Wl,--exclude-libs,libssp.a")
endforeach()
