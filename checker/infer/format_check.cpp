// printf-style formatting: the specifiers of "…" % x against the types of x. Follows mypy's checkstrformat.py.
#include "checker/infer/infer.h"
#include "checker/infer/library.h"
#include "checker/relations/literal_string.h"

namespace krait::infer {

struct Specifier {
  std::string key;
  bool has_key = false;
  bool width_star = false;
  bool precision_star = false;
  char type = 0;
};

static bool isFlag(char c) { return c == '#' || c == '0' || c == '-' || c == ' ' || c == '+'; }
static bool isDigit(char c) { return c >= '0' && c <= '9'; }

static std::vector<Specifier> parseSpecifiers(std::string_view text) {
  std::vector<Specifier> specifiers;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') continue;
    Specifier specifier;
    size_t at = i + 1;
    if (at < text.size() && text[at] == '(') {
      size_t close = text.find(')', at);
      if (close != std::string_view::npos) {
        specifier.key = text.substr(at + 1, close - at - 1);
        specifier.has_key = true;
        at = close + 1;
      }
    }
    while (at < text.size() && isFlag(text[at])) ++at;
    if (at < text.size() && text[at] == '*') {
      specifier.width_star = true;
      ++at;
    } else {
      while (at < text.size() && isDigit(text[at])) ++at;
    }
    if (at < text.size() && text[at] == '.') {
      ++at;
      if (at < text.size() && text[at] == '*') {
        specifier.precision_star = true;
        ++at;
      } else {
        while (at < text.size() && isDigit(text[at])) ++at;
      }
    }
    if (at < text.size() && (text[at] == 'h' || text[at] == 'l' || text[at] == 'L')) ++at;
    if (at < text.size()) specifier.type = text[at];  // 0: the text ends
    specifiers.push_back(specifier);
    i = at;
  }
  return specifiers;
}

static void formatError(Checker& c, NodeId at, std::string text) { fail(c, at, Code::kStrFormat, std::move(text)); }

// What a conversion takes: any value, or a type; false: no such conversion (reported).
static bool conversionType(Checker& c, char type, bool is_bytes, NodeId at, TypeId& wanted) {
  World& w = c.w;
  wanted = w.types.any(AnyKind::kSpecialForm);
  switch (type) {
    case 'b':
      if (!is_bytes) {
        formatError(c, at, "Format character \"b\" is only supported on bytes patterns");
        return false;
      }
      wanted = builtinType(w, "bytes");
      return true;
    case 's':
    case 'r':
    case 'a': return true;
    case 'o':
    case 'x':
    case 'X': wanted = builtinType(w, "int"); return true;
    case 'd':
    case 'i':
    case 'u': {
      TypeId all[] = {builtinType(w, "int"), builtinType(w, "float"), namedType(w, "typing", "SupportsInt")};
      wanted = w.types.unionOf(all);
      return true;
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
      TypeId all[] = {builtinType(w, "int"), builtinType(w, "float"), namedType(w, "typing", "SupportsFloat")};
      wanted = w.types.unionOf(all);
      return true;
    }
    case 'c': {
      TypeId all[] = {builtinType(w, "int"), builtinType(w, is_bytes ? "bytes" : "str")};
      wanted = w.types.unionOf(all);
      return true;
    }
    default: formatError(c, at, std::string("Unsupported format character \"") + type + "\""); return false;
  }
}

static bool hasClass(World& w, TypeId type, std::string_view fullname) {
  for (TypeId item : unionItems(w, type)) {
    TypeId plain = proper(w, item);
    if (isPlainTypeVar(w, plain)) {
      for (TypeId value : valuesOf(w, TypeVarId(w.types[plain].ref))) {
        if (hasClass(w, value, fullname)) return true;
      }
      plain = proper(w, upperBound(w, TypeVarId(w.types[plain].ref)));
    }
    if (w.types.is(plain, TypeKind::kInstance) && isSubclass(w, w.types[plain].cls(), fullname)) return true;
    if (w.types.is(plain, TypeKind::kLiteral) && isNamed(w, fallbackOf(w, plain), fullname)) return true;
  }
  return false;
}

bool isShownAsBytes(World& w, TypeId type) {
  if (!hasClass(w, type, "builtins.bytes")) return false;
  TypeId plain = proper(w, type);
  if (!w.types.is(plain, TypeKind::kInstance)) return true;
  FoundMember text = findMember(w, w.types[plain].cls(), w.name("__str__"));
  return !text.found() || w.classes[text.owner].fullname.starts_with("builtins.");
}

