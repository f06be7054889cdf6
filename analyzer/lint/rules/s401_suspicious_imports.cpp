// S401 to S413, S415: imports of modules that trust their input or send it in clear. ref: bandit B401 to B415
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct ModuleRuleName {
  std::string_view module;
  Rule rule;
};
}  // namespace

static const ModuleRuleName kModules[] = {
    {"telnetlib", "S401"_rule},          {"ftplib", "S402"_rule},           {"pickle", "S403"_rule},          {"cPickle", "S403"_rule},
    {"dill", "S403"_rule},               {"shelve", "S403"_rule},           {"subprocess", "S404"_rule},      {"xml.etree.cElementTree", "S405"_rule},
    {"xml.etree.ElementTree", "S405"_rule}, {"xml.sax", "S406"_rule},       {"xml.dom.expatbuilder", "S407"_rule}, {"xml.dom.minidom", "S408"_rule},
    {"xml.dom.pulldom", "S409"_rule},    {"xmlrpc", "S411"_rule},           {"pyghmi", "S415"_rule}};

static void checkModule(LintContext& context, std::string_view module, TextRange range) {
  for (const ModuleRuleName& entry : kModules) {
    if (module == entry.module) context.sink.begin(entry.rule, range);
  }
  if (isOneOf(module, {"Crypto.Cipher", "Crypto.Hash", "Crypto.IO", "Crypto.Protocol", "Crypto.PublicKey", "Crypto.Random", "Crypto.Signature", "Crypto.Util"})) {
    context.sink.begin("S413"_rule, range);
  }
}

void checkSuspiciousImports(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (context.is_stub || isTypingOnly(context, node)) return;
  if (auto import = ast.tryAs<syntax::Import>(node)) {
    for (NodeId alias : import->names()) checkModule(context, syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()), ast.range(alias));
    return;
  }
  auto from = ast.as<syntax::ImportFrom>(node);
  if (!from.module().valid()) return;
  std::string module(syntax::nameText(ast, from.module()));
  TextRange range = ast.range(from.module());
  size_t before = context.sink.all().size();
  checkModule(context, module, range);
  if (context.sink.all().size() > before) return;
  for (NodeId alias : from.names()) {
    std::string name = module + "." + std::string(syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()));
    if (isOneOf(name, {"wsgiref.handlers.CGIHandler", "twisted.web.twcgi.CGIScript", "twisted.web.twcgi.CGIDirectory"})) context.sink.begin("S412"_rule, range);
    checkModule(context, name, range);
  }
}

}  // namespace krait::lint
