// S113, S201, S202, S501, S502, S504 to S509, S601, S610 to S612, S701, S702: calls that leave out what makes them safe.
// ref: bandit, the plugins of these numbers
#include <optional>
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// The library whose call sends a request, or empty.
static std::string_view requestLibrary(std::string_view name) {
  size_t dot = name.find('.');
  if (dot == std::string_view::npos) return {};
  std::string_view library = name.substr(0, dot), function = name.substr(dot + 1);
  bool is_method = isOneOf(function, {"get", "options", "head", "post", "put", "patch", "delete", "request"});
  if (library == "requests") return is_method ? library : std::string_view();
  if (library != "httpx") return {};
  return is_method || isOneOf(function, {"stream", "Client", "AsyncClient"}) ? library : std::string_view();
}

static void checkRequest(LintContext& context, NodeId node, std::string_view library) {
  const Ast& ast = context.ast;
  NodeId timeout = keywordNodeOf(ast, node, "timeout");
  if (timeout.valid()) {
    if (isNone(ast, ast.as<syntax::Keyword>(timeout).value())) context.sink.begin("S113None"_rule, ast.range(timeout), {library});
  } else if (library == "requests") {
    context.sink.begin("S113"_rule, ast.range(ast.as<syntax::Call>(node).func()), {library});
  }
  NodeId verify = keywordNodeOf(ast, node, "verify");
  if (verify.valid() && isConstant(ast, ast.as<syntax::Keyword>(verify).value(), syntax::ConstantKind::kFalse)) {
    context.sink.begin("S501"_rule, ast.range(verify), {library});
  }
}

static bool isOldProtocol(std::string_view name) {
  return isOneOf(name, {"PROTOCOL_SSLv2", "PROTOCOL_SSLv3", "PROTOCOL_TLSv1", "PROTOCOL_TLSv1_1", "SSLv2_METHOD", "SSLv23_METHOD",
                        "SSLv3_METHOD", "TLSv1_METHOD", "TLSv1_1_METHOD"});
}

static void checkProtocol(LintContext& context, NodeId node, std::string_view keyword) {
  const Ast& ast = context.ast;
  NodeId argument = keywordNodeOf(ast, node, keyword);
  if (!argument.valid()) {
    if (keyword == "ssl_version") context.sink.begin("S504"_rule, ast.range(node));
    return;
  }
  std::string_view name = lastName(ast, ast.as<syntax::Keyword>(argument).value());
  if (isOldProtocol(name)) context.sink.begin("S502"_rule, ast.range(argument), {name});
}

static void checkKeySize(LintContext& context, NodeId node, std::string_view keyword, uint32_t position, std::string_view kind) {
  NodeId size = argumentOf(context.ast, node, keyword, position);
  if (!size.valid() || !isConstant(context.ast, size, syntax::ConstantKind::kInt)) return;
  auto value = intValue(context.ast, size);
  if (value && *value < 2048) context.sink.begin("S505"_rule, context.ast.range(size), {kind, "2048"});
}

static void checkCurve(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId curve = argumentOf(ast, node, "curve", 0);
  auto named = ast.tryAs<syntax::Attribute>(curve);
  if (!named || qualifiedName(context, named->value()) != "cryptography.hazmat.primitives.asymmetric.ec") return;
  if (isOneOf(syntax::nameText(ast, named->attr()), {"SECP192R1", "SECT163K1", "SECT163R2"})) {
    context.sink.begin("S505"_rule, ast.range(curve), {"EC", "224"});
  }
}

static void checkWeakKey(LintContext& context, NodeId node, std::string_view name) {
  constexpr std::string_view kHazmat = "cryptography.hazmat.primitives.asymmetric.";
  if (name.starts_with(kHazmat)) {
    name.remove_prefix(kHazmat.size());
    if (name == "dsa.generate_private_key") checkKeySize(context, node, "key_size", 0, "DSA");
    if (name == "rsa.generate_private_key") checkKeySize(context, node, "key_size", 1, "RSA");
    if (name == "ec.generate_private_key") checkCurve(context, node);
  } else if (isOneOf(name, {"Crypto.PublicKey.DSA.generate", "Crypto.PublicKey.RSA.generate", "Cryptodome.PublicKey.DSA.generate",
                            "Cryptodome.PublicKey.RSA.generate"})) {
    // One name for both kinds, as ruff says it.
    checkKeySize(context, node, "bits", 0, "DSA");
  }
}

