// S401 to S413, S415: imports of modules that trust their input or send it in clear. ref: bandit B401 to B415
#include <string>

#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct ModuleRuleName {
  std::string_view module;
  Rule rule;
};
}  // namespace

static constexpr ModuleRuleName kModules[] = {
    {"telnetlib", Rule::kS401},          {"ftplib", Rule::kS402},           {"pickle", Rule::kS403},          {"cPickle", Rule::kS403},
    {"dill", Rule::kS403},               {"shelve", Rule::kS403},           {"subprocess", Rule::kS404},      {"xml.etree.cElementTree", Rule::kS405},
    {"xml.etree.ElementTree", Rule::kS405}, {"xml.sax", Rule::kS406},       {"xml.dom.expatbuilder", Rule::kS407}, {"xml.dom.minidom", Rule::kS408},
    {"xml.dom.pulldom", Rule::kS409},    {"xmlrpc", Rule::kS411},           {"pyghmi", Rule::kS415}};

static void checkModule(LintContext& context, std::string_view module, TextRange range) {
  for (const ModuleRuleName& entry : kModules) {
    if (module == entry.module) context.sink.begin(entry.rule, range);
  }
  if (isOneOf(module, {"Crypto.Cipher", "Crypto.Hash", "Crypto.IO", "Crypto.Protocol", "Crypto.PublicKey", "Crypto.Random", "Crypto.Signature", "Crypto.Util"})) {
    context.sink.begin(Rule::kS413, range);
  }
}

void checkSuspiciousImports(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (context.is_stub) return;
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
    if (isOneOf(name, {"wsgiref.handlers.CGIHandler", "twisted.web.twcgi.CGIScript", "twisted.web.twcgi.CGIDirectory"})) context.sink.begin(Rule::kS412, range);
    checkModule(context, name, range);
  }
}

}  // namespace krait::lint
