// RUF054: a form feed inside the indentation, where Python counts columns anew. ref: language reference 2.1.8
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkFormFeeds(LintContext& context) {
  std::string_view text = context.file.text;
  for (size_t at = text.find('\f'); at != std::string_view::npos; at = text.find('\f', at + 1)) {
    size_t begin = at;
    while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
    bool starts_line = begin == 0 || text[begin - 1] == '\n' || text[begin - 1] == '\r';
    if (!starts_line || begin == at) continue;
    uint32_t offset = static_cast<uint32_t>(at);
    context.sink.begin("RUF054"_rule, {offset, offset + 1});
  }
}

}  // namespace krait::lint
