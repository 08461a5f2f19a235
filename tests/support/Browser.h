#pragma once

#include <map>
#include <string>

/// An answer of a host, taken apart.
struct PageAnswer {
    int status = 0;
    std::string head{};  ///< With its last line's end.
    std::string body{};

    /// Of the first header of that name; empty: there is none.
    std::string header(const std::string& name) const;
    bool has(const std::string& text) const { return body.find(text) != std::string::npos; }
    /// The value of the first hidden field of that name, of the content before that of the header; empty: there is
    /// none.
    std::string field(const std::string& name) const;
};

/// What a browser without scripts does: keeps cookies, and says where a form comes from. One thread.
class Browser {
public:
    /// `address`: 127.0.0.1:PORT
    explicit Browser(std::string address, std::string language = "en")
        : _address(std::move(address)), _language(std::move(language)) {}

    PageAnswer get(const std::string& path) { return send("GET", path, "", ""); }
    /// A form from a page of the host. `fields`: `a=1&b=2`
    PageAnswer post(const std::string& path, const std::string& fields);
    /// The same from elsewhere.
    PageAnswer postFrom(const std::string& origin, const std::string& path, const std::string& fields);

    /// Follows one redirection.
    PageAnswer follow(const PageAnswer& answer);
    PageAnswer signIn(const std::string& user, const std::string& password);

private:
    PageAnswer send(const std::string& method, const std::string& path, const std::string& headers,
                    const std::string& body);

    std::string _address;
    std::string _language;
    std::map<std::string, std::string> _cookies{};
};

/// Text as a field of a form.
std::string formValue(const std::string& text);
