#pragma once

#include <string>
#include <vector>

#include "FieldTown.h"

/// How a PHP writes JSON: json_encode without flags or with JSON_UNESCAPED_UNICODE; an old SQLite driver makes texts of
/// numbers.
struct PhpStyle {
    bool unescapedUnicode = false;
    bool numbersAreTexts = false;
};

/// The answer of api.php/pending-validations.
std::string phpList(const std::vector<FieldAnswer>& answers, const PhpStyle& style);

/// A list of a backlog's items, some of which no parser or no database takes.
struct PoisonedList {
    std::string body{};
    /// By the item's number from 0; the kinds have names. What is a number for a comment may be read as its text.
    std::map<long long, std::string> poison{};
};

/// The tokens are those of Scene::addBacklogTokens(0, items), the row numbers one more. Each kind occurs.
PoisonedList poisonedList(long long items, int poisoned, unsigned seed);

/// Lets this database refuse what the poison of the list is meant for: by a CHECK constraint, by a trigger, and by a
/// foreign key, as of a user who was deleted by hand.
void poisonAgora(Scene& scene, const PoisonedList& list);
