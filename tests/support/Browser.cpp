#include "Browser.h"

#include "Poco/Net/StreamSocket.h"
#include "Poco/String.h"
#include "Poco/URI.h"

std::string PageAnswer::header(const std::string& name) const {
    const auto at = Poco::toLower(head).find("\r\n" + Poco::toLower(name) + ": ");
    if (at == std::string::npos) return "";
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

std::string PageAnswer::field(const std::string& name) const {
    const std::string before = "name=\"" + name + "\" value=\"";
    auto at = body.find(before, body.find("<main"));
    if (at == std::string::npos) at = body.find(before);
    if (at == std::string::npos) return "";
    return body.substr(at + before.size(), body.find('"', at + before.size()) - at - before.size());
}

PageAnswer Browser::post(const std::string& path, const std::string& fields) {
    return postFrom("http://" + _address, path, fields);
}

PageAnswer Browser::postFrom(const std::string& origin, const std::string& path, const std::string& fields) {
    return send("POST", path, "Origin: " + origin + "\r\nContent-Type: application/x-www-form-urlencoded\r\n", fields);
}

PageAnswer Browser::follow(const PageAnswer& answer) {
    return get(answer.header("Location"));
}

PageAnswer Browser::signIn(const std::string& user, const std::string& password) {
    return post("/sign-in", "user=" + formValue(user) + "&password=" + formValue(password) + "&to=/");
}

PageAnswer Browser::send(const std::string& method, const std::string& path, const std::string& headers,
                         const std::string& body) {
    std::string cookies;
    for (const auto& [name, value] : _cookies) cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
    const std::string request = method + ' ' + path + " HTTP/1.1\r\nHost: " + _address +
                                "\r\nConnection: close\r\nAccept: text/html\r\nAccept-Language: " + _language + "\r\n" +
                                (cookies.empty() ? "" : "Cookie: " + cookies + "\r\n") + headers +
                                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    Poco::Net::StreamSocket socket{Poco::Net::SocketAddress(_address)};
    socket.setReceiveTimeout(Poco::Timespan(30, 0));
    socket.sendBytes(request.data(), static_cast<int>(request.size()));
    std::string all;
    char buffer[8192];
    for (int got = 0; (got = socket.receiveBytes(buffer, sizeof buffer)) > 0;)
        all.append(buffer, static_cast<std::size_t>(got));
    const auto end = all.find("\r\n\r\n");
    PageAnswer answer{std::stoi(all.substr(9, 3)), all.substr(0, end + 2), all.substr(end + 4)};
    for (std::size_t at = 0; (at = answer.head.find("Set-Cookie: ", at)) != std::string::npos; at += 12) {
        const auto equals = answer.head.find('=', at);
        _cookies[answer.head.substr(at + 12, equals - at - 12)] =
            answer.head.substr(equals + 1, answer.head.find(';', equals) - equals - 1);
    }
    return answer;
}

std::string formValue(const std::string& text) {
    std::string encoded;
    Poco::URI::encode(text, "&=+%#?/", encoded);
    return Poco::replace(encoded, std::string("%20"), std::string("+"));  // as browsers do
}
