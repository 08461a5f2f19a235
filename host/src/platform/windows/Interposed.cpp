#include "platform/Interposed.h"

#include "windows/System.h"

#include <psapi.h>

#include <array>
#include <cstring>

namespace carillon {
namespace {

template <class Type>
Type* at(HMODULE module, std::uintptr_t offset) {
    return reinterpret_cast<Type*>(reinterpret_cast<unsigned char*>(module) + offset);
}

const IMAGE_IMPORT_DESCRIPTOR* importsOf(HMODULE module) {
    const auto* head =
        at<IMAGE_NT_HEADERS>(module, static_cast<std::uintptr_t>(at<IMAGE_DOS_HEADER>(module, 0)->e_lfanew));
    const auto& table = head->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    return table.Size == 0 ? nullptr : at<IMAGE_IMPORT_DESCRIPTOR>(module, table.VirtualAddress);
}

/// The place in a module's table where the address of a function stands; null when the module does not use it.
void** placeOf(HMODULE module, const char* name) {
    for (auto* from = importsOf(module); from != nullptr && from->Name != 0; ++from) {
        if (from->OriginalFirstThunk == 0) continue;
        auto* place = at<void*>(module, from->FirstThunk);
        for (auto* known = at<IMAGE_THUNK_DATA>(module, from->OriginalFirstThunk); known->u1.AddressOfData != 0;
             ++known, ++place) {
            if (IMAGE_SNAP_BY_ORDINAL(known->u1.Ordinal)) continue;
            const auto* import = at<IMAGE_IMPORT_BY_NAME>(module, known->u1.AddressOfData);
            if (std::strcmp(reinterpret_cast<const char*>(import->Name), name) == 0) return place;
        }
    }
    return nullptr;
}

void replace(void** place, void* by) {
    DWORD before = 0;
    if (!::VirtualProtect(place, sizeof *place, PAGE_READWRITE, &before)) return;
    *place = by;
    ::VirtualProtect(place, sizeof *place, before, &before);
}

}  // namespace

void* takeCalls(const char* name, void* own) {
    std::array<HMODULE, 1'024> modules{};
    DWORD size = 0;
    if (!::EnumProcessModules(::GetCurrentProcess(), modules.data(), sizeof modules, &size)) return nullptr;
    void* taken = nullptr;
    for (std::size_t i = 0; i < modules.size() && i < size / sizeof(HMODULE); ++i) {
        void** const place = placeOf(modules[i], name);
        if (place == nullptr || *place == own) continue;
        taken = *place;
        replace(place, own);
    }
    return taken;
}

}  // namespace carillon
