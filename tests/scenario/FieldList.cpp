#include "FieldList.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "JsonText.h"

namespace {

using namespace std::string_view_literals;

/// The value of a member as it is written, in place of a sound one.
struct Poison {
    std::string_view name;
    std::string_view member;
    std::string_view value;
};

constexpr std::array kPoisons{
    Poison{"lone high surrogate", "commentaire", R"("Bien \ud83d vu")"},
    Poison{"lone low surrogate", "commentaire", R"("Bien \ude00 vu")"},
    Poison{"surrogates in the wrong order", "commentaire", R"("\ude00\ud83d")"},
    Poison{"raw line feed", "commentaire", "\"ligne 1\nligne 2\""},
    Poison{"raw carriage return", "commentaire", "\"ligne 1\r\nligne 2\""},
    Poison{"raw tab", "commentaire", "\"un\tdeux\""},
    Poison{"raw control character", "commentaire", "\"un\x01\x1b[31mdeux\""},
    Poison{"raw NUL", "commentaire", "\"un\0deux\""sv},
    Poison{"Latin-1", "commentaire", "\"Tr\xe8s bien\""},
    Poison{"byte of no text", "commentaire", "\"\xff\xfe\""},
    Poison{"cut character", "commentaire", "\"caf\xc3\""},
    Poison{"overlong character", "commentaire", "\"\xc0\xaf\""},
    Poison{"surrogate as UTF-8", "commentaire", "\"\xed\xa0\x80\""},
    Poison{"beyond Unicode", "commentaire", "\"\xf4\x90\x80\x80\""},
    Poison{"escaped apostrophe", "commentaire", R"("l\'avis")"},
    Poison{"escape that is none", "commentaire", R"("\x41")"},
    Poison{"cut escape", "commentaire", R"("\u12")"},
    Poison{"number that no type holds", "commentaire", "1e999"},
    Poison{"number of 30 digits", "commentaire", "123456789012345678901234567890"},
    Poison{"number that no type holds, elsewhere", "user_id", "-1e999"},
    Poison{"quote too many", "commentaire", R"("il dit "non" et part")"},
    Poison{"word that JSON has not", "commentaire", "NaN"},
    Poison{"nothing for a value", "commentaire", ""},
    Poison{"trailing comma", "validated_at", R"("2026-06-15 10:00:00",)"},
    Poison{"check constraint", "commentaire", R"("refusé par CHECK")"},
    Poison{"trigger", "commentaire", R"("refusé par TRIGGER")"},
    Poison{"foreign key", "commentaire", R"("refusé par FOREIGN KEY")"},
};

/// json_encode with JSON_UNESCAPED_UNICODE. The text is valid UTF-8.
void appendUnescaped(std::string& json, std::string_view text) {
    json += '"';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool isLineSeparator = text.substr(i, 2) == "\u2028"sv.substr(0, 2) &&
                                     (text.substr(i, 3) == "\u2028" || text.substr(i, 3) == "\u2029");
        const std::size_t length = isLineSeparator ? 3 : 1;
        const bool escaped = isLineSeparator || byte < 0x20 || byte == '"' || byte == '\\' || byte == '/';
        if (escaped)
            testgateway::appendJsonEscaped(json, text.substr(i, length));
        else
            json += text[i];
        i += length - 1;
    }
    json += '"';
}

class ListWriter {
public:
    explicit ListWriter(const PhpStyle& style) : _style(style) {}

    void begin() { _json += _json.empty() ? "{" : ",{"; }
    void text(const char* name, const std::string& value) {
        key(name);
        if (_style.unescapedUnicode)
            appendUnescaped(_json, value);
        else
            testgateway::appendJsonText(_json, value);
    }
    void number(const char* name, long long value) {
        key(name);
        testgateway::appendJsonNumber(
            _json, value, _style.numbersAreTexts ? testgateway::NumberStyle::Text : testgateway::NumberStyle::Number);
    }
    /// As it is.
    void raw(const char* name, std::string_view value) {
        key(name);
        _json += value;
    }
    void end() { _json += '}'; }
    std::string list(std::size_t count) const {
        return R"({"success":true,"count":)" + std::to_string(count) + R"(,"data":[)" + _json + "]}";
    }

private:
    void key(const char* name) {
        if (_json.back() != '{') _json += ',';
        _json.append("\"").append(name).append("\":");
    }

    PhpStyle _style;
    std::string _json{};
};

void writePoisoned(ListWriter& list, long long number, const Poison* poison) {
    const auto member = [&](const char* name, const std::string& sound) {
        list.raw(name, poison != nullptr && poison->member == name ? poison->value : std::string_view(sound));
    };
    list.begin();
    list.number("id", number + 1);
    list.text("token", Scene::backlogToken(number));
    list.number("campaign_id", 0);
    member("user_id", "0");
    list.text("action", "valide");
    member("commentaire", "\"Réponse " + std::to_string(number) + "\"");
    member("validated_at", R"("2026-06-15 10:00:00")");
    list.end();
}

}  // namespace

std::string phpList(const std::vector<FieldAnswer>& answers, const PhpStyle& style) {
    ListWriter list(style);
    long long id = 0;
    for (const auto& given : answers) {
        const Answer& answer = given.answer;
        list.begin();
        list.number("id", ++id);
        list.text("token", answer.token);
        list.number("campaign_id", 0);
        list.number("user_id", 0);
        list.text("action", answer.action);
        if (answer.comment)
            list.text("commentaire", *answer.comment);
        else
            list.raw("commentaire", "null");
        list.text("validated_at", answer.validatedAt);
        list.end();
    }
    return list.list(answers.size());
}

PoisonedList poisonedList(long long items, int poisoned, unsigned seed) {
    std::mt19937 random(seed);
    PoisonedList poisonedItems;
    std::map<long long, const Poison*> poisons;
    for (std::size_t kind = 0; poisons.size() < static_cast<std::size_t>(poisoned); ++kind) {
        const auto number = static_cast<long long>(random() % static_cast<unsigned long>(items));
        poisons.emplace(number, &kPoisons[kind % kPoisons.size()]);
    }
    ListWriter list(PhpStyle{});
    for (long long number = 0; number < items; ++number) {
        const auto poison = poisons.find(number);
        writePoisoned(list, number, poison == poisons.end() ? nullptr : poison->second);
        if (poison != poisons.end()) poisonedItems.poison[number] = poison->second->name;
    }
    poisonedItems.body = list.list(static_cast<std::size_t>(items));
    return poisonedItems;
}

void poisonAgora(Scene& scene, const PoisonedList& list) {
    TestDatabase& agora = scene.agora();
    agora.execute("ALTER TABLE validations ADD CONSTRAINT no_check CHECK (commentaire <> 'refusé par CHECK')");
    agora.execute(
        "CREATE TRIGGER no_trigger BEFORE INSERT ON validations FOR EACH ROW BEGIN IF NEW.commentaire = "
        "'refusé par TRIGGER' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'pas de cette réponse'; END IF; END");
    agora.execute("SET foreign_key_checks = 0");
    for (const auto& [number, name] : list.poison)
        if (name == "foreign key")
            agora.execute("UPDATE validation_tokens SET user_id = 999999 WHERE token = '" +
                          Scene::backlogToken(number) + "'");
    agora.execute("SET foreign_key_checks = 1");
}
