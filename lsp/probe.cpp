#include "lsp/probe.h"

#include <algorithm>

#include "analyzer/base/text_scan.h"
#include "lsp/repair.h"

namespace krait::lsp {

using namespace krait::syntax;

// Where a value begins behind the last assignment outside brackets and strings; 0: there is none.
static size_t behindAssignment(std::string_view text) {
  size_t found = 0;
  TextScan scan;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!scan.take(text, i) || text[i] != '=' || scan.depth != 0) continue;
    bool is_double = i + 1 < text.size() && text[i + 1] == '=';
    char before = i > 0 ? text[i - 1] : ' ';
    bool is_comparison = is_double || before == '!' || before == ':' || ((before == '<' || before == '>') && !(i > 1 && text[i - 2] == before));
    if (!is_comparison) found = i + 1;
    i += is_double ? 1 : 0;
  }
  return found;
}

static std::string_view withoutBlanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

std::string_view expressionPart(std::string_view statement) {
  static constexpr std::string_view kWords[] = {"return ", "yield from ", "yield ", "await ", "raise ", "assert ", "del ", "if ", "while ", "match ",
                                                "async with ", "with ", "class ", "async def ", "def ", "@"};
  std::string_view text = withoutBlanks(statement);
  if (text.starts_with("for ") || text.starts_with("async for ")) {
    size_t in = text.find(" in ");
    return in == std::string_view::npos ? std::string_view() : withoutBlanks(text.substr(in + 4));
  }
  text = withoutBlanks(text.substr(behindAssignment(text)));
  for (bool is_found = true; is_found;) {
    is_found = false;
    for (std::string_view word : kWords) {
      if (!text.starts_with(word)) continue;
      text = withoutBlanks(text.substr(word.size()));
      is_found = true;
    }
  }
  return text;
}

namespace {
// A line that two texts have apart: all before it is common, and all behind it.
struct OneLine {
  uint32_t begin = 0;
  bool is_all = false;  // they differ nowhere else
};
}  // namespace

static OneLine differenceAt(const SourceModule& document, std::string_view before, uint32_t place) {
  std::string_view text = document.text();
  uint32_t line = document.lines().lineOf(place);
  OneLine out{document.lines().lineStart(line)};
  size_t end = std::min(text.find('\n', place), text.size());
  size_t shorter = std::min(before.size(), text.size()), head = 0, tail = 0;
  while (head < shorter && before[head] == text[head]) ++head;
  while (tail < shorter - head && before[before.size() - 1 - tail] == text[text.size() - 1 - tail]) ++tail;
  size_t old_end = std::min(before.find('\n', out.begin), before.size());
  out.is_all = head >= out.begin && text.size() - tail <= end + 1 && before.size() - tail <= old_end + 1;
  return out;
}

TypedPlace probeBefore(Workspace& workspace, SourceModule& document, uint32_t end) {
  Asker asker(workspace, document);
  program::Session& session = workspace.session();
  std::shared_ptr<const program::ParsedText> base = session.textInWorld(document.path());
  if (base == nullptr || base->error) return {};
  OneLine line = differenceAt(document, base->text, end);
  if (!line.is_all || end <= line.begin || !openEndsAt(document.text(), line.begin).closers.empty()) return {};
  std::string_view statement = document.text().substr(line.begin, end - line.begin);
  std::string_view expression = expressionPart(statement);
  if (expression.empty()) return {};
  std::string added(statement.substr(0, std::min(statement.find_first_not_of(" \t"), statement.size())));
  added += expression;
  uint32_t expression_end = line.begin + static_cast<uint32_t>(added.size());
  added += openEndsAt(expression, static_cast<uint32_t>(expression.size())).closers + "\n";
  std::string text = base->text;
  text.insert(line.begin, added);
  // One answer may ask about the same expression more than once.
  if (program::Session::View view = session.lastView(document.path()); view.module.valid() && view.world->modules[view.module].text == text) {
    return {view.world, view.module, expressionEndingAt(*view.world->modules[view.module].ast, expression_end)};
  }
  syntax::TextEdit edit{line.begin, line.begin, line.begin + static_cast<uint32_t>(added.size())};
  std::shared_ptr<const program::ParsedText> parsed = program::ParsedTexts::parseEdited(*base, edit, std::move(text), workspace.names());
  if (parsed == nullptr || parsed->error) return {};
  program::Session::View view = session.probe(document.path(), parsed);
  if (view.world == nullptr || view.world->modules[view.module].ast.get() != parsed->ast.get()) return {};
  return {view.world, view.module, expressionEndingAt(*parsed->ast, expression_end)};
}

}  // namespace krait::lsp
