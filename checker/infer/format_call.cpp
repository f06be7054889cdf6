// "…".format(…): replacement fields against arguments. Follows mypy's checkstrformat.py.
#include "checker/infer/infer.h"
#include "checker/infer/library.h"

namespace krait::infer {

struct Field {
  std::string key;     // the name without accessors; numbered when it was empty
  std::string rest;    // the accessors behind the key
  char conversion = 0;
  bool has_spec = false;
  bool is_standard = true;  // the specification has the form of those of numbers and texts
  std::string spec;         // behind the colon
  bool has_flags = false;
  char type = 0;
};

static void formatError(Checker& c, NodeId at, std::string text) { fail(c, at, Code::kStrFormat, std::move(text)); }

static bool hasBraces(std::string_view text) { return text.find_first_of("{}") != std::string_view::npos; }

// [[fill]align][sign][#][0][width][,][.precision][type]; false: not of this form.
static bool parseStandard(std::string_view spec, Field& field) {
  size_t at = 0;
  auto isAlign = [](char ch) { return ch == '<' || ch == '>' || ch == '=' || ch == '^'; };
  if (spec.size() > 1 && isAlign(spec[1])) {
    at = 2;
  } else if (!spec.empty() && isAlign(spec[0])) {
    at = 1;
  }
  auto isDigit = [&] { return at < spec.size() && spec[at] >= '0' && spec[at] <= '9'; };
  auto skip = [&](std::string_view set) {
    if (at < spec.size() && set.find(spec[at]) != std::string_view::npos) ++at;
  };
  size_t before = at;
  skip("+- ");
  skip("#");
  skip("0");
  field.has_flags = at != before;
  while (isDigit()) ++at;
  skip(",_");
  if (at + 1 < spec.size() && spec[at] == '.' && spec[at + 1] >= '0' && spec[at + 1] <= '9') {
    ++at;
    while (isDigit()) ++at;
  }
  if (at < spec.size()) field.type = spec[at++];
  return at == spec.size();
}

// What stands between the braces: key, accessors, conversion, specification; false: malformed.
static bool parseField(std::string_view text, Field& field) {
  size_t at = std::min(text.size(), text.find_first_of(".[!:"));
  field.key = text.substr(0, at);
  size_t end = std::min(text.size(), text.find_first_of("!:", at));
  field.rest = text.substr(at, end - at);
  at = end;
  if (at < text.size() && text[at] == '!') {
    if (at + 1 >= text.size() || text[at + 1] == ':') return false;
    field.conversion = text[at + 1];
    at += 2;
  }
  if (at == text.size()) return true;
  if (text[at] != ':') return false;
  field.has_spec = true;
  field.spec = text.substr(at + 1);
  field.is_standard = parseStandard(field.spec, field);
  if (!field.is_standard) {
    field.has_flags = false;
    field.type = 0;
  }
  return true;
}

// The texts between braces that are not doubled; false: the braces do not match (reported).
static bool findTargets(Checker& c, std::string_view text, NodeId at, std::vector<std::string>& targets) {
  std::string target;
  int nesting = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char ch = text[i];
    bool is_doubled = i + 1 < text.size() && text[i + 1] == ch;
    if (nesting == 0) {
      if (ch != '{' && ch != '}') continue;
      if (is_doubled) {
        ++i;
      } else if (ch == '{') {
        nesting = 1;
      } else {
        formatError(c, at, "Invalid conversion specifier in format string: unexpected }");
        return false;
      }
      continue;
    }
    nesting += ch == '{' ? 1 : ch == '}' ? -1 : 0;
    if (nesting > 0) {
      target += ch;
    } else {
      targets.push_back(std::move(target));
      target.clear();
    }
  }
  if (nesting > 0) formatError(c, at, "Invalid conversion specifier in format string: unmatched {");
  return nesting == 0;
}

