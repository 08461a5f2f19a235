#pragma once

struct sqlite3;

namespace carillon {

/// What statements ask of this program, for as long as the connection lives:
///
///     has_message(WORD, MESSAGE, FRENCH)  whether a run's message has the word, or what it says in French, which is
///                                         folded() already, or null
///     has_code(WORD, REPORT)              whether the message in a report has that code, or a part of it has
///     has_reason(WORD, REASON)            whether a slot's reason has it, as it is stored or as it is told in French
///
/// The word is folded() already.
void addSearchFunctions(sqlite3* connection);

}  // namespace carillon
