#include "MailForm.h"

#include "Encoding.h"

#include "carillon/VisibleText.h"

#include "Poco/DateTimeFormat.h"
#include "Poco/DateTimeFormatter.h"
#include "Poco/Net/QuotedPrintableEncoder.h"
#include "Poco/Timestamp.h"

#include <algorithm>
#include <sstream>
#include <string_view>

namespace passerelle {
namespace {

/// Bytes of text in one encoded word of 75 characters.
constexpr std::size_t kEncodedWord = 45;

std::string quotedPrintable(const std::string& text) {
    std::ostringstream out;
    Poco::Net::QuotedPrintableEncoder encoder(out);
    for (const char c : text) {
        if (c == '\n') encoder << '\r';
        encoder << c;
    }
    encoder.close();
    return out.str();
}

/// `"name" <address>`, or the address alone.
std::string sender(const MailForm& form) {
    if (form.fromName.empty()) return form.from;
    std::string name = headerWords(form.fromName);
    if (!name.starts_with("=?")) {
        for (std::size_t at = 0; (at = name.find_first_of("\"\\", at)) != std::string::npos; at += 2)
            name.insert(at, 1, '\\');
        name = '"' + name + '"';
    }
    return name + " <" + form.from + ">";
}

}  // namespace

std::string headerWords(const std::string& text) {
    std::string line = carillon::visibleText(text);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    const bool isPlain = line.size() <= 60 && line.find("=?") == std::string::npos &&
                         std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < 0x7f; });
    if (isPlain) return line;
    std::string words;
    for (std::string_view rest = line; !rest.empty();) {
        std::size_t length = 0;
        while (length < rest.size()) {
            const auto next = std::max<std::size_t>(carillon::firstCharacter(rest.substr(length)).length, 1);
            if (length + next > kEncodedWord) break;
            length += next;
        }
        words +=
            (words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + toBase64(std::string(rest.substr(0, length))) + "?=";
        rest.remove_prefix(length);
    }
    return words;
}

std::string writeMail(const MailForm& form) {
    const Poco::Timestamp at(
        std::chrono::duration_cast<std::chrono::microseconds>(form.date.time_since_epoch()).count());
    const std::string domain = form.from.substr(form.from.rfind('@'));
    return "Date: " + Poco::DateTimeFormatter::format(at, "%w, %d %b %Y %H:%M:%S +0000") + "\r\n" +  //
           "From: " + sender(form) + "\r\n" +                                                        //
           "To: " + form.to + "\r\n" +                                                               //
           "Subject: " + headerWords(form.subject) + "\r\n" +                                        //
           "Message-ID: <" + form.id + domain + ">\r\n" +
           // Nobody's absence is to be answered.
           "Auto-Submitted: auto-generated\r\n"
           "X-Auto-Response-Suppress: All\r\n"
           "MIME-Version: 1.0\r\n"
           "Content-Type: text/plain; charset=UTF-8\r\n"
           "Content-Transfer-Encoding: quoted-printable\r\n\r\n" +
           quotedPrintable(form.text);
}

}  // namespace passerelle
