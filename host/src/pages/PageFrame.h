#pragma once

#include "access/WebAccess.h"
#include "api/Router.h"
#include "http/HttpResponse.h"
#include "pages/PageRequest.h"
#include "pages/Template.h"

#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// The path of a file in static/, which a browser may keep for good: a changed file has another path.
const std::string& assetPath(std::string_view name);

/// GET /static/….
void addAssetRoutes(Router& router);

/// Sets what a page's forms need: `mayAct`, `csrf` and `key`, which makes a form that is sent twice one request; or
/// `nobody` or `onlyLooks`, why there are none.
void setActing(Fields& fields, const Caller& caller, const std::string& job);

/// What stands around each page: title, navigation, language, who is signed in.
struct PageHead {
    std::string title{};
    std::string section{};               ///< Which part of the navigation it is, or sign-in.
    std::vector<std::string> scripts{};  ///< Beside page.js.
    std::string alternative{};           ///< Where another language is read; empty: at the same place.
};

/// Safe from any thread.
class PageFrame {
public:
    PageFrame() : _layout("layout.html") {}

    HttpResponse page(const PageRequest& request, const PageHead& head, const std::string& content,
                      int status = 200) const;

    /// What stands before and after the content, for a page that is sent as it comes to be.
    std::pair<std::string, std::string> split(const PageRequest& request, const PageHead& head) const;

private:
    Template _layout;
};

/// An answer of HTML.
HttpResponse htmlAnswer(std::string html, int status = 200);

}  // namespace carillon
