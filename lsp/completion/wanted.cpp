#include "lsp/completion/wanted.h"

#include <algorithm>
#include <cctype>

#include "analyzer/base/text_scan.h"
#include "lsp/call_place.h"
#include "lsp/class_tree.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

static constexpr int kMostNested = 6;

static std::vector<Wanted> wantedAt(const CompletionPlace& place, uint32_t at, int depth);

static std::string_view trimmed(std::string_view text) {
  size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  size_t end = text.find_last_not_of(" \t\r\n");
  return end == std::string_view::npos ? std::string_view() : text.substr(begin, end + 1 - begin);
}

// The parts between separators that stand in no brackets and strings.
static std::vector<std::string_view> partsOf(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  TextScan scan;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!scan.take(text, i) || text[i] != separator || scan.depth != 0) continue;
    out.push_back(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  out.push_back(trimmed(text.substr(std::min(begin, text.size()))));
  return out;
}

static bool isQuoted(std::string_view text) { return text.size() > 1 && (text[0] == '"' || text[0] == '\'') && text.back() == text[0]; }

static NodeId aliasValue(const Target& target) {
  const Ast& ast = target.module->ast();
  if (auto alias = ast.tryAs<TypeAlias>(target.owner)) return alias->value();
  if (auto assign = ast.tryAs<Assign>(target.owner)) return assign->value();
  auto declared = ast.tryAs<AnnAssign>(target.owner);
  return declared && ast.text(declared->annotation()).ends_with("TypeAlias") ? declared->value() : NodeId::none();
}

// The types that an annotation names.
static void addParts(Workspace& workspace, SourceModule& module, uint32_t at, std::string_view type, int depth, std::vector<Wanted>& out) {
  type = trimmed(type);
  if (isQuoted(type)) type = trimmed(type.substr(1, type.size() - 2));
  if (type.empty() || depth > kMostNested) return;
  std::vector<std::string_view> parts = partsOf(type, '|');
  if (parts.size() > 1) {
    for (std::string_view part : parts) addParts(workspace, module, at, part, depth + 1, out);
    return;
  }
  size_t bracket = type.find('[');
  std::string_view head = trimmed(type.substr(0, bracket));
  std::vector<std::string_view> arguments;
  if (bracket != std::string_view::npos && type.back() == ']') arguments = partsOf(type.substr(bracket + 1, type.size() - bracket - 2), ',');
  std::string_view last = head.substr(head.rfind('.') == std::string_view::npos ? 0 : head.rfind('.') + 1);
  static constexpr std::string_view kOne[] = {"Final", "Annotated", "ClassVar", "Required", "NotRequired", "ReadOnly"};
  bool is_one = std::find(std::begin(kOne), std::end(kOne), last) != std::end(kOne) && !arguments.empty();
  if (last == "Optional" || last == "Union" || is_one) {
    for (size_t i = 0; i < (is_one ? 1 : arguments.size()); ++i) addParts(workspace, module, at, arguments[i], depth + 1, out);
    return;
  }
  Wanted wanted{&module, at, std::string(last), {}, {}};
  for (std::string_view one : arguments) wanted.arguments.emplace_back(one);
  if (last != "Literal") {
    for (const Target& target : dottedTargets(workspace, module, at, head)) {
      NodeId value = aliasValue(target);
      const Ast& ast = target.module->ast();
      if (value.valid()) addParts(workspace, *target.module, ast.range(value).begin, ast.text(value), depth + 1, out);
      else if (ast.is(target.owner, NodeKind::kClassDef)) wanted.classes.push_back(target);
    }
  }
  out.push_back(std::move(wanted));
}

static void addAnnotation(Workspace& workspace, SourceModule& module, NodeId annotation, std::vector<Wanted>& out) {
  if (annotation.valid()) addParts(workspace, module, module.ast().range(annotation).begin, module.ast().text(annotation), 0, out);
}

// What the definitions of a variable, a parameter, an attribute say.
static void addDeclared(Workspace& workspace, const std::vector<Target>& targets, std::vector<Wanted>& out) {
  for (const Target& target : targets) {
    const Ast& ast = target.module->ast();
    if (auto parameter = ast.tryAs<Parameter>(target.owner)) addAnnotation(workspace, *target.module, parameter->annotation(), out);
    else if (auto assign = ast.tryAs<AnnAssign>(target.owner)) addAnnotation(workspace, *target.module, assign->annotation(), out);
  }
}

static void addField(Workspace& workspace, const Target& cls, std::string_view key, std::vector<Wanted>& out) {
  addDeclared(workspace, classMember(workspace, cls, key), out);
}