// The fields of a format text, nested ones after the field that they stand in; false: malformed (reported).
static bool parseFields(Checker& c, std::string_view text, NodeId at, std::vector<Field>& fields, bool is_nested) {
  std::vector<std::string> targets;
  if (!findTargets(c, text, at, targets)) return false;
  for (const std::string& target : targets) {
    Field field;
    if (!parseField(target, field)) {
      formatError(c, at, "Invalid conversion specifier in format string");
      return false;
    }
    if (hasBraces(field.key)) {
      formatError(c, at, "Conversion value must not contain { or }");
      return false;
    }
    fields.push_back(field);
    if (field.is_standard || !hasBraces(field.spec)) continue;
    if (is_nested) {
      formatError(c, at, "Formatting nesting must be at most two levels deep");
      return false;
    }
    if (!parseFields(c, ":" + field.spec, at, fields, true)) return false;
  }
  return true;
}

static bool isNumber(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos && text.size() < 6;
}

// Gives fields without a key their numbers; false: numbered and unnumbered ones are mixed (reported).
static bool numberFields(Checker& c, std::vector<Field>& fields, NodeId at) {
  bool has_auto = false, has_manual = false;
  int next = 0;
  for (Field& field : fields) {
    if (field.key.empty()) {
      has_auto = true;
      field.key = std::to_string(next++);
    } else if (isNumber(field.key)) {
      has_manual = true;
    }
  }
  if (has_auto && has_manual) {
    formatError(c, at, "Cannot combine automatic field numbering and manual field specification");
    return false;
  }
  return true;
}

struct FormatArguments {
  std::vector<NodeId> positional;
  std::vector<std::pair<std::string, NodeId>> named;
  NodeId star, star2;  // the first of each
  std::vector<bool> used_positional, used_named;
};

// The item of an unpacked sequence (`index` 0) or mapping (1); Any for what is none.
static TypeId unpackedValue(Checker& c, NodeId node, const char* base, size_t index) {
  World& w = c.w;
  TypeId given = proper(w, inferExpr(c, node));
  ClassId cls = lookupClass(w, "typing", base);
  if (cls.valid() && w.types.is(given, TypeKind::kInstance) && isSubclass(w, w.types[given].cls(), std::string("typing.") + base)) {
    TypeId mapped = mapToSupertype(w, given, cls);
    if (w.types[mapped].count > index) return w.types[mapped].items[index];
  }
  return w.types.any(AnyKind::kSpecialForm);
}

// The argument that a key names, or its type alone where it comes from an unpacked one; both none: there is no such.
static NodeId findArgument(Checker& c, FormatArguments& args, const std::string& key, TypeId& type) {
  if (isNumber(key)) {
    size_t index = std::stoul(key);
    if (index < args.positional.size()) {
      args.used_positional[index] = true;
      return args.positional[index];
    }
    if (args.star.valid()) type = unpackedValue(c, args.star, "Sequence", 0);
    return NodeId::none();
  }
  for (size_t i = 0; i < args.named.size(); ++i) {
    if (args.named[i].first != key) continue;
    args.used_named[i] = true;
    return args.named[i].second;
  }
  if (args.star2.valid()) type = unpackedValue(c, args.star2, "Mapping", 1);
  return NodeId::none();
}

// Has the type a method of its own by this name, none of builtins or typing? `all`: each member of a union must have it.
static bool hasOwnMethod(World& w, TypeId type, const char* name, bool all) {
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kAny)) return true;
  if (w.types.is(type, TypeKind::kUnion)) {
    for (TypeId item : unionItems(w, type)) {
      if (hasOwnMethod(w, item, name, all) != all) return !all;
    }
    return all;
  }
  if (w.types.is(type, TypeKind::kTuple)) type = fallbackOf(w, type);
  if (!w.types.is(type, TypeKind::kInstance)) return false;
  FoundMember found = findMember(w, w.types[type].cls(), w.name(name));
  if (!found.found()) return false;
  const std::string& owner = w.classes[found.owner].fullname;
  return !owner.starts_with("builtins.") && !owner.starts_with("typing.");
}

void reportBytesInText(Checker& c, NodeId node) {
  fail(c, node, Code::kStrBytesSafe, "If x = b'abc' then f\"{x}\" or \"{}\".format(x) produces \"b'abc'\", not \"abc\". If this is desired "
                                     "behavior, use f\"{x!r}\" or \"{!r}\".format(x). Otherwise, decode the bytes");
}

