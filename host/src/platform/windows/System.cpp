#include "windows/System.h"

#include <ntsecapi.h>

#include "Poco/DigestEngine.h"
#include "Poco/Exception.h"

namespace carillon {

std::wstring wide(std::string_view text) {
    std::wstring result(text.size(), L'\0');
    const int length = text.empty() ? 0
                                    : ::MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()),
                                                            result.data(), static_cast<int>(result.size()));
    result.resize(static_cast<std::size_t>(length));
    return result;
}

std::string utf8(std::wstring_view text) {
    std::string result(3 * text.size(), '\0');
    const int length = text.empty()
                           ? 0
                           : ::WideCharToMultiByte(CP_UTF8, 0, text.data(), static_cast<int>(text.size()),
                                                   result.data(), static_cast<int>(result.size()), nullptr, nullptr);
    result.resize(static_cast<std::size_t>(length));
    return result;
}

std::wstring fileOfThisProgram() {
    std::wstring path(32'768, L'\0');
    path.resize(::GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    return path;
}

std::string randomHex(std::size_t bytes) {
    Poco::DigestEngine::Digest random(bytes);
    if (!::RtlGenRandom(random.data(), static_cast<ULONG>(bytes)))
        throw Poco::SystemException("the system gives no random numbers");
    return Poco::DigestEngine::digestToHex(random);
}

std::error_code systemError(DWORD number) {
    return {static_cast<int>(number), std::system_category()};
}

}  // namespace carillon
