#pragma once

#include "access/WebAccess.h"
#include "base/EnumNames.h"
#include "http/HttpRequest.h"
#include "pages/Wording.h"
#include "words/PluginTexts.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace carillon {

/// A request of a browser, and for whom its answer is written. Borrows request and caller.
struct PageRequest {
    const HttpRequest& request;
    const Caller& caller;
    Reader reader;
    std::shared_ptr<const PluginTexts> plugins;
    std::size_t troubled = 0;  ///< Jobs of the caller's that need a person.

    const Texts& texts() const { return reader.texts; }
    /// Of a plugin, in the same language.
    const Texts& textsOf(const std::string& plugin) const { return plugins->of(plugin, texts().language()); }
    /// `/jobs?state=failed`: where it leads to; `/` for a form.
    std::string place() const;
};

constexpr const char* kLanguageCookie = "carillon_language";

constexpr const char* kThemeCookie = "carillon_theme";

/// Light or dark; Auto: as the reader's system has it.
enum class Theme : std::uint8_t { Auto, Light, Dark };
template <>
inline constexpr std::array kEnumNames<Theme>{std::string_view("auto"), std::string_view("light"),
                                              std::string_view("dark")};

/// What the reader chose, else Auto.
Theme themeOf(const HttpRequest& request);

/// What the reader chose, else the one of ours that the browser likes best, else English.
Language languageOf(const HttpRequest& request);

/// The path if it leads to a page of this host, else `/`.
std::string localPath(const std::string& path);

/// A part of a path or query, percent-encoded.
std::string encodeUrl(const std::string& text);

/// `303 See Other`: what a form that was taken leads to.
HttpResponse seeOther(const std::string& path);

}  // namespace carillon
