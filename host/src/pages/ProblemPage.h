#pragma once

#include "pages/PageFrame.h"

#include <string>

namespace carillon {

/// A refusal in the reader's language.
struct ProblemWords {
    std::string kind{};           ///< See problem(); empty: the status says it all.
    std::string what{};           ///< One sentence.
    std::string todo{};           ///< One more; may be empty.
    std::string detail{};         ///< As the host said it; may be empty.
    std::string language = "en";  ///< Of the detail, as BCP 47 has it.
    std::string run{};            ///< The run that it names; may be empty.
};

/// Of an answer that problem() made.
ProblemWords wordsOf(const Reader& reader, const HttpResponse& answer);

/// A refusal as a page. Safe from any thread.
class ProblemPage {
public:
    /// With the status and the headers of the answer.
    HttpResponse answer(const PageFrame& frame, const PageRequest& request, const HttpResponse& answer) const;

private:
    Template _template{"problem.html"};
};

}  // namespace carillon
