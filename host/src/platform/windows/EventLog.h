#pragma once

#include <string>

namespace carillon {

// The system's log for applications. Entries of a source that is not known there are shown without their sentence.

enum class EventKind { Note, Fault };

/// Any thread.
void writeEvent(EventKind kind, const std::string& text);

/// Throws Poco::SystemException.
void addEventSource();
void removeEventSource();

}  // namespace carillon
