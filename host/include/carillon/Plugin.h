#pragma once

#include "carillon/SyncTask.h"

#include "Poco/ClassLibrary.h"

/// How a library becomes a plugin. In one source file of it:
///
///     #include "carillon/Plugin.h"
///     #include "MyTask.h"
///
///     CARILLON_PLUGIN("MyPlugin", "1.0.0")
///     CARILLON_TASKS_BEGIN
///         CARILLON_TASK(MyTask)
///     CARILLON_TASKS_END
///
/// and in CMake: find_package(Carillon) and carillon_add_plugin(MyPlugin Manifest.cpp MyTask.cpp).

/// The version of everything in this folder, and the one place where it stands. Raise it with any change of a class that
/// crosses the border: a library built for another one is refused by name instead of crashing.
#define CARILLON_SDK_VERSION 4

/// The manifest's name ends with it.
#define CARILLON_MANIFEST POCO_JOIN(CarillonTaskV, CARILLON_SDK_VERSION)
#define CARILLON_MANIFEST_NAME CARILLON_QUOTE(CARILLON_MANIFEST)
#define CARILLON_QUOTE(TEXT) CARILLON_QUOTE_EXPANDED(TEXT)
#define CARILLON_QUOTE_EXPANDED(TEXT) #TEXT

#if defined(__SANITIZE_THREAD__)
#define CARILLON_BUILD_KIND "tsan"
#elif defined(__SANITIZE_ADDRESS__)
#define CARILLON_BUILD_KIND "asan"
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CARILLON_BUILD_KIND "tsan"
#elif __has_feature(address_sanitizer)
#define CARILLON_BUILD_KIND "asan"
#endif
#endif
#ifndef CARILLON_BUILD_KIND
#define CARILLON_BUILD_KIND "plain"
#endif

/// What must be equal in host and plugin for a C++ object to cross between them. Clang says that it is g++ 4.2 in
/// __VERSION__, so the standard library's ABI and the kind of build are named, not the compiler.
#if defined(_GLIBCXX_DEBUG)
#define CARILLON_ABI "libstdc++-debug " CARILLON_BUILD_KIND
#elif defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI
#define CARILLON_ABI "libstdc++-cxx11 " CARILLON_BUILD_KIND
#else
#define CARILLON_ABI "other " CARILLON_BUILD_KIND
#endif

extern "C" {
/// What the host asks a library first. Append only: it is read from libraries built for any version.
struct CarillonPluginInfo {
    int sdkVersion;
    const char* abi;
    const char* name;
    const char* version;
};
}

#define CARILLON_PLUGIN(NAME, VERSION)                                                           \
    extern "C" POCO_LIBRARY_API const CarillonPluginInfo* carillonPluginInfo();                  \
    extern "C" const CarillonPluginInfo* carillonPluginInfo() {                                  \
        static const CarillonPluginInfo info{CARILLON_SDK_VERSION, CARILLON_ABI, NAME, VERSION}; \
        return &info;                                                                            \
    }

#define CARILLON_TASKS_BEGIN POCO_BEGIN_NAMED_MANIFEST(CARILLON_MANIFEST, carillon::SyncTask)
#define CARILLON_TASK(CLASS) POCO_EXPORT_CLASS(CLASS)
#define CARILLON_TASKS_END POCO_END_MANIFEST
