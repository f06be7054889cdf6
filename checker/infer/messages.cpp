#include "checker/infer/messages.h"

#include "checker/infer/forms.h"

#include <algorithm>

namespace krait::infer {

struct OperatorName {
  std::string_view method;
  std::string_view symbol;
};
static constexpr OperatorName kOperators[] = {
    {"__add__", "+"},   {"__sub__", "-"},     {"__mul__", "*"},        {"__truediv__", "/"}, {"__mod__", "%"},
    {"__divmod__", "divmod"}, {"__floordiv__", "//"}, {"__pow__", "**"}, {"__matmul__", "@"},  {"__and__", "&"},
    {"__or__", "|"},    {"__xor__", "^"},     {"__lshift__", "<<"},    {"__rshift__", ">>"}, {"__eq__", "=="},
    {"__ne__", "!="},   {"__lt__", "<"},      {"__ge__", ">="},        {"__gt__", ">"},      {"__le__", "<="},
    {"__contains__", "in"}};

std::string_view operatorSymbol(std::string_view method) {
  for (const OperatorName& op : kOperators) {
    if (op.method == method) return op.symbol;
  }
  return "";
}

std::string callableName(World& w, TypeId callee) {
  callee = proper(w, callee);
  if (w.types.is(callee, TypeKind::kOverloaded)) callee = w.types[callee].items[0];
  if (!w.types.is(callee, TypeKind::kCallable)) return "";
  NameId id = w.types.callable(callee).shape->name;
  if (!id.valid()) return "";
  std::string name(w.text(id));
  if (name.empty() || name[0] == '<') return name;
  std::string quoted = "\"" + name + "\"";
  for (size_t at = quoted.find(" of "); at != std::string::npos; at = quoted.find(" of ", at + 6)) {
    quoted.replace(at, 4, "\" of \"");
  }
  return quoted;
}

std::string forFunction(World& w, TypeId callee) {
  std::string name = callableName(w, callee);
  return name.empty() ? "" : " for " + name;
}

std::string prettySequence(const std::vector<std::string>& items, std::string_view conjunction) {
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) {
      bool last = i + 1 == items.size();
      if (!last) text += ", ";
      if (last) text += items.size() == 2 ? " " + std::string(conjunction) + " " : ", " + std::string(conjunction) + " ";
    }
    text += "\"" + items[i] + "\"";
  }
  return text;
}

// ---- similarity, as difflib.SequenceMatcher.ratio ----

static size_t matchingLength(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return 0;
  size_t best = 0, at_a = 0, at_b = 0;
  std::vector<size_t> lengths(b.size() + 1), previous(b.size() + 1);
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) {
      lengths[j + 1] = a[i] == b[j] ? previous[j] + 1 : 0;
      if (lengths[j + 1] > best) {
        best = lengths[j + 1];
        at_a = i + 1 - best;
        at_b = j + 1 - best;
      }
    }
    previous.swap(lengths);
  }
  if (best == 0) return 0;
  return best + matchingLength(a.substr(0, at_a), b.substr(0, at_b)) + matchingLength(a.substr(at_a + best), b.substr(at_b + best));
}

std::vector<std::string> bestMatches(std::string_view name, const std::vector<std::string>& options, size_t n) {
  std::vector<std::string> near;
  if (name.empty()) return near;
  for (const std::string& option : options) {
    double quick = 2.0 * static_cast<double>(std::min(name.size(), option.size())) / static_cast<double>(name.size() + option.size());
    if (quick > 0.75) near.push_back(option);
  }
  if (near.size() >= 50) {
    std::erase_if(near, [&](const std::string& option) {
      return std::max(option.size(), name.size()) - std::min(option.size(), name.size()) > 1;
    });
  }
  std::vector<std::pair<double, std::string>> rated;
  for (const std::string& option : near) {
    double ratio = 2.0 * static_cast<double>(matchingLength(name, option)) / static_cast<double>(name.size() + option.size());
    if (ratio > 0.75) rated.push_back({-ratio, option});
  }
  std::sort(rated.begin(), rated.end());
  std::vector<std::string> result;
  for (const auto& entry : rated) {
    if (result.size() < n && (result.empty() || result.back() != entry.second)) result.push_back(entry.second);
  }
  return result;
}

// ---- attributes ----

static std::vector<std::string> memberNames(World& w, TypeId instance) {
  std::vector<std::string> names;
  ClassId cls = w.types[instance].cls();
  w.members(cls);
  ownMember(w, cls, w.names.__init__);  // completes attributes that methods define
  for (SymbolId symbol : w.scopes[w.classes[cls].scope].names.in_order) {
    names.emplace_back(w.text(w.symbols[symbol].name));
  }
  return names;
}

static bool reportSpecialMember(Context& c, TypeId original, std::string_view name, NodeId at) {
  World& w = c.w;
  if (name == "__contains__") {
    fail(c, at, Code::kOperator, "Unsupported right operand type for in (" + formatType(w, original) + ")");
    return true;
  }
  std::string_view op = operatorSymbol(name);
  if (!op.empty()) {
    reportUnsupportedLeft(c, op, original, at);
    return true;
  }
  const char* unary = name == "__neg__" ? "-" : name == "__pos__" ? "+" : name == "__invert__" ? "~" : nullptr;
  if (unary != nullptr) {
    fail(c, at, Code::kOperator, std::string("Unsupported operand type for unary ") + unary + " (" + formatType(w, original) + ")");
    return true;
  }
  if (name == "__getitem__") {
    if (w.types.is(original, TypeKind::kCallable) && w.types.callable(original).isTypeObject()) {
      fail(c, at, Code::kMisc, "The type " + formatType(w, original) + " is not generic and not indexable");
    } else {
      fail(c, at, Code::kIndex, "Value of type " + formatType(w, original) + " is not indexable");
    }
    return true;
  }
  if (name == "__setitem__") {
    fail(c, at, Code::kIndex, "Unsupported target for indexed assignment (" + formatType(w, original) + ")");
    return true;
  }
  if (name == "__call__") {
    if (isNamed(w, original, "builtins.function")) {
      fail(c, at, Code::kOperator, "Cannot call function of unknown type");
    } else {
      reportNotCallable(c, original, at);
    }
    return true;
  }
  return false;
}

