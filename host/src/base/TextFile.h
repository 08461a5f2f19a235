#pragma once

#include "platform/FileRights.h"

#include "Poco/TextConverter.h"
#include "Poco/UTF8Encoding.h"
#include "Poco/Windows1252Encoding.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace carillon {

/// Why a text is none that can be read; words/FileWords.h says it.
struct TextFlaw {
    enum class Kind { OtherEncoding, Utf16, Utf16WithoutMark, ZeroByte };

    int line = 1;
    Kind kind = Kind::OtherEncoding;
    std::string byte{};    ///< OtherEncoding: the first byte that is wrong, as `E9`. May be a part of a secret.
    std::string letter{};  ///< What that is in Windows-1252; empty: nothing that one would type.

    /// Other lines may be well.
    bool isLocal() const { return kind == Kind::OtherEncoding; }
};

/// A text file as somebody saved it.
struct TextFile {
    std::error_code error{};         ///< When it could not be read; a folder cannot.
    Message refusal{};               ///< Then why it is not trusted (FileRights.h); empty: it is.
    std::string text{};              ///< Without byte order mark; its lines end as they were written, see takeLine().
    std::optional<TextFlaw> flaw{};  ///< The first one there is: only without it is the text UTF-8 without NUL.
};

/// The line at `at`, which moves behind its end: \n, \r\n or \r. The end is no part of the line.
inline std::string_view takeLine(std::string_view text, std::size_t& at) {
    const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
    return line;
}

/// The length of the character of UTF-8 that `text` begins with; 0: it begins with none.
inline std::size_t lengthOfCharacter(std::string_view text) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (text.empty() || *bytes < 0x80) return text.empty() ? 0 : 1;
    const int length = Poco::UTF8Encoding().sequenceLength(bytes, 1);
    if (length < 2 || static_cast<std::size_t>(length) > text.size()) return 0;
    return Poco::UTF8Encoding::isLegal(bytes, length) ? static_cast<std::size_t>(length) : 0;
}

/// The first byte that belongs to no character of UTF-8.
inline std::optional<TextFlaw> findOtherEncoding(std::string_view text) {
    std::size_t at = 0;
    for (std::size_t length = 1; at < text.size() && length > 0; at += length)
        length = lengthOfCharacter(text.substr(at));
    if (at == text.size()) return std::nullopt;
    TextFlaw flaw;
    for (std::size_t begin = 0;; ++flaw.line) {
        takeLine(text, begin);
        if (begin > at) break;
    }
    constexpr char kDigits[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(text[at]);
    flaw.byte = {kDigits[byte >> 4], kDigits[byte & 15]};
    const Poco::Windows1252Encoding guess;
    if (guess.convert(&byte) >= 0xa0) Poco::TextConverter(guess, Poco::UTF8Encoding()).convert(&byte, 1, flaw.letter);
    return flaw;
}

/// UTF-16, told by its mark or by a zero in every other byte, and what is no text at all.
inline std::optional<TextFlaw> findForeignBytes(std::string_view text) {
    const bool marked = text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
    const std::size_t first = text.find('\0');
    if (!marked && first == std::string_view::npos) return std::nullopt;
    constexpr std::size_t kSample = 512;
    const std::string_view sample = text.substr(0, kSample);
    std::size_t zeros[2]{};
    for (std::size_t i = 0; i < sample.size(); ++i) zeros[i % 2] += sample[i] == '\0' ? 1 : 0;
    const bool alternates =
        sample.size() > 3 && std::min(zeros[0], zeros[1]) == 0 && std::max(zeros[0], zeros[1]) > sample.size() * 2 / 5;
    if (marked || alternates)
        return TextFlaw{1, marked ? TextFlaw::Kind::Utf16 : TextFlaw::Kind::Utf16WithoutMark, {}, {}};
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(first), '\n');
    return TextFlaw{static_cast<int>(line), TextFlaw::Kind::ZeroByte, {}, {}};
}

/// The one way to read what a person wrote: properties, tables, accounts, secrets. Only what is trusted is read.
inline TextFile readTextFile(const std::string& path, TrustRole role = TrustRole::Target) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    TextFile file;
    const TrustedPath trusted = trustedPath(path, Opening::Read, role);
    file.error = trusted.error();
    if (!trusted || !trusted.file().readAll(file.text, file.error)) {
        file.refusal = trusted.refusal();
        file.text.clear();
        return file;
    }
    if (file.text.starts_with(kByteOrderMark)) file.text.erase(0, kByteOrderMark.size());
    file.flaw = findForeignBytes(file.text);
    if (!file.flaw) file.flaw = findOtherEncoding(file.text);
    return file;
}

}  // namespace carillon
