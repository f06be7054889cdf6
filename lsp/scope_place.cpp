#include "lsp/scope_place.h"

#include <algorithm>
#include <cctype>

#include "analyzer/syntax/keywords.h"
#include "lsp/locate.h"
#include "lsp/repair.h"
#include "lsp/word_search.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::ScopeId;
using semantic::SemanticModel;

static constexpr size_t kBlank = std::string_view::npos;

// Where the first letter of the line stands; kBlank: in a blank line or one that is a comment.
static size_t indentOf(std::string_view line) {
  size_t first = line.find_first_not_of(" \t\r\f");
  return first == std::string_view::npos || line[first] == '#' ? kBlank : first;
}

// The name that the line defines as a function or class, as a range in the text; empty: it is no such header.
static TextRange headerName(std::string_view text, uint32_t begin) {
  size_t at = text.find_first_not_of(" \t", begin);
  if (at == std::string_view::npos) return {};
  if (text.substr(at).starts_with("async ")) at = std::min(text.find_first_not_of(' ', at + 6), text.size());
  size_t word = text.substr(at).starts_with("def ") ? 4 : text.substr(at).starts_with("class ") ? 6 : 0;
  if (word == 0) return {};
  at = text.find_first_not_of(' ', at + word);
  if (at == std::string_view::npos) return {};
  return {static_cast<uint32_t>(at), static_cast<uint32_t>(at + 1)};
}

// Where the statement around the offset begins: the line that holds its outermost open bracket.
static uint32_t statementLine(SourceModule& module, uint32_t offset) {
  OpenEnds ends = openEndsAt(module.text(), offset);
  return module.lines().lineOf(ends.opens.empty() ? offset : ends.opens.back());
}

// The function or class whose block the lines say the place is in; none: the module's.
static NodeId blockByLines(SourceModule& module, uint32_t offset) {
  const LineIndex& lines = module.lines();
  uint32_t line = statementLine(module, offset);
  size_t indent = indentOf(lines.lineText(line));
  // On a blank line the cursor says how deep it is meant.
  if (indent == kBlank) indent = offset - std::min(offset, lines.lineStart(line));
  while (line-- > 0 && indent > 0) {
    std::string_view text = lines.lineText(line);
    size_t own = indentOf(text);
    if (own == kBlank || own >= indent) continue;
    // The end of a header that takes several lines.
    if (text[own] == ')' || text[own] == ']' || text[own] == '}') continue;
    indent = own;
    TextRange name = headerName(module.text(), lines.lineStart(line));
    NodeId node = name.size() > 0 ? nameAt(module.ast(), name.begin) : NodeId::none();
    NodeId definition = node.valid() ? module.ast().parent(node) : NodeId::none();
    if (module.ast().is(definition, NodeKind::kFunctionDef) || module.ast().is(definition, NodeKind::kClassDef)) return definition;
  }
  return NodeId::none();
}

ScopeId scopeAt(SourceModule& module, uint32_t offset) {
  const SemanticModel& model = module.model();
  uint32_t at = std::min<uint32_t>(offset, static_cast<uint32_t>(module.text().size()));
  ScopeId scope = model.enclosingScope(nodesAt(module.ast(), at).back());
  if (!module.syntaxError()) return scope;
  NodeId block = blockByLines(module, at);
  ScopeId written = block.valid() ? model.scopeOf(block) : ScopeId::none();
  if (written.isNone()) return scope;
  // What the tree says counts where it is inside of what the lines say.
  for (ScopeId outer = scope; outer.valid(); outer = model[outer].parent) {
    if (outer == written) return scope;
  }
  return written;
}

std::vector<std::string> namesOfStatement(SourceModule& module, uint32_t offset) {
  std::vector<std::string> out;
  if (!module.syntaxError()) return out;
  std::string_view text = module.text();
  uint32_t at = std::min<uint32_t>(offset, static_cast<uint32_t>(text.size()));
  while (at > 0 && isWordByte(text[at - 1])) --at;
  uint32_t place = module.lines().lineStart(statementLine(module, at));
  std::vector<std::string> pending;  // behind `for` or `lambda`, until `in` or `:` says that they are targets
  bool is_target = false, is_default = false;
  int depth = 0;
  std::string last;
  while (place < at) {
    char c = text[place];
    if (c == '#') {
      place = static_cast<uint32_t>(std::min<size_t>(text.find('\n', place), text.size()));
      continue;
    }
    if (!isWordByte(c)) {
      if (c == ':' && is_target && depth == 0) {
        out.insert(out.end(), pending.begin(), pending.end());
        pending.clear(), is_target = false;
      } else if (c == ':' && text.substr(place, 2) == ":=" && !last.empty()) {
        out.push_back(last);
      }
      if (c == '(' || c == '[' || c == '{') ++depth;
      if (c == ')' || c == ']' || c == '}') --depth;
      if (c == '=') is_default = true;
      if (c == ',') is_default = false;
      ++place;
      continue;
    }
    uint32_t begin = place;
    while (place < at && isWordByte(text[place])) ++place;
    std::string word(text.substr(begin, place - begin));
    bool is_attribute = begin > 0 && text[begin - 1] == '.';
    if (word == "for" || word == "lambda") pending.clear(), is_target = true, is_default = false, depth = 0;
    else if (word == "in" && is_target) {
      out.insert(out.end(), pending.begin(), pending.end());
      pending.clear(), is_target = false;
    } else if (is_target && !is_attribute && !is_default && !isKeyword(word) && std::isdigit(static_cast<unsigned char>(word[0])) == 0) pending.push_back(word);
    last = is_attribute || isKeyword(word) ? std::string() : std::move(word);
  }
  return out;
}

}  // namespace krait::lsp
