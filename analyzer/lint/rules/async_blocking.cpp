// ASYNC109, 210, 212, 220, 221, 222, 230, 240, 250, 251: calls in an async function that keep its event loop waiting.
// ref: flake8-async
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/paths.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isHttpCall(std::string_view name) {
  if (name == "urllib.request.urlopen" || name == "urllib3.request") return true;
  if (name.starts_with("requests.")) {
    name.remove_prefix(9);
  } else if (name.starts_with("httpx.")) {
    name.remove_prefix(6);
  } else {
    return false;
  }
  return isOneOf(name, {"get", "post", "delete", "patch", "put", "head", "connect", "options", "trace", "request"});
}

static bool isSpawn(std::string_view name) {
  return isOneOf(name, {"os.spawnl", "os.spawnle", "os.spawnlp", "os.spawnlpe", "os.spawnv", "os.spawnve", "os.spawnvp", "os.spawnvpe"});
}

static bool waits(const LintContext& context, NodeId call) {
  NodeId mode = argumentOf(context.ast, call, "mode", 0);
  return !mode.valid() || qualifiedName(context, mode) == "os.P_WAIT";
}

static std::optional<Rule> processRule(const LintContext& context, NodeId call, std::string_view name) {
  if (name == "subprocess.Popen" || name == "os.popen") return "ASYNC220"_rule;
  if (isSpawn(name)) return waits(context, call) ? "ASYNC221"_rule : "ASYNC220"_rule;
  if (isOneOf(name, {"os.system", "os.posix_spawn", "os.posix_spawnp", "subprocess.run", "subprocess.call", "subprocess.check_call",
                     "subprocess.check_output", "subprocess.getoutput", "subprocess.getstatusoutput"})) {
    return "ASYNC221"_rule;
  }
  if (isOneOf(name, {"os.wait", "os.wait3", "os.wait4", "os.waitid", "os.waitpid"})) return "ASYNC222"_rule;
  return std::nullopt;
}

static bool isOsPathQuery(std::string_view name) {
  return isOneOf(name, {"abspath", "exists", "expanduser", "getatime", "getctime", "getmtime", "getsize", "isdir", "isfile",
                        "isjunction", "islink", "ismount", "isdevdrive", "lexists", "normpath", "realpath", "relpath", "samefile", "sameopenfile"});
}

static bool isPathQuery(std::string_view name) {
  return isOneOf(name, {"absolute", "chmod", "copy", "copy_into", "exists", "expanduser", "glob", "group", "hardlink_to", "link_to", "is_block_device", "is_char_device",
                        "is_dir", "is_fifo", "is_file", "is_junction", "is_mount", "is_socket", "is_symlink", "iterdir",
                        "lchmod", "lstat", "mkdir", "move", "move_into", "owner", "read_bytes", "read_text", "readlink", "rename", "replace",
                        "resolve", "rglob", "rmdir", "samefile", "stat", "symlink_to", "touch", "unlink", "walk",
                        "write_bytes", "write_text"});
}

// Methods of pathlib paths: opening, and the rest that asks the file system.
static void checkPathMethod(LintContext& context, NodeId call, syntax::Attribute method) {
  std::string_view name = syntax::nameText(context.ast, method.attr());
  bool is_open = name == "open";
  if (is_open ? !isMadePath(context, method.value()) : !isPathQuery(name) || !isPath(context, method.value())) return;
  TextRange range = context.ast.range(method.id);
  if (is_open) context.sink.begin("ASYNC230"_rule, range);
  if (!is_open) context.sink.begin("ASYNC240"_rule, range, {"pathlib.Path"});
}

static bool isClientMethod(std::string_view name) {
  return isOneOf(name, {"close", "delete", "get", "head", "options", "patch", "post", "put", "request", "send", "stream"});
}

static bool isClientType(const LintContext& context, NodeId annotation) {
  std::vector<NodeId> members;
  unionMembers(context, annotation, members);
  NodeId client;
  for (NodeId member : members) {
    if (isNone(context.ast, member)) continue;
    if (client.valid()) return false;
    client = member;
  }
  return client.valid() && qualifiedName(context, client) == "httpx.Client";
}

// A name of the function that is a blocking client: made there, or annotated as one.
static bool isClient(const LintContext& context, NodeId expr) {
  const Definition* definition = onlyDefinition(context, expr);
  if (definition == nullptr) return false;
  NodeId annotation = definedAnnotation(context, *definition);
  if (annotation.valid()) return !isStr(context.ast, annotation) && isClientType(context, annotation);
  auto call = context.ast.tryAs<syntax::Call>(definedValue(context, *definition));
  return call && qualifiedName(context, call->func()) == "httpx.Client";
}

void checkAsyncTimeout(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (!function.isAsync() || context.options.target_minor < 11 || hasTypingDecorator(context, node, "override")) return;
  for (NodeId id : ast.as<syntax::Parameters>(function.params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    bool is_variadic = param.parameterKind() == syntax::ParameterKind::kVarPositional || param.parameterKind() == syntax::ParameterKind::kVarKeyword;
    if (!is_variadic && syntax::nameText(ast, param.name()) == "timeout") context.sink.begin("ASYNC109"_rule, ast.range(id));
  }
}

void checkBlockingCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!isInAsyncFunction(ast, node)) return;
  NodeId func = ast.as<syntax::Call>(node).func();
  if (auto method = ast.tryAs<syntax::Attribute>(func)) checkPathMethod(context, node, *method);
  if (auto method = ast.tryAs<syntax::Attribute>(func)) {
    std::string_view member = syntax::nameText(ast, method->attr());
    if (isClientMethod(member) && isClient(context, method->value())) {
      context.sink.begin("ASYNC212"_rule, ast.range(func), {syntax::nameText(ast, method->value()), member});
    }
  }
  std::string name(calleeName(context, node));
  if (name.empty()) return;
  TextRange range = ast.range(func);
  if (isHttpCall(name)) {
    context.sink.begin("ASYNC210"_rule, range);
  } else if (name == "builtins.input") {
    context.sink.begin("ASYNC250"_rule, range);
  } else if (name == "time.sleep") {
    context.sink.begin("ASYNC251"_rule, range);
  } else if (isOneOf(name, {"builtins.open", "io.open", "io.open_code"})) {
    context.sink.begin("ASYNC230"_rule, range);
  } else if (name.starts_with("os.path.") && isOsPathQuery(std::string_view(name).substr(8))) {
    context.sink.begin("ASYNC240"_rule, range, {"os.path"});
  } else if (auto rule = processRule(context, node, name)) {
    context.sink.begin(*rule, range);
  }
}

}  // namespace krait::lint