static void checkYamlLoad(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId loader = argumentOf(ast, node, "Loader", 1);
  if (!loader.valid()) {
    context.sink.begin("S506"_rule, ast.range(ast.as<syntax::Call>(node).func()));
    return;
  }
  if (isOneOf(qualifiedName(context, loader), {"yaml.SafeLoader", "yaml.CSafeLoader", "yaml.loader.SafeLoader", "yaml.loader.CSafeLoader",
                                               "yaml.cyaml.CSafeLoader"})) {
    return;
  }
  bool is_text_only = context.options.preview &&
                      isOneOf(qualifiedName(context, loader), {"yaml.BaseLoader", "yaml.CBaseLoader", "yaml.loader.BaseLoader",
                                                               "yaml.loader.CBaseLoader", "yaml.cyaml.CBaseLoader"});
  if (is_text_only) return;
  std::string_view name = lastName(ast, loader);
  if (name.empty()) {
    context.sink.begin("S506"_rule, ast.range(loader));
  } else {
    context.sink.begin("S506Loader"_rule, ast.range(loader), {name});
  }
}

static void checkAutoescape(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId keyword = keywordNodeOf(ast, node, "autoescape");
  if (!keyword.valid()) {
    context.sink.begin("S701"_rule, ast.range(ast.as<syntax::Call>(node).func()));
    return;
  }
  NodeId value = ast.as<syntax::Keyword>(keyword).value();
  if (isConstant(ast, value, syntax::ConstantKind::kTrue)) return;
  auto call = ast.tryAs<syntax::Call>(value);
  if (call && lastName(ast, call->func()) == "select_autoescape") return;
  context.sink.begin("S701Value"_rule, ast.range(keyword));
}

static void checkCommunity(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId model = keywordNodeOf(ast, node, "mpModel");
  if (!model.valid()) return;
  auto value = intValue(ast, ast.as<syntax::Keyword>(model).value());
  if (value == 0 || value == 1) context.sink.begin("S508"_rule, ast.range(model));
}

// In whichever of the library's modules for its high-level interface it is found.
static bool isSnmpCall(std::string_view name, std::string_view function) {
  return name.starts_with("pysnmp.hlapi.") && name.substr(name.rfind('.') + 1) == function;
}

void checkInsecureCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string name(calleeName(context, node));
  if (name.empty()) return;
  TextRange func = ast.range(ast.as<syntax::Call>(node).func());
  std::string_view library = requestLibrary(name);
  if (!library.empty()) return checkRequest(context, node, library);
  if (name == "ssl.wrap_socket") checkProtocol(context, node, "ssl_version");
  if (name == "OpenSSL.SSL.Context") checkProtocol(context, node, "method");
  checkWeakKey(context, node, name);
  if (name == "yaml.load") checkYamlLoad(context, node);
  if (isSnmpCall(name, "CommunityData")) checkCommunity(context, node);
  if (isSnmpCall(name, "UsmUserData") && ast.as<syntax::Call>(node).args().size() < 3) context.sink.begin("S509"_rule, func);
  if (name == "paramiko.exec_command") context.sink.begin("S601"_rule, func);
  if (name == "logging.config.listen" && !keywordOf(ast, node, "verify").valid()) context.sink.begin("S612"_rule, func);
  if (name == "jinja2.Environment") checkAutoescape(context, node);
  if (name == "mako.template.Template") context.sink.begin("S702"_rule, func);
  if (name == "django.db.models.expressions.RawSQL") {
    NodeId sql = argumentOf(ast, node, "sql", 0);
    if (!sql.valid() || !isStr(ast, sql)) context.sink.begin("S611"_rule, func);
  }
}

