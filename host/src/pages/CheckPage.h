#pragma once

#include "carillon/Check.h"
#include "pages/PageFrame.h"

#include <string>

namespace carillon {

/// `/jobs/{job}/check`: what is checked, sent as it is known. Safe from any thread.
class CheckPage {
public:
    /// Before the check.
    HttpResponse show(const PageFrame& frame, const PageRequest& request, const std::string& job) const;

    /// The parts of the page of a check that goes on: what stands before the first one, …
    std::string begin(const PageRequest& request, const std::string& job) const;
    /// … each one, in the words of its plugin's own texts, …
    std::string item(const Reader& reader, const Texts& own, const Check& check) const;
    /// … and what stands after the last one.
    std::string end(const PageRequest& request, const std::string& job, std::size_t failed, std::size_t warned) const;

private:
    Template _template{"check.html"};
    Template _item{"check-item.html"};
    Template _end{"check-end.html"};
};

}  // namespace carillon
