#include "Fuzz.h"

#include "http/HttpReader.h"
#include "http/HttpResponse.h"

#include <algorithm>
#include <cstring>

using namespace carillon;

/// What a client may send to the host; the first byte tells in what pieces it arrives.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t piece = std::size_t{1} + data[0];
    const std::string text = fuzz::textOf(data + 1, size - 1);
    std::size_t sent = 0;
    const HttpLimits limits;
    HttpReader reader(
        limits,
        [&](char* buffer, int most) {
            const std::size_t count = std::min({piece, static_cast<std::size_t>(most), text.size() - sent});
            std::memcpy(buffer, text.data() + sent, count);
            sent += count;
            return static_cast<int>(count);
        },
        [](const std::string&) {});
    try {
        while (const auto request = reader.read()) {
            fuzz::require(request->path.starts_with('/'), "a path begins with a slash");
            fuzz::require(request->path.size() <= limits.target, "an address is in its bounds");
            fuzz::require(request->headers.size() <= limits.fields, "headers are in their bounds");
            fuzz::require(request->body.size() <= limits.body, "a body is in its bounds");
            request->cookie("session");
            request->form();
        }
    } catch (const HttpRefusal& e) {
        fuzz::require(e.answer().status >= 400 && e.answer().status <= 599, "a refusal is an error of HTTP");
    }
    return 0;
}
