#include "pages/PageTexts.h"

#include "shared/EmbeddedText.h"

#include <vector>

namespace carillon {

namespace page_texts {
extern const std::vector<EmbeddedText> files;  // en, fr
}

const Texts& pageTexts(Language language) {
    static const Texts english(Language::English, page_texts::files.at(0).text);
    static const Texts french(Language::French, page_texts::files.at(1).text);
    return language == Language::French ? french : english;
}

}  // namespace carillon
