#pragma once

#include "carillon/RunContext.h"

#include <string>

/// The record that a task keeps of one of its runs, apart from the host's: a line at its beginning and one at its end
/// in a file that all runs share. Lives as long as the task works.
class Diary {
public:
    /// Writes the line of the beginning. `exclusive`: no other run of the job may go on; if one does, a line says so.
    Diary(const std::string& folder, const carillon::RunIdentity& run, const std::string& trouble, bool exclusive);
    Diary(const Diary&) = delete;
    Diary& operator=(const Diary&) = delete;
    ~Diary();

private:
    void write(const std::string& event, const std::string& rest = "") const;

    std::string _run;
    int _file = -1;
    int _lock = -1;
};
