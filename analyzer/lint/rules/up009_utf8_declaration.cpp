// UP009: a comment that declares the encoding UTF-8, which is the default. ref: PEP 263, pyupgrade
#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// The encoding that a comment declares, empty when it declares none. ref: PEP 263
static std::string declaredEncoding(std::string_view comment) {
  size_t at = comment.find("coding");
  if (at == std::string_view::npos) return {};
  at += 6;
  if (at >= comment.size() || (comment[at] != ':' && comment[at] != '=')) return {};
  ++at;
  while (at < comment.size() && (comment[at] == ' ' || comment[at] == '\t')) ++at;
  std::string name;
  for (; at < comment.size(); ++at) {
    char c = comment[at];
    bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    if (!is_word) break;
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return name;
}

void checkUtf8Declaration(LintContext& context) {
  const LineIndex& lines = context.file.lines;
  std::string first;
  for (uint32_t line = 0; line < 2 && line < lines.lineCount(); ++line) {
    std::string_view text = lines.lineText(line);
    size_t hash = text.find_first_not_of(" \t\f");
    if (hash == std::string_view::npos) continue;
    if (text[hash] != '#') return;
    std::string name = declaredEncoding(text.substr(hash));
    if (name.empty()) continue;
    bool is_utf8 = name == "utf-8" || name == "utf8" || name == "utf_8";
    if (!is_utf8) return;
    uint32_t begin = lines.lineStart(line);
    uint32_t end = line + 1 < lines.lineCount() ? lines.lineStart(line + 1) : begin + static_cast<uint32_t>(text.size());
    // A second declaration would begin to count.
    bool is_followed = line == 0 && lines.lineCount() > 1 && !declaredEncoding(lines.lineText(1)).empty();
    bool moves_up = line + 2 < lines.lineCount() && lines.lineText(line + 1).find("coding") != std::string_view::npos;
    uint32_t hash_at = begin + static_cast<uint32_t>(hash);
    auto finding = context.sink.begin("UP009"_rule, {hash_at, begin + static_cast<uint32_t>(text.size())});
    if (!is_followed && !moves_up) finding.fix("Remove unnecessary coding comment", {{{begin, end}, ""}});
    return;
  }
}

}  // namespace krait::lint
