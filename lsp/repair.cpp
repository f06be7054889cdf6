#include "lsp/repair.h"

#include <algorithm>
#include <string>
#include <vector>

#include "lsp/mend.h"

namespace krait::lsp {

namespace {

struct Opened {
  std::string closer;  // ")", "]", "}", or a string's quotes
  uint32_t begin = 0;
  bool is_string = false;
  bool is_format = false;  // an f-string or t-string: braces hold expressions
  bool is_raw = false;
};

}  // namespace

// The string that begins with the quote at `at`, prefix letters looked at.
static Opened stringAt(std::string_view text, uint32_t at) {
  Opened out{std::string(1, text[at]), at, true};
  if (text.substr(at, 3) == std::string(3, text[at])) out.closer = std::string(3, text[at]);
  for (uint32_t i = at; i > 0 && at - i < 2; --i) {
    char c = static_cast<char>(text[i - 1] | 0x20);
    if (c == 'f' || c == 't') out.is_format = true;
    else if (c == 'r') out.is_raw = true;
    else if (c != 'b' && c != 'u') break;
  }
  return out;
}

// Does the line that begins at `at` begin a statement, whatever brackets were left open before?
static bool beginsStatement(std::string_view text, uint32_t at) {
  static constexpr std::string_view kWords[] = {"def", "class", "return", "raise", "import", "with", "while", "try", "except", "finally", "elif",
                                                "assert", "del", "pass", "break", "continue", "global", "nonlocal"};
  size_t begin = std::min(text.find_first_not_of(" \t", at), text.size());
  size_t end = std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz", begin), text.size());
  std::string_view word = text.substr(begin, end - begin);
  if (std::find(std::begin(kWords), std::end(kWords), word) == std::end(kWords)) return false;
  // Names that only begin like one are none, and `with=` is being typed.
  return end == text.size() || std::string_view(" \t\r\n:(\"'").find(text[end]) != std::string_view::npos;
}

// Whatever is open but strings of several lines and what holds them ends where a statement begins.
static void endAtStatement(std::string_view text, uint32_t at, std::vector<Opened>& stack) {
  bool in_string = std::any_of(stack.begin(), stack.end(), [](const Opened& one) { return one.is_string; });
  if (!stack.empty() && !in_string && beginsStatement(text, at)) stack.clear();
}

OpenEnds openEndsAt(std::string_view text, uint32_t offset) {
  std::vector<Opened> stack;
  OpenEnds out;
  for (uint32_t i = 0; i < offset;) {
    char c = text[i];
    bool in_string = !stack.empty() && stack.back().is_string;
    if (in_string) {
      const Opened& top = stack.back();
      if (c == '\\') i += 2;
      else if (text.substr(i, top.closer.size()) == top.closer && i + top.closer.size() <= offset) i += static_cast<uint32_t>(top.closer.size()), stack.pop_back();
      else if (c == '\n' && top.closer.size() == 1) ++i, stack.pop_back();
      else if (c == '{' && top.is_format && text.substr(i, 2) != "{{") stack.push_back({"}", i}), ++i;
      else i += c == '{' && top.is_format ? 2 : 1;
      continue;
    }
    if (c == '#') {
      size_t end = std::min<size_t>(text.find('\n', i), text.size());
      out.in_comment = end >= offset;
      i = static_cast<uint32_t>(end);
    } else if (c == '"' || c == '\'') {
      Opened opened = stringAt(text, i);
      i += static_cast<uint32_t>(opened.closer.size());
      stack.push_back(std::move(opened));
    } else {
      if (c == '(') stack.push_back({")", i});
      if (c == '[') stack.push_back({"]", i});
      if (c == '{') stack.push_back({"}", i});
      if (c == '\n') endAtStatement(text, i + 1, stack);
      if ((c == ')' || c == ']' || c == '}') && !stack.empty() && stack.back().closer[0] == c) stack.pop_back();
      ++i;
    }
  }
  for (size_t i = stack.size(); i-- > 0;) {
    out.closers += stack[i].closer;
    out.opens.push_back(stack[i].begin);
    if (stack[i].closer == ")") out.parentheses.push_back(stack[i].begin);
  }
  out.in_string = !stack.empty() && stack.back().is_string;
  if (out.in_string) out.string_begin = stack.back().begin;
  return out;
}

static bool startsBlock(std::string_view line) {
  static constexpr std::string_view kWords[] = {"if ", "elif ", "while ", "for ", "with ", "def ", "class ", "async ", "except ", "match ", "case ", "else", "try"};
  size_t first = std::min(line.find_first_not_of(" \t"), line.size());
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) { return line.substr(first).starts_with(word); });
}

std::shared_ptr<const program::ParsedText> repairedAt(SourceModule& module, uint32_t cursor, std::string_view word) {
  std::string_view text = module.text();
  uint32_t line = module.lines().lineOf(cursor);
  uint32_t line_end = module.lines().lineStart(line) + static_cast<uint32_t>(module.lines().lineText(line).size());
  std::string indent(module.lines().lineText(line).substr(0, std::min(module.lines().lineText(line).find_first_not_of(" \t"), module.lines().lineText(line).size())));
  std::string closers = openEndsAt(text, cursor).closers, closed = std::string(word) + closers;
  struct Attempt {
    uint32_t end;
    std::string text;
  };
  std::vector<Attempt> attempts;
  if (line_end > cursor) attempts.push_back({cursor, std::string(word)});
  // `[x.|for x in xs]`: what follows is a word of its own.
  if (line_end > cursor && text[cursor] >= 'a' && text[cursor] <= 'z') attempts.push_back({cursor, std::string(word) + " "});
  bool is_block = startsBlock(module.lines().lineText(line));
  if (!is_block) attempts.push_back({line_end, closed});
  if (is_block) attempts.push_back({line_end, closed + ":"});
  if (is_block) attempts.push_back({line_end, closed + ": pass"});
  // `for x in xs: x.|`: the block stands on its line.
  if (is_block) attempts.push_back({line_end, closed});
  if (module.lines().lineText(line).find('@') == indent.size()) attempts.push_back({line_end, closed + "\n" + indent + "def krait_(): pass"});
  if (!is_block) attempts.push_back({line_end, closed + " = None"});
  // `x = a if b.|`, `match a.|`
  if (module.lines().lineText(line).find(" if ") != std::string_view::npos) attempts.push_back({line_end, std::string(word) + " else None" + closers});
  if (module.lines().lineText(line).substr(indent.size()).starts_with("match ")) attempts.push_back({line_end, closed + ":\n" + indent + " case _: pass"});
  for (const Attempt& attempt : attempts) {
    std::shared_ptr<const program::ParsedText> parsed = module.parsedWith({cursor, attempt.end}, attempt.text);
    if (parsed != nullptr) return parsed;
  }
  // Perhaps it is wrong elsewhere as well.
  std::shared_ptr<const program::ParsedText> nearly;
  for (const Attempt& attempt : attempts) {
    std::string whole(text.substr(0, cursor));
    whole.append(attempt.text).append(text.substr(attempt.end));
    std::shared_ptr<const program::ParsedText> parsed = parseMended(std::move(whole), cursor, module.names());
    if (!parsed->error) return parsed;
    if (nearly == nullptr) nearly = parsed;
  }
  // What could be recovered counts, if nobody sees that the rest is wrong.
  if (nearly == nullptr) return nullptr;
  auto recovered = std::make_shared<program::ParsedText>();
  recovered->text = nearly->text;
  recovered->ast = std::shared_ptr<const syntax::Ast>(nearly, nearly->ast.get());  // the tree reads the other's text
  return recovered;
}

}  // namespace krait::lsp
