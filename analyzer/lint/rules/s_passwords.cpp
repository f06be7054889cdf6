// S105, S106, S107: strings given to things that are named like a password. ref: bandit B105, B106, B107
#include <algorithm>
#include <string>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool eat(std::string_view& text, std::string_view part) {
  if (!text.starts_with(part)) return false;
  text.remove_prefix(part.size());
  return true;
}

// Is a word (lowercase, between underscores) one that names a secret?
static bool isSecretWord(std::string_view word) {
  if (word == "pwd" || word == "token" || word == "secret" || word == "secrete" || word == "pass" || word == "passphrase") return true;
  if (!eat(word, "pas")) return false;
  while (eat(word, "s")) {
  }
  if (!eat(word, "w")) return false;
  eat(word, "o");
  eat(word, "r");
  return word == "d";
}

static bool isSecretName(std::string_view name) {
  for (size_t begin = 0; begin <= name.size();) {
    size_t end = std::min(name.find('_', begin), name.size());
    std::string word;
    for (char c : name.substr(begin, end - begin)) word += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (isSecretWord(word)) return true;
    begin = end + 1;
  }
  return false;
}

// What a target calls its value, when that says it is a secret; else empty.
static std::string_view secretTarget(const Ast& ast, NodeId target) {
  std::string_view name = lastName(ast, target);
  if (auto subscript = ast.tryAs<syntax::Subscript>(target)) {
    name = syntax::stringValue(ast, subscript->slice()).value_or("");
  }
  return isSecretName(name) ? name : std::string_view();
}

static bool isFilledString(const Ast& ast, NodeId expr) {
  auto text = syntax::stringValue(ast, expr);
  return text && !text->empty();
}

void checkPasswordAssign(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto assign = ast.as<syntax::Assign>(node);
  if (!isFilledString(ast, assign.value())) return;
  for (NodeId target : assign.targets()) {
    std::string_view name = secretTarget(ast, target);
    if (name.empty()) continue;
    context.sink.begin("S105"_rule, ast.range(assign.value()), {name});
    return;
  }
}

void checkPasswordAnnAssign(LintContext& context, NodeId node) {
  auto assign = context.ast.as<syntax::AnnAssign>(node);
  if (!assign.value().valid() || !isFilledString(context.ast, assign.value())) return;
  std::string_view name = secretTarget(context.ast, assign.target());
  if (!name.empty()) context.sink.begin("S105"_rule, context.ast.range(assign.value()), {name});
}

void checkPasswordCompare(LintContext& context, NodeId node) {
  auto compare = context.ast.as<syntax::Compare>(node);
  std::string_view name = secretTarget(context.ast, compare.left());
  if (name.empty()) return;
  for (NodeId value : compare.comparators()) {
    if (isFilledString(context.ast, value)) context.sink.begin("S105"_rule, context.ast.range(value), {name});
  }
}

void checkPasswordArguments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId arg : ast.as<syntax::Call>(node).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !isFilledString(ast, keyword->value())) continue;
    std::string_view name = syntax::nameText(ast, keyword->arg());
    if (isSecretName(name)) context.sink.begin("S106"_rule, ast.range(arg), {name});
  }
}

void checkPasswordDefaults(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId id : ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(node).params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    std::string_view name = syntax::nameText(ast, param.name());
    if (!param.defaultValue().valid() || !isFilledString(ast, param.defaultValue()) || !isSecretName(name)) continue;
    context.sink.begin("S107"_rule, ast.range(param.defaultValue()), {name});
  }
}

}  // namespace krait::lint