// `name`, `self.name`, `movie["key"]`: what is assigned to.
static void addTarget(const CompletionPlace& place, uint32_t end, std::vector<Wanted>& out) {
  Workspace& workspace = place.server.workspace();
  std::string_view text = place.module.text();
  uint32_t begin = end;
  while (begin > 0 && (std::isalnum(static_cast<unsigned char>(text[begin - 1])) || text[begin - 1] == '_' || static_cast<unsigned char>(text[begin - 1]) >= 0x80)) --begin;
  std::string_view name = text.substr(begin, end - begin);
  if (begin == end && end > 3 && text[end - 1] == ']' && (text[end - 2] == '"' || text[end - 2] == '\'')) {
    size_t bracket = text.rfind('[', end - 1);
    if (bracket == std::string_view::npos || end - bracket < 5) return;
    TypedPlace object = typedBefore(workspace, place.module, static_cast<uint32_t>(bracket), place.cursor, "x", Asking::kWithRepair);
    for (const Target& cls : object.valid() ? typeTargets(workspace, object) : std::vector<Target>()) addField(workspace, cls, text.substr(bracket + 2, end - bracket - 4), out);
  } else if (begin > 0 && text[begin - 1] == '.') {
    TypedPlace object = typedBefore(workspace, place.module, begin - 1, place.cursor, "x", Asking::kWithRepair);
    if (object.valid()) addDeclared(workspace, memberTargets(workspace, object, name), out);
  } else if (!name.empty()) {
    addDeclared(workspace, nameTargets(workspace, place.module, begin, name), out);
  }
}

// `TARGET: TYPE =`, `TARGET =`; `begin`: of the statement or parameter, `equals`: of the sign.
static std::vector<Wanted> assigned(const CompletionPlace& place, uint32_t begin, uint32_t equals) {
  std::vector<Wanted> out;
  std::string_view head = place.module.text().substr(begin, equals - begin);
  std::vector<std::string_view> parts = partsOf(head, ':');
  if (parts.size() > 1) {
    addParts(place.server.workspace(), place.module, begin, parts.back(), 0, out);
  } else {
    size_t end = head.find_last_not_of(" \t");
    if (end != std::string_view::npos) addTarget(place, begin + static_cast<uint32_t>(end) + 1, out);
  }
  return out;
}

static std::vector<Wanted> returned(const CompletionPlace& place, uint32_t at) {
  std::vector<Wanted> out;
  std::vector<NodeId> path = nodesAt(place.module.ast(), at);
  for (size_t i = path.size(); i-- > 0;) {
    auto function = place.module.ast().tryAs<FunctionDef>(path[i]);
    if (!function) continue;
    addAnnotation(place.server.workspace(), place.module, function->returns(), out);
    break;
  }
  return out;
}

static std::vector<Wanted> passed(const CompletionPlace& place, const CallPlace& call) {
  Workspace& workspace = place.server.workspace();
  std::vector<Wanted> out;
  for (const Target& callee : call.callees) {
    NodeId parameter = parameterFor(call, callee);
    if (parameter.valid()) addAnnotation(workspace, *callee.module, callee.module->ast().as<Parameter>(parameter).annotation(), out);
  }
  for (const program::SignatureText& signature : call.known) {
    if (!call.callees.empty()) break;
    for (size_t i = 0; i < signature.parameters.size(); ++i) {
      bool is_meant = call.keyword.empty() ? i == call.index : signature.parameters[i].name == call.keyword;
      if (is_meant) addParts(workspace, place.module, place.cursor, signature.parameters[i].type, 0, out);
    }
  }
  return out;
}

static std::vector<Wanted> itemsOf(Workspace& workspace, const std::vector<Wanted>& containers, size_t argument) {
  std::vector<Wanted> out;
  for (const Wanted& one : containers) {
    if (one.arguments.size() > argument) addParts(workspace, *one.module, one.at, one.arguments[argument], 0, out);
  }
  return out;
}

// The value behind `"key":` in a display.
static std::vector<Wanted> valueFor(const CompletionPlace& place, uint32_t brace, size_t colon, int depth) {
  std::vector<Wanted> out, dicts = wantedAt(place, brace, depth + 1);
  std::string_view text = place.module.text();
  size_t end = text.find_last_not_of(" \t\r\n", colon - 1);
  bool is_string = end != std::string_view::npos && (text[end] == '"' || text[end] == '\'');
  size_t quote = is_string && end > 0 ? text.rfind(text[end], end - 1) : std::string_view::npos;
  for (const Wanted& dict : dicts) {
    if (quote != std::string_view::npos) {
      for (const Target& cls : dict.classes) addField(place.server.workspace(), cls, text.substr(quote + 1, end - quote - 1), out);
    }
  }
  return out.empty() ? itemsOf(place.server.workspace(), dicts, 1) : out;
}

