#include "conceal/Redactor.h"

#include "shared/Userinfo.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

/// A quoted value of a log may hold JSON that holds an address.
constexpr int kMostLayers = 3;

/// In order; those that overlap are one.
std::vector<SecretSearch::Span> joined(std::vector<SecretSearch::Span> spans) {
    std::sort(spans.begin(), spans.end());
    std::vector<SecretSearch::Span> joined;
    for (const auto& span : spans) {
        if (!joined.empty() && span.first < joined.back().second)
            joined.back().second = std::max(joined.back().second, span.second);
        else
            joined.push_back(span);
    }
    return joined;
}

}  // namespace

void Redactor::add(const std::string& secret) {
    if (secret.size() < kShortestSecret || !_secrets.insert(secret).second) return;
    for (const auto& form : formsOf(secret, kShortestSecret)) _search.add(form);
    _isPrepared = false;
}

std::string Redactor::apply(std::string text) {
    const Spans spans = findAll(text);
    if (spans.empty()) return text;
    std::string shown;
    std::size_t from = 0;
    for (const auto& [begin, end] : spans) {
        shown.append(text, from, begin - from).append(kConcealed);
        from = end;
    }
    return shown.append(text, from);
}

std::size_t Redactor::placeToCut(const std::string& text, std::size_t at) {
    for (const auto& [begin, end] : findAll(text))
        if (begin < at && at < end) return begin > 0 ? begin : end;
    return at;
}

Redactor::Spans Redactor::findAll(const std::string& text) {
    if (!_isPrepared) _search.prepare();
    _isPrepared = true;
    Spans spans = find(text);
    const auto has = [&text](char c) { return text.find(c) != std::string::npos; };
    if (has('\\') || has('%') || has('&')) findBelow(DecodedText(text), kMostLayers, spans);
    return joined(std::move(spans));
}

Redactor::Spans Redactor::find(std::string_view text) const {
    Spans spans = _secrets.empty() ? Spans{} : _search.find(text);
    const auto userinfo = findUserinfo(text);
    spans.insert(spans.end(), userinfo.begin(), userinfo.end());
    return spans;
}

/// In what the text stands for.
void Redactor::findBelow(const DecodedText& text, int layers, Spans& spans) const {
    const auto look = [&](const DecodedText& decoded) {
        for (const auto& [begin, end] : find(decoded.text())) spans.push_back(decoded.placeOf(begin, end));
        if (layers > 1) findBelow(decoded, layers - 1, spans);
    };
    if (text.text().find('\\') != std::string::npos) look(text.withoutEscapes());
    if (text.text().find('%') != std::string::npos) look(text.withoutPercents());
    if (text.text().find('&') != std::string::npos) look(text.withoutEntities());
}

}  // namespace carillon
