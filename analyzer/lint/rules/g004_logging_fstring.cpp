// G004: an f-string in a logging call. ref: flake8-logging-format
#include <optional>
#include <string>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/rule.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

// The format and its arguments that say the same as the f-string, where its fields hold nothing but names and its text means
// what is written.
static std::optional<std::string> lazyArguments(const Ast& ast, NodeId message) {
  std::string_view source = ast.text(message);
  syntax::StringPrefix prefix = syntax::parseStringPrefix(source);
  std::string_view quote = source.substr(prefix.prefix_size, prefix.quote_size);
  if (source.find('\\') != std::string_view::npos) return std::nullopt;
  std::string format(quote), arguments;
  for (NodeId part : ast.as<syntax::JoinedStr>(message).values()) {
    if (auto text = syntax::stringValue(ast, part)) {
      bool is_plain = text->find_first_of(prefix.is_triple ? "%" : "%\r\n") == std::string_view::npos && text->find(quote) == std::string_view::npos;
      if (!is_plain) return std::nullopt;
      format += *text;
      continue;
    }
    auto field = ast.tryAs<syntax::FormattedValue>(part);
    if (!field) return std::nullopt;
    TextRange range = ast.range(part), name = ast.range(field->value());
    bool is_name = ast.is(field->value(), NodeKind::kName) && ast.text({name.end, range.end - 1}).find_first_not_of(" ") == std::string_view::npos;
    if (!is_name) return std::nullopt;
    format += "%s";
    arguments += ", " + std::string(ast.text(field->value()));
  }
  if (arguments.empty() || (prefix.is_triple && format.ends_with(quote[0]))) return std::nullopt;
  return format + std::string(quote) + arguments;
}

static bool hasMoreArguments(const Ast& ast, NodeId call, NodeId message) {
  bool is_after = false;
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    if (is_after && !ast.is(arg, NodeKind::kKeyword)) return true;
    is_after = is_after || arg == message || ast.parent(message) == arg;
  }
  return false;
}

void checkLoggingFString(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto logging = loggingCall(context, node);
  if (!logging || !ast.is(logging->message, NodeKind::kJoinedStr)) return;
  auto finding = context.sink.begin("G004"_rule, ast.range(logging->message));
  if (!context.options.preview || hasMoreArguments(ast, node, logging->message)) return;
  std::optional<std::string> arguments = lazyArguments(ast, logging->message);
  bool is_last = ast.is(ast.parent(logging->message), NodeKind::kCall);
  if (arguments && is_last) finding.fix("Convert to lazy `%` formatting", {{ast.range(logging->message), *arguments}});
}

}  // namespace krait::lint
