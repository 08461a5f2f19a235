#pragma once

#include "AgoraSession.h"
#include "Settlement.h"

#include <span>

namespace passerelle {

/// In the transaction, right after the one INSERT that wrote these rows in this order: notes their ids. Servers give
/// the rows of one INSERT ids in a row, in steps of auto_increment_increment; whether these are the rows is looked at,
/// and where they are not (a trigger, a server of another kind), no id is noted: better none than a wrong one.
void noteIds(AgoraSession& session, std::span<ValidationRow> rows);

}  // namespace passerelle