// The class or function whose call stands on the right of the assignment that bound the name.
static std::string makerOf(const LintContext& context, NodeId name) {
  const Ast& ast = context.ast;
  if (!ast.is(name, NodeKind::kName)) return {};
  const Definition* last = lastDefinition(context, name);
  if (last == nullptr) return {};
  NodeId statement = statementOf(ast, last->node);
  auto assign = ast.tryAs<syntax::Assign>(statement);
  auto annotated = ast.tryAs<syntax::AnnAssign>(statement);
  auto call = ast.tryAs<syntax::Call>(assign ? assign->value() : annotated ? annotated->value() : NodeId::none());
  return call ? qualifiedName(context, call->func()) : std::string();
}

static bool isPlainSelect(const Ast& ast, NodeId argument) {
  auto dict = ast.tryAs<syntax::Dict>(argument);
  if (!dict) return false;
  for (size_t i = 0; i < dict->values().size(); ++i) {
    NodeId key = dict->keys()[i];
    if (!key.valid() || !isStr(ast, key) || !isStr(ast, dict->values()[i])) return false;
  }
  return true;
}

static bool isPlainList(const Ast& ast, NodeId argument) {
  if (!ast.is(argument, NodeKind::kList)) return false;
  for (NodeId element : ast.list(argument, 0)) {
    if (!isStr(ast, element)) return false;
  }
  return true;
}

static void checkDjangoExtra(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId select = argumentOf(ast, node, "select", 0);
  bool is_safe = !select.valid() || isPlainSelect(ast, select);
  NodeId where = argumentOf(ast, node, "where", 1), tables = argumentOf(ast, node, "tables", 3);
  is_safe &= !where.valid() || isPlainList(ast, where);
  is_safe &= !tables.valid() || isPlainList(ast, tables);
  if (!is_safe) context.sink.begin("S610"_rule, {ast.range(ast.as<syntax::Call>(node).func()).end, ast.range(node).end});
}

static bool importsModule(const LintContext& context, std::string_view module) {
  const Ast& ast = context.ast;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    if (auto from = ast.tryAs<syntax::ImportFrom>(NodeId(i))) {
      if (from->level() == 0 && from->module().valid() && syntax::nameText(ast, from->module()) == module) return true;
    } else if (auto import = ast.tryAs<syntax::Import>(NodeId(i))) {
      for (NodeId id : import->names()) {
        if (syntax::nameText(ast, ast.as<syntax::Alias>(id).name()) == module) return true;
      }
    }
  }
  return false;
}

// Methods whose object is not to be seen at a glance.
void checkInsecureMethods(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto method = ast.tryAs<syntax::Attribute>(ast.as<syntax::Call>(node).func());
  if (!method) return;
  std::string_view name = syntax::nameText(ast, method->attr());
  if (name == "run") {
    NodeId debug = keywordNodeOf(ast, node, "debug");
    bool is_debug = debug.valid() && isConstant(ast, ast.as<syntax::Keyword>(debug).value(), syntax::ConstantKind::kTrue);
    if (is_debug && makerOf(context, method->value()) == "flask.Flask") context.sink.begin("S201"_rule, ast.range(debug));
  } else if (name == "extractall") {
    NodeId filter = keywordOf(ast, node, "filter");
    auto text = filter.valid() ? syntax::stringValue(ast, filter) : std::nullopt;
    bool is_filtered = text && (*text == "data" || *text == "tar");
    if (!is_filtered && importsModule(context, "tarfile")) context.sink.begin("S202"_rule, ast.range(method->id));
  } else if (name == "set_missing_host_key_policy") {
    NodeId policy = argumentOf(ast, node, "policy", 0);
    if (!policy.valid()) return;
    auto made = ast.tryAs<syntax::Call>(policy);
    std::string kind = qualifiedName(context, made ? made->func() : policy);
    if (!isOneOf(kind, {"paramiko.client.AutoAddPolicy", "paramiko.client.WarningPolicy", "paramiko.AutoAddPolicy", "paramiko.WarningPolicy"})) return;
    std::string client = makerOf(context, method->value());
    if (client == "paramiko.client.SSHClient" || client == "paramiko.SSHClient") context.sink.begin("S507"_rule, ast.range(policy));
  } else if (name == "extra") {
    checkDjangoExtra(context, node);
  }
}

}  // namespace krait::lint
