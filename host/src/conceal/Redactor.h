#pragma once

#include "conceal/DecodedText.h"
#include "conceal/SecretSearch.h"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// Takes secrets out of what leaves: log lines, reports, checks, rejects, answers of servers. One is found as it is, in
/// base64, with the backslashes of JSON or of a log, with the percents of an address, with the entities of a web page,
/// in layers of these, and cut (SecretSearch::kShortestBeginning); what URLs have before their host is one always. To
/// be asked before anything is cut or escaped. One thread.
class Redactor {
public:
    /// Shorter ones cannot be told from ordinary text.
    static constexpr std::size_t kShortestSecret = 4;

    void add(const std::string& secret);

    /// With `[secret]` in place of each.
    std::string apply(std::string text);
    /// Where a text can be cut in two, at `at` or before, so that no secret is; at its end when one goes on from its
    /// beginning.
    std::size_t placeToCut(const std::string& text, std::size_t at);

private:
    using Spans = std::vector<SecretSearch::Span>;

    /// In the text and in all that it stands for; in order, apart from each other.
    Spans findAll(const std::string& text);
    Spans find(std::string_view text) const;
    void findBelow(const DecodedText& text, int layers, Spans& spans) const;

    std::set<std::string> _secrets;
    SecretSearch _search;
    bool _isPrepared = true;
};

}  // namespace carillon
