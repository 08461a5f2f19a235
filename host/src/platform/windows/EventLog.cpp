#include "windows/EventLog.h"

#include "windows/System.h"

#include "Poco/Exception.h"

#include <cwchar>

namespace carillon {
namespace {

constexpr const wchar_t* kSource = L"Carillon";
constexpr const wchar_t* kSourceKey = L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\Carillon";
/// The system's own, whose messages 1 to 1000 are nothing but the text of the entry.
constexpr const wchar_t* kMessages = L"%SystemRoot%\\System32\\EventCreate.exe";

constexpr DWORD kNote = 1;
constexpr DWORD kFault = 2;

DWORD sizeOf(const wchar_t* text) {
    return static_cast<DWORD>((std::wcslen(text) + 1) * sizeof(wchar_t));
}

void require(LSTATUS result) {
    if (result != ERROR_SUCCESS)
        throw Poco::SystemException("event log", systemError(static_cast<DWORD>(result)).message());
}

}  // namespace

void writeEvent(EventKind kind, const std::string& text) {
    const HANDLE log = ::RegisterEventSourceW(nullptr, kSource);
    if (log == nullptr) return;
    const std::wstring sentence = wide(text);
    const wchar_t* texts = sentence.c_str();
    const bool isFault = kind == EventKind::Fault;
    ::ReportEventW(log, isFault ? EVENTLOG_ERROR_TYPE : EVENTLOG_INFORMATION_TYPE, 0, isFault ? kFault : kNote, nullptr,
                   1, 0, &texts, nullptr);
    ::DeregisterEventSource(log);
}

void addEventSource() {
    require(::RegSetKeyValueW(HKEY_LOCAL_MACHINE, kSourceKey, L"EventMessageFile", REG_EXPAND_SZ, kMessages,
                              sizeOf(kMessages)));
    constexpr DWORD kTypes = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;
    require(::RegSetKeyValueW(HKEY_LOCAL_MACHINE, kSourceKey, L"TypesSupported", REG_DWORD, &kTypes, sizeof kTypes));
}

void removeEventSource() {
    if (const LSTATUS result = ::RegDeleteKeyW(HKEY_LOCAL_MACHINE, kSourceKey); result != ERROR_FILE_NOT_FOUND)
        require(result);
}

}  // namespace carillon