// What a field's type takes: any value, or a type; false: no such type (reported).
static bool wantedType(Checker& c, char type, NodeId call, TypeId& wanted) {
  World& w = c.w;
  wanted = w.types.any(AnyKind::kSpecialForm);
  if (type == 0 || std::string_view("asr").find(type) != std::string_view::npos) return true;
  TypeId number[] = {builtinType(w, "int"), builtinType(w, "float")};
  TypeId character[] = {builtinType(w, "int"), builtinType(w, "str")};
  if (std::string_view("bdoxX").find(type) != std::string_view::npos) {
    wanted = number[0];
  } else if (std::string_view("eEfFgGn%").find(type) != std::string_view::npos) {
    wanted = w.types.unionOf(number);
  } else if (type == 'c') {
    wanted = w.types.unionOf(character);
  } else {
    formatError(c, call, std::string("Unsupported format character \"") + type + "\"");
    return false;
  }
  return true;
}

static void checkCharacter(Checker& c, NodeId arg, TypeId given, NodeId call) {
  World& w = c.w;
  auto constant = arg.valid() ? c.ast->tryAs<syntax::Constant>(arg) : std::nullopt;
  bool is_text = constant && (constant->constantKind() == syntax::ConstantKind::kStr || constant->constantKind() == syntax::ConstantKind::kBytes);
  TypeId value = coerceToLiteral(w, proper(w, given));
  bool is_literal = w.types.is(value, TypeKind::kLiteral) && w.types.literalValue(value).kind == LiteralKind::kStr;
  bool is_long = (is_text && c.ast->string(constant->payload()).size() != 1) || (is_literal && w.types.literalValue(value).text.size() != 1);
  if (is_long) formatError(c, call, "\":c\" requires int or char");
}

// `given`: the type of the argument behind all accessors, `arg`: the argument, or none where accessors follow it.
static void checkField(Checker& c, const Field& field, TypeId given, NodeId arg, NodeId call) {
  World& w = c.w;
  if (!field.is_standard && !hasBraces(field.spec) && (field.conversion != 0 || !hasOwnMethod(w, given, "__format__", true))) {
    formatError(c, call, "Unrecognized format specification \"" + field.spec + "\"");
    return;
  }
  TypeId wanted;
  bool is_known = wantedType(c, field.type, call, wanted);
  if (field.conversion != 0) {
    if (std::string_view("rsa").find(field.conversion) == std::string_view::npos) {
      formatError(c, call, std::string("Invalid conversion type \"") + field.conversion + "\", must be one of \"r\", \"s\" or \"a\"");
    }
    given = builtinType(w, "str");
  }
  if (!is_known) return;
  TypeId both[] = {builtinType(w, "int"), builtinType(w, "float")};
  for (TypeId item : unionItems(w, given)) {
    TypeId plain = proper(w, item);
    if (hasOwnMethod(w, plain, "__format__", false)) continue;
    checkSubtype(c, plain, wanted, call, "Incompatible types in string interpolation", "expression has type", "placeholder has type", Code::kStrFormat);
    if (field.type == 'c') checkCharacter(c, arg, plain, call);
    if ((field.type == 0 || field.type == 's') && field.conversion == 0 && isShownAsBytes(w, plain)) reportBytesInText(c, call);
    if (!field.has_flags) continue;
    bool is_numeric = field.type == 0 ? isSubtype(w, plain, w.types.unionOf(both)) : std::string_view("bdoeEfFgGnxX%").find(field.type) != std::string_view::npos;
    if (!is_numeric) formatError(c, call, "Numeric flags are only allowed for numeric types");
  }
}

