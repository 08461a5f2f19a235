#pragma once

#include "record/TaskMessage.h"
#include "words/PluginTexts.h"

#include <optional>
#include <string>

namespace carillon {

/// Makes the messages of a task whole before they leave: where one has a code and no text, it gets the English one of
/// the plugin's texts, and from here on its code begins with the plugin's name. As safe as the output behind it, which
/// it borrows; messages with a code come on the thread that calls the task.
class WordedOutput final : public TaskOutput {
public:
    /// `library`: the path of the plugin.
    WordedOutput(TaskOutput& output, std::string library) : _output(output), _library(std::move(library)) {}

    void say(TaskMessage message) override;

private:
    void complete(Message& message);
    const Texts& texts();

    TaskOutput& _output;
    const std::string _library;
    std::optional<PluginTexts> _texts{};  // read when the first message needs it
};

}  // namespace carillon
