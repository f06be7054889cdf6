// FIX001 to FIX004, TD001 to TD007: comments about things to be done. ref: flake8-fixme, flake8-todos
#include <optional>
#include <string>
#include <vector>

#include "analyzer/lint/docstring_sections.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
enum class TodoKind : uint8_t { kTodo, kFixme, kXxx, kHack };
struct Todo {
  TodoKind kind;
  TextRange range;  // of the word
};
struct TodoWord {
  std::string_view word;
  TodoKind kind;
  Rule rule;
};
}  // namespace

static const TodoWord kWords[] = {{"todo", TodoKind::kTodo, "FIX002"_rule},
                                      {"fixme", TodoKind::kFixme, "FIX001"_rule},
                                      {"xxx", TodoKind::kXxx, "FIX003"_rule},
                                      {"hack", TodoKind::kHack, "FIX004"_rule}};

static bool isWordChar(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80); }

// The first word of the comment, or of a part of it behind another `#`, that marks something to do.
static std::optional<Todo> todoIn(const Ast& ast, const syntax::Comment& comment) {
  std::string_view text = ast.text({comment.begin, comment.end});
  size_t at = 0;
  while (true) {
    while (at < text.size() && text[at] == '#') ++at;
    at = std::min(text.find_first_not_of(" \t\f", at), text.size());
    size_t end = at;
    std::string word;
    for (; end < text.size() && isWordChar(text[end]); ++end) word += text[end] >= 'A' && text[end] <= 'Z' ? static_cast<char>(text[end] + 32) : text[end];
    for (const TodoWord& entry : kWords) {
      uint32_t begin = comment.begin + static_cast<uint32_t>(at);
      if (word == entry.word) return Todo{entry.kind, {begin, begin + static_cast<uint32_t>(word.size())}};
    }
    at = text.find('#', at);
    if (at == std::string_view::npos) return std::nullopt;
  }
}

static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\f'; }

// Where the author ends in the text behind the word; 0 when none is named.
static size_t authorEnd(std::string_view text) {
  size_t begin = std::min(text.find_first_not_of(" \t\f"), text.size());
  if (begin < text.size() && text[begin] == '(') {
    size_t close = text.find(')', begin);
    return close == std::string_view::npos ? text.size() : close + 1;
  }
  if (begin < text.size() && text[begin] == '@') {
    size_t end = text.find_first_of(" \t\f:", begin);
    return end == std::string_view::npos ? 0 : end;
  }
  return 0;
}

static void checkForm(LintContext& context, const Todo& todo, uint32_t comment_end) {
  DiagnosticSink& sink = context.sink;
  std::string_view word = context.ast.text(todo.range);
  if (todo.kind != TodoKind::kTodo) sink.begin("TD001"_rule, todo.range, {word});
  if (todo.kind == TodoKind::kTodo && word != "TODO") {
    sink.begin("TD006"_rule, todo.range, {word}).fix("Replace `" + std::string(word) + "` with `TODO`", {{todo.range, "TODO"}});
  }
  std::string_view rest = context.ast.text({todo.range.end, comment_end});
  size_t author_end = authorEnd(rest);
  if (author_end == 0) sink.begin("TD002"_rule, todo.range);
  std::string_view after = rest.substr(author_end);
  if (author_end == 0) after.remove_prefix(std::min(after.find_first_not_of(" \t\f"), after.size()));
  if (!after.starts_with(':')) {
    sink.begin("TD004"_rule, todo.range);
    if (after.empty()) sink.begin("TD005"_rule, todo.range);
  } else if (after.size() == 1) {
    sink.begin("TD005"_rule, todo.range);
  } else if (!isSpace(after[1])) {
    sink.begin("TD007"_rule, todo.range);
  }
}

static bool hasLink(std::string_view text) {
  return text.find("http://") != std::string_view::npos || text.find("https://") != std::string_view::npos;
}

static bool namesIssue(std::string_view comment) {
  for (size_t at = comment.find('#', 1); at != std::string_view::npos; at = comment.find('#', at + 1)) {
    if (at + 1 < comment.size() && comment[at + 1] >= '0' && comment[at + 1] <= '9') return true;
  }
  return hasLink(comment);
}

// A comment that is nothing but a link or an issue's number: `# https://…`, `# 12`, `# ABC-12`.
static bool isIssueLine(std::string_view comment) {
  std::string_view text = trimmedText(comment.substr(1));
  if (text.starts_with("http://") || text.starts_with("https://")) return true;
  size_t digits = text.find_first_of("0123456789");
  if (digits == std::string_view::npos || text.find_first_not_of("0123456789", digits) != std::string_view::npos) return false;
  std::string_view project = text.substr(0, digits);
  if (project.empty()) return true;
  return project.size() > 1 && project.back() == '-' && project.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == project.size() - 1;
}

static bool hasIssue(const Ast& ast, size_t index) {
  std::span<const syntax::Comment> comments = ast.comments();
  if (namesIssue(ast.text({comments[index].begin, comments[index].end}))) return true;
  for (size_t i = index + 1; i < comments.size(); ++i) {
    bool is_near = trimmedText(ast.text({comments[i - 1].end, comments[i].begin})).empty();
    if (!is_near || todoIn(ast, comments[i])) return false;
    if (isIssueLine(ast.text({comments[i].begin, comments[i].end}))) return true;
  }
  return false;
}

void checkTodoComments(LintContext& context) {
  const Ast& ast = context.ast;
  for (size_t i = 0; i < ast.comments().size(); ++i) {
    const syntax::Comment& comment = ast.comments()[i];
    auto todo = todoIn(ast, comment);
    if (!todo) continue;
    for (const TodoWord& entry : kWords) {
      if (entry.kind == todo->kind) context.sink.begin(entry.rule, todo->range);
    }
    if (todo->kind == TodoKind::kHack) continue;
    checkForm(context, *todo, comment.end);
    if (!hasIssue(ast, i)) context.sink.begin("TD003"_rule, todo->range);
  }
}

}  // namespace krait::lint