static bool isWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// `at`: where the value begins; `last`: what stands before it, no blank.
static std::vector<Wanted> wantedIn(const CompletionPlace& place, uint32_t open, uint32_t at, size_t last, int depth) {
  Workspace& workspace = place.server.workspace();
  std::string_view text = place.module.text();
  if (text[open] == '{') {
    if (text[last] == ':') return valueFor(place, open, last, depth);
    return itemsOf(workspace, wantedAt(place, open, depth + 1), 0);
  }
  bool is_behind_value = open > 0 && (isWordByte(text[open - 1]) || text[open - 1] == ')' || text[open - 1] == ']');
  if (text[open] == '[') return is_behind_value ? std::vector<Wanted>() : itemsOf(workspace, wantedAt(place, open, depth + 1), 0);
  CallPlace call = callAround(workspace, place.module, at);
  if (call.valid() && call.open == open) return passed(place, call);
  // The value of a parameter that is being defined; what stands in parentheses of its own.
  if (text[last] == '=') return assigned(place, std::max<uint32_t>(open, static_cast<uint32_t>(text.find_last_of("(,", last))) + 1, static_cast<uint32_t>(last));
  return last == open && !is_behind_value ? wantedAt(place, open, depth + 1) : std::vector<Wanted>();
}

static std::vector<Wanted> wantedAt(const CompletionPlace& place, uint32_t at, int depth) {
  std::string_view text = place.module.text();
  size_t last = at == 0 ? std::string_view::npos : text.find_last_not_of(" \t\r\n\\", at - 1);
  if (last == std::string_view::npos || depth > kMostNested) return {};
  OpenEnds ends = openEndsAt(text, at);
  if (ends.in_comment || ends.in_string) return {};
  if (!ends.opens.empty()) return wantedIn(place, ends.opens[0], at, last, depth);
  uint32_t line = place.module.lines().lineStart(place.module.lines().lineOf(static_cast<uint32_t>(last)));
  bool is_assignment = text[last] == '=' && last > 0 && std::string_view("=!<>:+|").find(text[last - 1]) == std::string_view::npos;
  if (is_assignment) return assigned(place, line, static_cast<uint32_t>(last));
  bool is_return = last >= 5 && text.substr(last - 5, 6) == "return" && (last == 5 || !isWordByte(text[last - 6]));
  return is_return ? returned(place, at) : std::vector<Wanted>();
}

std::vector<Wanted> wantedAt(const CompletionPlace& place, uint32_t at) { return wantedAt(place, at, 0); }

std::vector<std::string> literalsOf(const std::vector<Wanted>& wanted) {
  std::vector<std::string> out;
  for (const Wanted& one : wanted) {
    if (one.head != "Literal") continue;
    for (const std::string& argument : one.arguments) {
      if (isQuoted(argument)) out.push_back(argument.substr(1, argument.size() - 2));
    }
  }
  return out;
}

// The keys that the display gives values to already.
static std::vector<std::string_view> writtenKeys(std::string_view text, uint32_t brace, uint32_t at) {
  std::vector<std::string_view> out;
  TextScan scan;
  for (size_t i = brace + 1; i < text.size() && scan.depth >= 0; ++i) {
    bool is_code = scan.take(text, i);
    if (!is_code || text[i] != ':' || scan.depth != 0) continue;
    size_t end = text.find_last_not_of(" \t\r\n", i - 1);
    size_t quote = end > brace && (text[end] == '"' || text[end] == '\'') ? text.rfind(text[end], end - 1) : std::string_view::npos;
    if (quote != std::string_view::npos && quote > brace && quote != at) out.push_back(text.substr(quote + 1, end - quote - 1));
  }
  return out;
}

std::vector<std::string> displayKeysAt(const CompletionPlace& place, uint32_t at) {
  std::vector<std::string> out;
  std::string_view text = place.module.text();
  size_t last = at == 0 ? std::string_view::npos : text.find_last_not_of(" \t\r\n", at - 1);
  if (last == std::string_view::npos || (text[last] != '{' && text[last] != ',')) return out;
  OpenEnds ends = openEndsAt(text, at);
  if (ends.opens.empty() || ends.in_string || text[ends.opens[0]] != '{') return out;
  Workspace& workspace = place.server.workspace();
  std::vector<std::string_view> written = writtenKeys(text, ends.opens[0], at);
  for (const Wanted& wanted : wantedAt(place, ends.opens[0])) {
    for (const Target& cls : wanted.classes) {
      std::vector<Target> line_of_classes = ancestorsOf(workspace, cls);
      line_of_classes.insert(line_of_classes.begin(), cls);
      bool is_dict = false;
      for (const Target& one : line_of_classes) {
        for (NodeId base : one.module->ast().as<ClassDef>(one.owner).args()) is_dict |= one.module->ast().text(base).ends_with("TypedDict");
      }
      if (!is_dict) continue;
      for (const Target& one : line_of_classes) {
        const Ast& ast = one.module->ast();
        if (one.module->path().ends_with("typing.pyi")) continue;
        for (NodeId statement : ast.as<ClassDef>(one.owner).body()) {
          auto field = ast.tryAs<AnnAssign>(statement);
          if (!field || !ast.is(field->target(), NodeKind::kName)) continue;
          std::string_view name = nameText(ast, field->target());
          if (std::find(written.begin(), written.end(), name) == written.end()) out.emplace_back(name);
        }
      }
    }
  }
  return out;
}

}  // namespace krait::lsp