// Reports bytes in a text's %s, and texts in that of bytes.
static void checkText(Checker& c, bool is_bytes, TypeId given, NodeId at) {
  if (!is_bytes && hasClass(c.w, given, "builtins.bytes")) {
    fail(c, at, Code::kStrBytesSafe, "If x = b'abc' then \"%s\" % x produces \"b'abc'\", not \"abc\". If this is desired behavior use \"%r\" % x. "
                                     "Otherwise, decode the bytes");
  } else if (is_bytes && hasClass(c.w, given, "builtins.str")) {
    fail(c, at, Code::kStrFormat, "On Python 3 b'%s' requires bytes, not string");
  }
}

// What one conversion, or a star, takes.
struct Slot {
  char type = 0;  // 0: a star
  TypeId wanted;
};

// `value`: the expression whose type is given, or none where it is a part of another.
static void checkSlot(Checker& c, const Slot& slot, bool is_bytes, TypeId given, NodeId value, NodeId at) {
  if (slot.type == 0) {
    checkSubtype(c, given, slot.wanted, at, "* wants int", nullptr, nullptr, Code::kStrFormat);
    return;
  }
  if (slot.type != 'c') {
    bool fits = checkSubtype(c, given, slot.wanted, at, "Incompatible types in string interpolation", "expression has type", "placeholder has type", Code::kStrFormat);
    if (fits && slot.type == 's') checkText(c, is_bytes, given, at);
    return;
  }
  std::string message = is_bytes ? "\"%c\" requires an integer in range(256) or a single byte" : "\"%c\" requires int or char";
  if (!checkSubtype(c, given, slot.wanted, at, message, "expression has type", nullptr, Code::kStrFormat)) return;
  auto constant = value.valid() ? c.ast->tryAs<syntax::Constant>(value) : std::nullopt;
  if (!constant || (constant->constantKind() != syntax::ConstantKind::kStr && constant->constantKind() != syntax::ConstantKind::kBytes)) return;
  if (c.ast->string(constant->payload()).size() != 1) formatError(c, at, message);
}

// `format`: the text in front of the %, where some findings stand.
static void checkMapping(Checker& c, const std::vector<Specifier>& specifiers, bool is_bytes, NodeId format, NodeId right) {
  World& w = c.w;
  auto dict = c.ast->tryAs<syntax::Dict>(right);
  bool literal = dict.has_value();
  std::vector<std::pair<std::string, NodeId>> entries;
  for (size_t i = 0; literal && i < dict->values().size(); ++i) {
    NodeId key = dict->keys()[i];
    auto constant = key.valid() ? c.ast->tryAs<syntax::Constant>(key) : std::nullopt;
    bool is_str = constant && constant->constantKind() == syntax::ConstantKind::kStr;
    bool is_bytes_key = constant && constant->constantKind() == syntax::ConstantKind::kBytes;
    literal = is_str || is_bytes_key;
    if (!literal) break;
    if (is_bytes && is_str) {
      formatError(c, format, "Dictionary keys in bytes formatting must be bytes, not strings");
    }
    entries.emplace_back(std::string(c.ast->string(constant->payload())), dict->values()[i]);
  }
  if (!literal) {
    TypeId given = inferExpr(c, right);
    TypeId args[] = {is_bytes ? builtinType(w, "bytes") : builtinType(w, "str"), w.types.any(AnyKind::kSpecialForm)};
    TypeId mapping = namedType(w, "typing", "Mapping", args);
    checkSubtype(c, given, mapping, right, "Format requires a mapping", "expression has type", "expected type for mapping is", Code::kStrFormat);
    return;
  }
  for (const auto& entry : entries) inferExpr(c, entry.second);
  for (const Specifier& specifier : specifiers) {
    if (specifier.type == '%') continue;
    const std::pair<std::string, NodeId>* found = nullptr;
    for (const auto& entry : entries) {
      if (entry.first == specifier.key) found = &entry;
    }
    if (found == nullptr) {
      formatError(c, right, "Key \"" + specifier.key + "\" not found in mapping");
      return;
    }
    TypeId wanted;
    if (specifier.type == 0 || !conversionType(c, specifier.type, is_bytes, right, wanted)) return;
    TypeId given = inferExpr(c, found->second);
    std::string label = "placeholder with key '" + specifier.key + "' has type";
    checkSubtype(c, given, wanted, right, "Incompatible types in string interpolation", "expression has type", label.c_str(), Code::kStrFormat);
    if (specifier.type == 's') checkText(c, is_bytes, given, format);
  }
}

