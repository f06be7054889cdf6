// S324: hash functions with known collisions. ref: bandit B324
#include <string>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isUsedForSecurity(const Ast& ast, NodeId call) {
  NodeId value = keywordOf(ast, call, "usedforsecurity");
  return !isConstant(ast, value, syntax::ConstantKind::kFalse);
}

static void checkNew(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId name = argumentOf(ast, node, "name", 0);
  if (!name.valid()) return;
  auto text = syntax::stringValue(ast, name);
  if (!text) return;
  std::string lower;
  for (char c : *text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (!isOneOf(lower, {"md4", "md5", "sha", "sha1"})) return;
  context.sink.begin("S324"_rule, ast.range(name), {"hashlib", *text});
}

static void checkCrypt(LintContext& context, NodeId node, std::string_view keyword, uint32_t position) {
  NodeId method = argumentOf(context.ast, node, keyword, position);
  if (!method.valid()) return;
  std::string name = qualifiedName(context, method);
  if (!isOneOf(name, {"crypt.METHOD_CRYPT", "crypt.METHOD_MD5", "crypt.METHOD_BLOWFISH"})) return;
  context.sink.begin("S324"_rule, context.ast.range(method), {"crypt", name});
}

void checkWeakHashes(LintContext& context, NodeId node) {
  std::string_view name = calleeName(context, node);
  if (name == "crypt.crypt") return checkCrypt(context, node, "salt", 1);
  if (name == "crypt.mksalt") return checkCrypt(context, node, "method", 0);
  if (!name.starts_with("hashlib.") || !isUsedForSecurity(context.ast, node)) return;
  name.remove_prefix(8);
  if (name == "new") return checkNew(context, node);
  if (!isOneOf(name, {"md4", "md5", "sha", "sha1"})) return;
  context.sink.begin("S324"_rule, context.ast.range(context.ast.as<syntax::Call>(node).func()), {"hashlib", name});
}

}  // namespace krait::lint
