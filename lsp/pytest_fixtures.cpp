#include "lsp/pytest_fixtures.h"

#include <algorithm>

namespace krait::lsp {

using namespace krait::syntax;

// Modules of pytest that bring fixtures. ref: pytest's reference, "Fixtures"
static constexpr std::string_view kPytestModules[] = {"_pytest.fixtures", "_pytest.tmpdir", "_pytest.monkeypatch", "_pytest.capture", "_pytest.logging",
                                                      "_pytest.recwarn", "_pytest.cacheprovider", "_pytest.doctest", "_pytest.junitxml", "_pytest.pytester"};
// Folders above a file that are looked into for a conftest.py.
static constexpr int kMostFolders = 12;

// The decorator that makes a fixture, or none.
static NodeId fixtureDecorator(const Ast& ast, NodeId function) {
  auto def = ast.tryAs<FunctionDef>(function);
  if (!def) return NodeId::none();
  for (NodeId decorator : def->decorators()) {
    NodeId callee = decorator;
    if (auto call = ast.tryAs<Call>(callee)) callee = call->func();
    if (auto attribute = ast.tryAs<Attribute>(callee)) callee = attribute->attr();
    std::string_view name = nameText(ast, callee);
    if (name == "fixture" || name == "yield_fixture") return decorator;
  }
  return NodeId::none();
}

static std::string fixtureName(const Ast& ast, NodeId function) {
  auto call = ast.tryAs<Call>(fixtureDecorator(ast, function));
  for (NodeId arg : call ? call->args() : NodeList()) {
    auto keyword = ast.tryAs<Keyword>(arg);
    if (!keyword || !keyword->arg().valid() || nameText(ast, keyword->arg()) != "name") continue;
    if (std::optional<std::string_view> value = ast.is(keyword->value(), NodeKind::kConstant) ? stringValue(ast, keyword->value()) : std::nullopt) return std::string(*value);
  }
  return std::string(nameText(ast, ast.as<FunctionDef>(function).name()));
}

bool isFixture(const Target& target) { return target.module != nullptr && target.name.valid() && fixtureDecorator(target.module->ast(), target.owner).valid(); }

bool isTest(const SourceModule& module, std::string_view function) {
  std::string_view path = module.path();
  std::string_view file = path.substr(path.rfind('/') + 1);
  return function.starts_with("test") && (file.starts_with("test_") || file.ends_with("_test.py") || file == "conftest.py");
}

bool takesFixtures(const SourceModule& module, const Ast& ast, NodeId function) {
  auto def = ast.tryAs<FunctionDef>(function);
  if (!def) return false;
  if (fixtureDecorator(ast, function).valid()) return true;
  return isTest(module, nameText(ast, def->name()));
}

static void addFixture(std::string name, const Target& function, std::vector<NamedFixture>* out) {
  bool is_known = std::any_of(out->begin(), out->end(), [&](const NamedFixture& one) { return one.name == name; });
  if (!is_known) out->push_back({std::move(name), function});
}

static void addFromBody(SourceModule& module, NodeList body, std::vector<NamedFixture>* out) {
  const Ast& ast = module.ast();
  // The last of a name is what the module has.
  for (size_t i = body.size(); i-- > 0;) {
    if (fixtureDecorator(ast, body[i]).valid()) addFixture(fixtureName(ast, body[i]), {&module, ast.as<FunctionDef>(body[i]).name(), body[i]}, out);
  }
}

static void addFromModule(Workspace& workspace, SourceModule& module, std::vector<NamedFixture>* out) {
  const Ast& ast = module.ast();
  NodeList body = ast.as<Module>(ast.root()).body();
  addFromBody(module, body, out);
  // Only what is imported by name is looked at.
  for (NodeId statement : body) {
    auto import = ast.tryAs<ImportFrom>(statement);
    for (NodeId node : import ? import->names() : NodeList()) {
      Alias alias = ast.as<Alias>(node);
      NodeId bound = alias.asname().valid() ? alias.asname() : alias.name();
      if (nameText(ast, bound) == "*" || nameText(ast, bound) == "fixture") continue;
      for (const Target& target : moduleMember(workspace, module, nameText(ast, bound), FollowImports::kYes)) {
        if (isFixture(target)) addFixture(std::string(nameText(ast, bound)), target, out);
      }
    }
  }
}

// The workspace's own conftest.py files in the module's folder and above it, the nearest first.
static std::vector<SourceModule*> conftestsAbove(Workspace& workspace, const SourceModule& module) {
  std::vector<SourceModule*> out;
  std::string folder = module.path();
  for (int i = 0; i < kMostFolders; ++i) {
    size_t slash = folder.rfind('/');
    if (slash == std::string::npos || slash == 0) break;
    folder.resize(slash);
    SourceModule* conftest = workspace.load(folder + "/conftest.py");
    if (conftest != nullptr && conftest != &module && workspace.isOwn(*conftest)) out.push_back(conftest);
  }
  return out;
}

std::vector<NamedFixture> fixturesAt(Workspace& workspace, SourceModule& module, NodeId node) {
  Asker asker(workspace, module);
  std::vector<NamedFixture> out;
  const Ast& ast = module.ast();
  for (NodeId at = node.valid() ? ast.parent(node) : NodeId::none(); at.valid(); at = ast.parent(at)) {
    if (auto cls = ast.tryAs<ClassDef>(at)) addFromBody(module, cls->body(), &out);
  }
  addFromModule(workspace, module, &out);
  for (SourceModule* conftest : conftestsAbove(workspace, module)) addFromModule(workspace, *conftest, &out);
  for (std::string_view name : kPytestModules) {
    SourceModule* of_pytest = workspace.loadModule(name);
    if (of_pytest != nullptr) addFromBody(*of_pytest, of_pytest->ast().as<Module>(of_pytest->ast().root()).body(), &out);
  }
  return out;
}

Target fixtureNamed(Workspace& workspace, SourceModule& module, NodeId node, std::string_view name) {
  NodeId own = module.ast().is(node, NodeKind::kFunctionDef) ? node : NodeId::none();
  for (const NamedFixture& fixture : fixturesAt(workspace, module, node)) {
    // A fixture that asks for its own name means the one that it hides.
    if (fixture.name == name && !(fixture.function.module == &module && fixture.function.owner == own)) return fixture.function;
  }
  if (own.isNone() || fixtureDecorator(module.ast(), own).isNone() || fixtureName(module.ast(), own) != name) return {};
  for (SourceModule* conftest : conftestsAbove(workspace, module)) {
    std::vector<NamedFixture> above;
    addFromModule(workspace, *conftest, &above);
    for (const NamedFixture& fixture : above) {
      if (fixture.name == name) return fixture.function;
    }
  }
  return {};
}

// `@pytest.mark.parametrize("a, b", …)` gives a value itself.
static bool isParametrized(const Ast& ast, FunctionDef function, std::string_view name) {
  for (NodeId decorator : function.decorators()) {
    auto call = ast.tryAs<Call>(decorator);
    auto attribute = call ? ast.tryAs<Attribute>(call->func()) : std::nullopt;
    if (!attribute || nameText(ast, attribute->attr()) != "parametrize" || call->args().empty()) continue;
    std::string_view names = ast.text(call->args()[0]);
    for (size_t at = names.find(name); at != std::string_view::npos; at = names.find(name, at + 1)) {
      auto isEdge = [&](size_t place) { return place >= names.size() || std::string_view(" ,\"'").find(names[place]) != std::string_view::npos; };
      if (at > 0 && isEdge(at - 1) && isEdge(at + name.size())) return true;
    }
  }
  return false;
}

Target fixtureOf(Workspace& workspace, SourceModule& module, NodeId parameter) {
  const Ast& ast = module.ast();
  auto node = ast.tryAs<Parameter>(parameter);
  if (!node || node->defaultValue().valid()) return {};
  NodeId function = ast.parent(ast.parent(parameter));
  if (!takesFixtures(module, ast, function)) return {};
  std::string_view name = nameText(ast, node->name());
  if (name == "self" || name == "cls" || isParametrized(ast, ast.as<FunctionDef>(function), name)) return {};
  return fixtureNamed(workspace, module, function, name);
}

std::vector<NodeId> fixtureValues(const Target& fixture) {
  const Ast& ast = fixture.module->ast();
  FunctionDef function = ast.as<FunctionDef>(fixture.owner);
  if (function.returns().valid()) {
    auto subscript = ast.tryAs<Subscript>(function.returns());
    if (!subscript) return {function.returns()};
    std::string_view outer = ast.text(subscript->value());
    bool is_given_out = outer.ends_with("Iterator") || outer.ends_with("Generator") || outer.ends_with("Iterable");
    if (!is_given_out) return {function.returns()};
    auto several = ast.tryAs<Tuple>(subscript->slice());
    return {several && !several->elts().empty() ? several->elts()[0] : subscript->slice()};
  }
  std::vector<NodeId> out, pending(function.body().begin(), function.body().end());
  while (!pending.empty()) {
    NodeId at = pending.back();
    pending.pop_back();
    if (ast.is(at, NodeKind::kFunctionDef) || ast.is(at, NodeKind::kClassDef) || ast.is(at, NodeKind::kLambda)) continue;
    if (auto statement = ast.tryAs<Return>(at); statement && statement->value().valid()) out.push_back(statement->value());
    if (auto yield = ast.tryAs<Yield>(at); yield && yield->value().valid()) out.push_back(yield->value());
    forEachChild(ast, at, [&](NodeId child) { pending.push_back(child); });
  }
  return out;
}

}  // namespace krait::lsp
