#pragma once

#include "alerts/JobTroubles.h"

namespace carillon {

/// The sentence of a trouble in the language of whoever calls the command: in English that of sentenceOf(). `said`:
/// what its failed run said.
std::string troubleWords(const JobTrouble& trouble, const std::string& said, TimePoint now);

}  // namespace carillon
