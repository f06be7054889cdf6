// G004: an f-string in a logging call. ref: flake8-logging-format
#include <optional>
#include <string>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/rule.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

// The text between the quotes of a literal that stands alone, where it means what is written; none for others.
static std::optional<std::string_view> plainContent(std::string_view source, const syntax::StringPrefix& prefix) {
  std::string_view quote = source.substr(prefix.prefix_size, prefix.quote_size);
  std::string_view content = source.substr(prefix.prefix_size + prefix.quote_size);
  if (!content.ends_with(quote)) return std::nullopt;
  content.remove_suffix(quote.size());
  bool is_plain = content.find_first_of("\\%") == std::string_view::npos && content.find(quote) == std::string_view::npos;
  return is_plain ? std::optional(content) : std::nullopt;
}

// The format and its arguments that say the same as the f-string: one literal with nothing but names in its fields.
static std::optional<std::string> lazyArguments(const Ast& ast, NodeId message) {
  std::string_view source = ast.text(message);
  syntax::StringPrefix prefix = syntax::parseStringPrefix(source);
  if (prefix.prefix_size != 1 || !plainContent(source, prefix)) return std::nullopt;
  uint32_t base = ast.range(message).begin, at = prefix.prefix_size + prefix.quote_size;
  std::string format(source.substr(1, prefix.quote_size)), arguments;
  for (NodeId part : ast.as<syntax::JoinedStr>(message).values()) {
    auto field = ast.tryAs<syntax::FormattedValue>(part);
    if (!field) continue;
    TextRange range = ast.range(part), name = ast.range(field->value());
    bool is_name = ast.is(field->value(), NodeKind::kName) && ast.text({name.end, range.end - 1}).find_first_not_of(" ") == std::string_view::npos;
    if (!is_name) return std::nullopt;
    format += std::string(source.substr(at, range.begin - base - at)) + "%s";
    arguments += ", " + std::string(ast.text(field->value()));
    at = range.end - base;
  }
  if (arguments.empty()) return std::nullopt;
  format += source.substr(at);
  for (std::string_view braces : {"{{", "}}"}) {
    for (size_t found = format.find(braces); found != std::string::npos; found = format.find(braces, found + 1)) format.erase(found, 1);
  }
  return format + arguments;
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
