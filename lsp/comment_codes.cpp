#include "lsp/comment_codes.h"

#include <algorithm>
#include <cctype>

#include "analyzer/diagnostics/code_redirects.h"
#include "analyzer/diagnostics/rule.h"
#include "analyzer/diagnostics/rule_names.h"

namespace krait::lsp {

static bool isCodeCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'; }

// Where in the comment its codes begin; npos: it silences nothing.
static size_t beginOfCodes(std::string_view comment) {
  std::string small(comment);
  std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (std::string_view word : {"noqa", "ignore[", "ignore-errors[", "disable[", "enable["}) {
    if (size_t at = small.find(word); at != std::string::npos) return at + word.size();
  }
  return std::string::npos;
}

static std::optional<Code> codeOf(std::string_view word) {
  if (std::string_view now = redirectedCode(word); !now.empty()) word = now;
  if (std::string_view code = lintCodeOfRule(word); !code.empty()) word = code;
  return findCode(word);
}

std::optional<CommentCode> commentCodeAt(SourceModule& module, uint32_t offset) {
  std::span<const syntax::Comment> comments = module.ast().comments();
  auto found = std::find_if(comments.begin(), comments.end(), [&](const syntax::Comment& one) { return one.begin <= offset && offset <= one.end; });
  if (found == comments.end()) return std::nullopt;
  std::string_view text = module.text().substr(found->begin, found->end - found->begin);
  size_t begin = offset - found->begin, end = begin;
  while (begin > 0 && isCodeCharacter(text[begin - 1])) --begin;
  while (end < text.size() && isCodeCharacter(text[end])) ++end;
  std::optional<Code> code = begin < beginOfCodes(text) ? std::nullopt : codeOf(text.substr(begin, end - begin));
  if (!code) return std::nullopt;
  const CodeInfo& info = codeInfo(*code);
  if (info.help.empty()) return std::nullopt;
  std::string_view name = lintRuleName(info.text);
  uint32_t first = found->begin + static_cast<uint32_t>(begin);
  return CommentCode{.range = {first, first + static_cast<uint32_t>(end - begin)},
                     .title = std::string(info.text) + (name.empty() ? "" : " (" + std::string(name) + ")"),
                     .explanation = std::string(info.help)};
}

}  // namespace krait::lsp