// `given`: the type of `right`, or one member of that union. `is_part`: it is such a member.
static void checkValues(Checker& c, const std::vector<Slot>& slots, bool is_bytes, TypeId given, NodeId right, bool is_part) {
  World& w = c.w;
  given = proper(w, given);
  std::vector<TypeId> types;
  if (w.types.is(given, TypeKind::kTuple)) {
    for (TypeId item : w.types[given].args()) {
      if (w.types.is(item, TypeKind::kUnpack)) return;
      types.push_back(item);
    }
  } else if (w.types.is(given, TypeKind::kAny)) {
    return;
  } else if (isNamed(w, given, "builtins.tuple") && w.types[given].count == 1) {
    types.assign(slots.size(), w.types[given].items[0]);
  } else if (w.types.is(given, TypeKind::kUnion)) {
    for (TypeId item : unionItems(w, given)) checkValues(c, slots, is_bytes, item, right, true);
    return;
  } else {
    types.push_back(given);
  }
  if (slots.size() > types.size()) {
    ClassId iterable = lookupClass(w, "typing", "Iterable");
    bool open = !w.types.is(given, TypeKind::kTuple) && iterable.valid() && isSubtype(w, given, instanceWithAny(w, iterable));
    if (!open) formatError(c, right, "Not enough arguments for format string");
    return;
  }
  if (slots.size() < types.size()) {
    formatError(c, right, "Not all arguments converted during string formatting");
    return;
  }
  auto tuple = is_part ? std::nullopt : c.ast->tryAs<syntax::Tuple>(right);
  bool is_written = tuple && tuple->elts().size() == slots.size();
  if (tuple) {
    for (NodeId item : tuple->elts()) is_written = is_written && !c.ast->is(item, NodeKind::kStarred);
  }
  if (slots.size() == 1) {
    bool is_tuple = w.types.is(given, TypeKind::kTuple) && w.types[given].args().size() == 1;
    checkSlot(c, slots[0], is_bytes, is_tuple ? types[0] : given, is_tuple || is_part ? NodeId::none() : right, right);
    return;
  }
  for (size_t i = 0; i < slots.size(); ++i) {
    NodeId value = is_written ? tuple->elts()[i] : NodeId::none();
    checkSlot(c, slots[i], is_bytes, value.valid() ? inferExpr(c, value, slots[i].wanted) : types[i], value, right);
  }
}

static void checkPositional(Checker& c, const std::vector<Specifier>& specifiers, bool is_bytes, NodeId right) {
  std::vector<Slot> slots;
  for (const Specifier& specifier : specifiers) {
    Slot star{0, builtinType(c.w, "int")};
    if (specifier.width_star) slots.push_back(star);
    if (specifier.precision_star) slots.push_back(star);
    if (specifier.type == '%' || specifier.type == 0) continue;
    Slot slot{specifier.type, TypeId::none()};
    if (!conversionType(c, specifier.type, is_bytes, right, slot.wanted)) return;
    slots.push_back(slot);
  }
  checkValues(c, slots, is_bytes, inferExpr(c, right), right, false);
}

TypeId inferPercentFormat(Checker& c, NodeId node) {
  World& w = c.w;
  auto op = c.ast->as<syntax::BinOp>(node);
  auto constant = c.ast->tryAs<syntax::Constant>(op.left());
  if (!constant) return TypeId::none();
  bool is_bytes = constant->constantKind() == syntax::ConstantKind::kBytes;
  if (!is_bytes && constant->constantKind() != syntax::ConstantKind::kStr) return TypeId::none();
  inferExpr(c, op.left());
  TypeId right = proper(w, inferExpr(c, op.right()));
  TypeId result = builtinType(w, is_bytes ? "bytes" : "str");
  bool is_literal = !is_bytes && follows(*c.options, Divergence::kLiteralStrings);
  if (w.types.is(right, TypeKind::kTuple)) {
    for (TypeId item : w.types[right].args()) is_literal = is_literal && isLiteralText(w, item);
  } else {
    is_literal = is_literal && isLiteralText(w, right);
  }
  if (is_literal) result = literalString(w);
  std::vector<Specifier> specifiers = parseSpecifiers(c.ast->string(constant->payload()));
  bool has_key = false, has_star = false, all_keys = true;
  for (const Specifier& specifier : specifiers) {
    has_key = has_key || specifier.has_key;
    has_star = has_star || specifier.width_star || specifier.precision_star;
    all_keys = all_keys && (specifier.has_key || specifier.type == '%');
  }
  if (has_key && has_star) {
    formatError(c, op.left(), "String interpolation contains both stars and mapping keys");
  } else if (has_key && !all_keys) {
    formatError(c, op.left(), "String interpolation mixes specifier with and without mapping keys");
  } else if (has_key) {
    checkMapping(c, specifiers, is_bytes, op.left(), op.right());
  } else {
    checkPositional(c, specifiers, is_bytes, op.right());
  }
  return result;
}

}  // namespace krait::infer