// x[key], as it stands in a field: a number, or else a text. none: not known, or there are no items (reported).
static TypeId itemByKey(Checker& c, TypeId given, const std::string& key, NodeId call) {
  World& w = c.w;
  TypeId plain = proper(w, given);
  if (w.types.is(plain, TypeKind::kTuple) && isNumber(key)) {
    size_t index = std::stoul(key);
    std::span<const TypeId> items = w.types[plain].args();
    for (TypeId item : items) {
      if (w.types.is(item, TypeKind::kUnpack)) return TypeId::none();
    }
    if (index < items.size()) return items[index];
    fail(c, call, Code::kMisc, "Tuple index out of range");
    return TypeId::none();
  }
  if (w.types.is(plain, TypeKind::kTypedDict)) {
    for (const TypedDictItem& item : w.types.typedDictItems(plain)) {
      if (w.text(item.name) == key) return item.type;
    }
    if (!isNumber(key)) typedDictKeyNotFound(c, plain, key, call, false);
    return TypeId::none();
  }
  if (!w.types.is(plain, TypeKind::kInstance)) return TypeId::none();
  if (!findMember(w, w.types[plain].cls(), w.names.__getitem__).found()) {
    bool is_open = w.classes[w.types[plain].cls()].has(kClassFallbackToAny);
    if (!is_open) fail(c, call, Code::kIndex, "Value of type " + formatType(w, given) + " is not indexable");
    return TypeId::none();
  }
  std::vector<Arg> args{Arg{NodeId::none(), ArgKind::kPos, NameId::none(), builtinType(w, isNumber(key) ? "int" : "str")}};
  return callMethod(c, w.names.__getitem__, given, std::move(args), call).ret;
}

// One of `.a` and `[0]` behind the key.
struct Accessor {
  bool is_item = false;
  std::string name;
};

enum class AccessorForm { kFine, kSyntaxError, kBadIndex, kOther };

// The accessors behind a key, as far as they are some.
static AccessorForm parseAccessors(std::string_view rest, std::vector<Accessor>& accessors) {
  auto wordEnd = [&](size_t at) {
    while (at < rest.size() && (isalnum(static_cast<unsigned char>(rest[at])) || rest[at] == '_' || (rest[at] & 0x80))) ++at;
    return at;
  };
  auto startsName = [](char ch) { return ch < '0' || ch > '9'; };
  AccessorForm form = AccessorForm::kFine;
  for (size_t at = 0; at < rest.size();) {
    if (rest[at] == '.') {
      size_t end = wordEnd(at + 1);
      if (end == at + 1 || !startsName(rest[at + 1])) return AccessorForm::kSyntaxError;
      accessors.push_back({false, std::string(rest.substr(at + 1, end - at - 1))});
      at = end;
      continue;
    }
    if (rest[at] != '[' && rest[at] != '(') return std::string_view("+-*/%|&^<>@ ").find(rest[at]) != std::string_view::npos ? AccessorForm::kOther : AccessorForm::kSyntaxError;
    bool is_item = rest[at] == '[';
    int depth = 0;
    size_t close = at;
    for (; close < rest.size(); ++close) {
      if (rest[close] == '[' || rest[close] == '(') ++depth;
      if ((rest[close] == ']' || rest[close] == ')') && --depth == 0) break;
    }
    if (close == rest.size() || rest[close] != (is_item ? ']' : ')') || (is_item && close == at + 1)) return AccessorForm::kSyntaxError;
    std::string inside(rest.substr(at + 1, close - at - 1));
    bool is_number = inside.find_first_not_of("0123456789") == std::string::npos;
    bool is_word = wordEnd(at + 1) == close && (is_number || startsName(rest[at + 1]));
    if (is_item && wordEnd(at + 1) == close && !is_word) return AccessorForm::kSyntaxError;
    // The last accessor is judged first.
    if (!is_item) {
      form = AccessorForm::kOther;
    } else if (!is_word) {
      form = AccessorForm::kBadIndex;
    }
    accessors.push_back({is_item, inside});
    at = close + 1;
  }
  return form;
}

// The type of what the accessors behind the key lead to; none: they are malformed or lead nowhere (reported).
static TypeId throughAccessors(Checker& c, const Field& field, TypeId given, NodeId call) {
  std::vector<Accessor> accessors;
  std::string whole = field.key + field.rest;
  switch (parseAccessors(field.rest, accessors)) {
    case AccessorForm::kFine: break;
    case AccessorForm::kSyntaxError: formatError(c, call, "Syntax error in format specifier \"" + whole + "\""); return TypeId::none();
    case AccessorForm::kBadIndex: formatError(c, call, "Invalid index expression in format field accessor \"" + field.rest + "\""); return TypeId::none();
    case AccessorForm::kOther:
      formatError(c, call, "Only index and member expressions are allowed in format field accessors; got \"" + whole + "\"");
      return TypeId::none();
  }
  for (const Accessor& accessor : accessors) {
    if (!given.valid()) break;
    given = accessor.is_item ? itemByKey(c, given, accessor.name, call) : attributeOf(c, given, c.w.name(accessor.name), call);
  }
  return given;
}