void reportNotCallable(Context& c, TypeId type, NodeId at) {
  fail(c, at, Code::kOperator, formatType(c.w, type) + " not callable");
}

static void reportMissingInUnion(Context& c, TypeId original, TypeId item, const std::string& name, const std::string& extra,
                                 NodeId at) {
  World& w = c.w;
  TypeId bound = original;
  bool is_variable = w.types.is(original, TypeKind::kTypeVar);
  if (is_variable) bound = proper(w, upperBound(w, TypeVarId(w.types[original].ref)));
  auto [item_text, union_text] = formatTwo(w, item, bound);
  if (item_text == "\"object\"") {
    for (TypeId member : unionItems(w, bound)) {
      if (isNone(w, member)) item_text = "\"None\"";
    }
  }
  if (is_variable) {
    fail(c, at, Code::kUnionAttr,
         "Item " + item_text + " of the upper bound " + union_text + " of type variable " + formatType(w, original) +
             " has no attribute \"" + name + "\"" + extra);
    return;
  }
  fail(c, at, Code::kUnionAttr, "Item " + item_text + " of " + union_text + " has no attribute \"" + name + "\"" + extra);
}

void reportNoAttribute(Context& c, TypeId original, TypeId type, NameId name_id, NodeId at, ModuleId module) {
  World& w = c.w;
  original = proper(w, original);
  std::string name(w.text(name_id));
  bool in_union = w.types.is(original, TypeKind::kUnion);
  if (w.types.is(original, TypeKind::kInstance) && findMember(w, w.types[original].cls(), name_id).found()) {
    fail(c, at, Code::kMisc, "Member \"" + name + "\" is not assignable");
    return;
  }
  if (reportSpecialMember(c, original, name, at)) return;
  std::string extra = name == "__iter__" ? " (not iterable)" : name == "__aiter__" ? " (not async iterable)" : "";
  if (in_union) {
    reportMissingInUnion(c, original, type, name, extra, at);
    return;
  }
  if (w.types.is(original, TypeKind::kTypeVar) &&
      w.types.is(proper(w, upperBound(w, TypeVarId(w.types[original].ref))), TypeKind::kUnion)) {
    reportMissingInUnion(c, original, type, name, extra, at);
    return;
  }
  if (w.types.is(original, TypeKind::kInstance)) {
    std::vector<std::string> options = memberNames(w, original);
    if (module.valid()) {
      options.clear();
      for (SymbolId symbol : w.scopes[w.modules[module].scope].names.in_order) {
        if (!w.symbols[symbol].has(kIsPrivateImport)) options.emplace_back(w.text(w.symbols[symbol].name));
      }
      for (const std::string& own : memberNames(w, original)) options.push_back(own);
    }
    std::erase(options, name);
    std::vector<std::string> matches;
    for (const char* usual : {"append", "extend"}) {
      if (name == "add" && std::find(options.begin(), options.end(), usual) != options.end()) matches.emplace_back(usual);
    }
    for (std::string& match : bestMatches(name, options, 3)) matches.push_back(std::move(match));
    if (name == "__aiter__" && matches.size() == 1 && matches[0] == "__iter__") matches.clear();
    if (!matches.empty()) {
      fail(c, at, Code::kAttrDefined,
           formatType(w, original) + " has no attribute \"" + name + "\"; maybe " + prettySequence(matches, "or") + "?" + extra);
      return;
    }
  }
  fail(c, at, Code::kAttrDefined, formatType(w, original) + " has no attribute \"" + name + "\"" + extra);
}

// ---- operators ----

void reportUnsupportedOperands(Context& c, std::string_view op, TypeId left, TypeId right, NodeId at, Code code) {
  World& w = c.w;
  std::string text;
  bool left_union = w.types.is(proper(w, left), TypeKind::kUnion);
  bool right_union = w.types.is(proper(w, right), TypeKind::kUnion);
  auto [left_text, right_text] = formatTwo(w, left, right);
  text = "Unsupported operand types for " + std::string(op) + " (" + left_text + " and " + right_text + ")";
  (void)left_union;
  (void)right_union;
  fail(c, at, code, text);
}

void reportUnsupportedLeft(Context& c, std::string_view op, TypeId type, NodeId at) {
  fail(c, at, Code::kOperator, "Unsupported left operand type for " + std::string(op) + " (" + formatType(c.w, type) + ")");
}

void reportDeprecated(Context& c, const std::string& text, NodeId at) {
  if (text.empty() || c.is_stub) return;
  if (c.options().report_deprecated_as_note) {
    note(c, at, Code::kDeprecated, text);
  } else {
    fail(c, at, Code::kDeprecated, text);
  }
}

std::string toTitle(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(text[0] >= 'a' && text[0] <= 'z' ? text[0] - 32 : text[0]);
  return text;
}

std::string stripQuotes(std::string text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
  return text;
}

}  // namespace krait::infer
