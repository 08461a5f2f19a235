#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "pages/GuideHtml.h"
#include "pages/PageTexts.h"

using namespace carillon;

/// The guides as pages.
class GuideHtmlTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GuideHtmlTest);
    CPPUNIT_TEST(blocksBecomeElements);
    CPPUNIT_TEST(spansBecomeElements);
    CPPUNIT_TEST(markupIsText);
    CPPUNIT_TEST(unfinishedMarksStayAsTheyAre);
    CPPUNIT_TEST(headingsAreNamedAsLinksNameThem);
    CPPUNIT_TEST(guidesAreUnderstoodInFull);
    CPPUNIT_TEST_SUITE_END();

public:
    void blocksBecomeElements() {
        const auto guide = guideHtml(
            "# The `title`\n\nOne\ntwo.\n\n## A part\n\n- a\n  b\n- c\n1. d\n\n"
            "| x | y |\n|---|--:|\n| `a|b` | c \\| d |\n\n```sh\n# no heading\n\na < b\n```\nend\n");

        CPPUNIT_ASSERT_EQUAL(std::string("The title"), guide.title);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, guide.headings.size());
        CPPUNIT_ASSERT_EQUAL(
            std::string(
                "<h1 id=\"the-title\">The <code>title</code></h1>\n<p>One two.</p>\n"
                "<h2 id=\"a-part\">A part</h2>\n<ul>\n<li>a b</li>\n<li>c</li>\n</ul>\n<ol>\n<li>d</li>\n</ol>\n"
                "<table><thead>\n<tr><th scope=\"col\">x</th><th scope=\"col\">y</th></tr>\n</thead><tbody>\n"
                "<tr><td><code>a|b</code></td><td>c | d</td></tr>\n</tbody></table>\n"
                "<pre tabindex=\"0\"><code># no heading\n\na &lt; b\n</code></pre>\n<p>end</p>\n"),
            guide.html);
    }

    void spansBecomeElements() {
        CPPUNIT_ASSERT_EQUAL(std::string("<p><strong>a <code>*</code></strong> <em>b</em> <a href=\"#c-d\">c</a> file "
                                         "<a href=\"/help\">en</a> <a href=\"https://a.example/?b\">e</a></p>\n"),
                             guideHtml("**a `*`** *b* [c](#c-d) [file](../conf/README.md) [en](GUIDE.md) "
                                       "[e](https://a.example/?b)")
                                 .html);
    }

    void markupIsText() {
        const auto html = guideHtml("<b>&\n\n# <i>\n\n[x](javascript:alert)\n\n[y](https://a\"b)\n\n`<u>`").html;

        CPPUNIT_ASSERT_MESSAGE(html, html.find("<b>") == std::string::npos && html.find("<i>") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(html,
                               html.find("javascript") == std::string::npos && html.find("a\"b") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(html, html.find("<code>&lt;u&gt;</code>") != std::string::npos);
    }

    void unfinishedMarksStayAsTheyAre() {
        for (const std::string text : {"a * b", "5 ** 6", "[a]", "[a](", "`", "**", "\\", "a_b_c", "[](x)"})
            CPPUNIT_ASSERT_EQUAL("<p>" + text + "</p>\n", guideHtml(text).html);
        for (const std::string text : {"```", "```\nab", "|", "#", "- ", "1. ", ""}) guideHtml(text);
    }

    void headingsAreNamedAsLinksNameThem() {
        CPPUNIT_ASSERT_EQUAL(std::string("ce-quune-exécution-garantit"), headingId("Ce qu'une exécution garantit"));
        CPPUNIT_ASSERT_EQUAL(std::string("échéances-en-souffrance"), headingId("Échéances en souffrance"));
        CPPUNIT_ASSERT_EQUAL(std::string("jobretries-a_b"), headingId("`job.retries`: a_b"));
    }

    void guidesAreUnderstoodInFull() {
        for (const auto& [file, language] :
             {std::pair("GUIDE.md", Language::English), std::pair("GUIDE.fr.md", Language::French)}) {
            std::ifstream stream(std::filesystem::path(CARILLON_PAGES_DIR) / "../.." / file);
            std::ostringstream text;
            text << stream.rdbuf();
            const auto guide = guideHtml(text.str());

            CPPUNIT_ASSERT_MESSAGE(file, guide.headings.size() > 40);
            std::set<std::string> ids;
            for (const auto& heading : guide.headings)
                CPPUNIT_ASSERT_MESSAGE(heading.id, ids.insert(heading.id).second);
            const std::regex link("href=\"#([^\"]*)\"");
            for (auto it = std::sregex_iterator(guide.html.begin(), guide.html.end(), link);
                 it != std::sregex_iterator(); ++it)
                CPPUNIT_ASSERT_MESSAGE((*it)[1].str(), ids.contains((*it)[1]));
            for (const char* key : {"help.alerts", "help.users", "help.calendars"})
                CPPUNIT_ASSERT_MESSAGE(key, ids.contains(pageTexts(language).say(key)));
            const std::string prose =
                std::regex_replace(guide.html, std::regex("<pre[^]*?</pre>|<code>[^<]*</code>"), "");
            for (const char* mark : {"**", "](", "```", "\n|", "\n- ", "\n#"})
                CPPUNIT_ASSERT_MESSAGE(mark, prose.find(mark) == std::string::npos);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(GuideHtmlTest);