// Without arguments that are unpacked or not, all that were written must have been used.
static void reportUnused(Checker& c, const FormatArguments& args, NodeId call) {
  bool unused = false;
  for (bool used : args.used_positional) unused = unused || !used;
  for (bool used : args.used_named) unused = unused || !used;
  if (unused) formatError(c, call, "Not all arguments converted during string formatting");
}

void checkFormatCall(Checker& c, NodeId call_node) {
  World& w = c.w;
  auto call = c.ast->as<syntax::Call>(call_node);
  auto method = c.ast->tryAs<syntax::Attribute>(call.func());
  if (!method || syntax::nameOf(*c.ast, method->attr()) != w.names.format) return;
  std::vector<std::string> texts;
  if (auto text = syntax::stringValue(*c.ast, method->value())) {
    texts.emplace_back(*text);
  } else {
    TypeId base = c.nodeType(method->value());
    if (!base.valid()) return;
    TypeId instance = fallbackOf(w, proper(w, base));
    bool is_enum = w.types.is(instance, TypeKind::kInstance) && w.header(w.types[instance].cls()).has(kClassEnum);
    if (is_enum && isSubclass(w, w.types[instance].cls(), "builtins.str")) {
      TypeId value = proper(w, enumAttribute(c, base, w.names.value, TypeId::none()));
      value = value.valid() ? coerceToLiteral(w, value) : value;
      bool is_text = w.types.is(value, TypeKind::kLiteral) && w.types.literalValue(value).kind == LiteralKind::kStr;
      if (is_text && isLiteralLike(w, base)) texts.emplace_back(w.types.literalValue(value).text);
    } else if (isNamed(w, instance, "builtins.str")) {
      texts = literalKeys(c, method->value());
    }
  }
  if (texts.size() != 1) return;
  std::vector<Field> fields;
  if (!parseFields(c, texts[0], call_node, fields, false) || !numberFields(c, fields, call_node)) return;
  FormatArguments args;
  for (NodeId arg : call.args()) {
    if (auto keyword = c.ast->tryAs<syntax::Keyword>(arg)) {
      if (keyword->arg().valid()) args.named.emplace_back(std::string(syntax::nameText(*c.ast, keyword->arg())), keyword->value());
      if (!keyword->arg().valid() && !args.star2.valid()) args.star2 = keyword->value();
    } else if (auto starred = c.ast->tryAs<syntax::Starred>(arg)) {
      if (!args.star.valid()) args.star = starred->value();
    } else {
      args.positional.push_back(arg);
    }
  }
  args.used_positional.resize(args.positional.size());
  args.used_named.resize(args.named.size());
  std::vector<std::pair<NodeId, TypeId>> replacements;
  for (const Field& field : fields) {
    TypeId type;
    NodeId arg = findArgument(c, args, field.key, type);
    if (!arg.valid() && !type.valid()) {
      formatError(c, call_node, isNumber(field.key) ? "Cannot find replacement for positional format specifier " + field.key
                                                    : "Cannot find replacement for named format specifier \"" + field.key + "\"");
      type = w.types.any(AnyKind::kFromError);
    }
    replacements.emplace_back(arg, type);
  }
  reportUnused(c, args, call_node);
  for (size_t i = 0; i < fields.size(); ++i) {
    auto [arg, type] = replacements[i];
    TypeId given = throughAccessors(c, fields[i], arg.valid() ? inferExpr(c, arg) : type, call_node);
    checkField(c, fields[i], given.valid() ? given : w.types.any(AnyKind::kFromError), fields[i].rest.empty() ? arg : NodeId::none(), call_node);
  }
}

}  // namespace krait::infer
