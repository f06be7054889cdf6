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

static bool isUtf8(std::string_view name) { return name == "utf-8" || name == "utf8" || name == "utf_8"; }

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
    if (!isUtf8(name)) return;
    uint32_t begin = lines.lineStart(line);
    uint32_t end = line + 1 < lines.lineCount() ? lines.lineStart(line + 1) : begin + static_cast<uint32_t>(text.size());
    // A declaration of another encoding would begin to count.
    auto isOther = [&](uint32_t at) {
      std::string other = at < lines.lineCount() ? declaredEncoding(lines.lineText(at)) : std::string();
      return !other.empty() && !isUtf8(other);
    };
    if (isOther(line + 1)) return;
    uint32_t hash_at = begin + static_cast<uint32_t>(hash);
    auto finding = context.sink.begin("UP009"_rule, {hash_at, begin + static_cast<uint32_t>(text.size())});
    if (!isOther(2)) finding.fix("Remove unnecessary coding comment", {{{begin, end}, ""}});
    return;
  }
}

}  // namespace krait::lint
