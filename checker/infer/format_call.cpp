// "…".format(…): replacement fields against arguments. Follows mypy's checkstrformat.py.
#include "checker/infer/infer.h"
#include "checker/infer/library.h"

namespace krait::infer {

struct Field {
  std::string name;       // before the conversion and the specification, with accessors
  std::string key;        // the name without accessors; numbered when it was empty
  char conversion = 0;
  std::string spec;
  bool has_spec = false;
  bool spec_is_dynamic = false;
};

static void formatError(Checker& c, NodeId at, std::string text) { fail(c, at, Code::kStrFormat, std::move(text)); }

// The fields of a format text, nested ones after the field that they stand in; false: malformed (reported).
static bool parseFields(Checker& c, std::string_view text, NodeId at, std::vector<Field>& fields, int depth) {
  size_t i = 0;
  while (i < text.size()) {
    char ch = text[i];
    if (ch == '}' && depth == 0) {
      if (i + 1 < text.size() && text[i + 1] == '}') {
        i += 2;
        continue;
      }
      formatError(c, at, "Invalid conversion specifier in format string: unexpected }");
      return false;
    }
    if (ch != '{') {
      ++i;
      continue;
    }
    if (depth == 0 && i + 1 < text.size() && text[i + 1] == '{') {
      i += 2;
      continue;
    }
    size_t end = i + 1;
    int nesting = 1;
    for (; end < text.size() && nesting > 0; ++end) {
      if (text[end] == '{') ++nesting;
      if (text[end] == '}') --nesting;
    }
    if (nesting > 0) {
      formatError(c, at, "Invalid conversion specifier in format string: unmatched {");
      return false;
    }
    if (depth > 1) {
      formatError(c, at, "Formatting nesting must be at most two levels deep");
      return false;
    }
    std::string_view body = text.substr(i + 1, end - i - 2);
    Field field;
    size_t stop = 0;
    int bracket = 0;
    while (stop < body.size() && (bracket > 0 || (body[stop] != ':' && body[stop] != '!'))) {
      if (body[stop] == '[') ++bracket;
      if (body[stop] == ']') --bracket;
      ++stop;
    }
    field.name = body.substr(0, stop);
    if (stop < body.size() && body[stop] == '!') {
      if (stop + 1 < body.size()) field.conversion = body[stop + 1];
      stop += 2;
    }
    std::string_view rest = stop < body.size() && body[stop] == ':' ? body.substr(stop + 1) : std::string_view();
    field.has_spec = stop < body.size() && body[stop] == ':';
    field.spec = rest;
    field.spec_is_dynamic = rest.find('{') != std::string_view::npos;
    size_t accessor = field.name.find_first_of(".[");
    field.key = field.name.substr(0, accessor);
    fields.push_back(field);
    if (field.spec_is_dynamic && !parseFields(c, rest, at, fields, depth + 1)) return false;
    i = end;
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
  bool has_star = false, has_star2 = false;
  std::vector<bool> used_positional, used_named;
};

static NodeId findArgument(FormatArguments& args, const std::string& key, bool& open) {
  open = false;
  if (isNumber(key)) {
    size_t index = std::stoul(key);
    if (index < args.positional.size()) {
      args.used_positional[index] = true;
      return args.positional[index];
    }
    open = args.has_star;
    return NodeId::none();
  }
  for (size_t i = 0; i < args.named.size(); ++i) {
    if (args.named[i].first != key) continue;
    args.used_named[i] = true;
    return args.named[i].second;
  }
  open = args.has_star2;
  return NodeId::none();
}

// [[fill]align][sign][z][#][0][width][,][.precision][type]: the type, 0 without one, and whether sign, # or 0 stand there;
// false: not of this form.
static bool standardType(std::string_view spec, char& type, bool& has_flags) {
  size_t at = 0;
  auto isAlign = [](char ch) { return ch == '<' || ch == '>' || ch == '=' || ch == '^'; };
  if (spec.size() > 1 && isAlign(spec[1])) {
    at = 2;
  } else if (!spec.empty() && isAlign(spec[0])) {
    at = 1;
  }
  auto skip = [&](std::string_view set) {
    if (at < spec.size() && set.find(spec[at]) != std::string_view::npos) ++at;
  };
  size_t before = at;
  skip("+- ");
  skip("#");
  skip("0");
  has_flags = at != before;
  while (at < spec.size() && spec[at] >= '0' && spec[at] <= '9') ++at;
  skip(",_");
  if (at < spec.size() && spec[at] == '.') {
    ++at;
    while (at < spec.size() && spec[at] >= '0' && spec[at] <= '9') ++at;
  }
  type = 0;
  if (at < spec.size()) type = spec[at++];
  return at == spec.size();
}

static bool hasOwnFormat(World& w, TypeId type) {
  if (!w.types.is(type, TypeKind::kInstance)) return false;
  FoundMember found = findMember(w, w.types[type].cls(), w.name("__format__"));
  if (!found.found()) return false;
  const std::string& owner = w.classes[found.owner].fullname;
  return owner != "builtins.object" && owner != "builtins.int" && owner != "builtins.float" && owner != "builtins.str";
}

void reportBytesInText(Checker& c, NodeId node) {
  fail(c, node, Code::kStrBytesSafe, "If x = b'abc' then f\"{x}\" or \"{}\".format(x) produces \"b'abc'\", not \"abc\". If this is desired "
                                     "behavior, use f\"{x!r}\" or \"{!r}\".format(x). Otherwise, decode the bytes");
}

static void checkField(Checker& c, const Field& field, TypeId given, NodeId at, NodeId call) {
  World& w = c.w;
  if (isShownAsBytes(w, given) && field.conversion == 0 && (!field.has_spec || field.spec.empty() || field.spec.back() == 's')) {
    reportBytesInText(c, call);
    return;
  }
  if (field.conversion != 0 && std::string_view("rsa").find(field.conversion) == std::string_view::npos) {
    formatError(c, call, std::string("Invalid conversion type \"") + field.conversion + "\", must be one of \"r\", \"s\" or \"a\"");
  }
  if (!field.has_spec || field.spec_is_dynamic || field.spec.empty()) return;
  if (field.conversion != 0) given = builtinType(w, "str");
  char type = 0;
  bool has_flags = false;
  bool standard = standardType(field.spec, type, has_flags);
  TypeId both[] = {builtinType(w, "int"), builtinType(w, "float")};
  TypeId numbers = w.types.unionOf(both);
  for (TypeId item : unionItems(w, given)) {
    TypeId plain = proper(w, item);
    if (hasOwnFormat(w, plain) || w.types.is(plain, TypeKind::kAny)) continue;
    if (!standard) {
      formatError(c, call, "Unrecognized format specification \"" + field.spec + "\"");
      return;
    }
    if (has_flags && (type == 0 ? !isSubtype(w, plain, numbers) : std::string_view("bdoeEfFgGnxX%").find(type) == std::string_view::npos)) {
      formatError(c, call, "Numeric flags are only allowed for numeric types");
    }
    if (type == 0 || type == 's') continue;
    TypeId wanted;
    if (std::string_view("bdoxX").find(type) != std::string_view::npos) {
      wanted = builtinType(w, "int");
    } else if (std::string_view("eEfFgG%").find(type) != std::string_view::npos) {
      wanted = numbers;
    } else if (type == 'n') {
      wanted = numbers;
    } else if (type == 'c') {
      TypeId characters[] = {builtinType(w, "int"), builtinType(w, "str")};
      TypeId value = coerceToLiteral(w, plain);
      bool is_long = w.types.is(value, TypeKind::kLiteral) && w.types.literalValue(value).kind == LiteralKind::kStr && w.types.literalValue(value).text.size() != 1;
      if (is_long || !isSubtype(w, plain, w.types.unionOf(characters))) formatError(c, call, "\":c\" requires int or char");
      continue;
    } else {
      formatError(c, call, std::string("Unsupported format character \"") + type + "\"");
      return;
    }
    checkSubtype(c, plain, wanted, call, "Incompatible types in string interpolation", "expression has type", "placeholder has type", Code::kStrFormat);
  }
  (void)at;
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
  if (!w.types.is(plain, TypeKind::kInstance)) return TypeId::none();
  if (!findMember(w, w.types[plain].cls(), w.names.__getitem__).found()) {
    bool is_open = w.classes[w.types[plain].cls()].has(kClassFallbackToAny);
    if (!is_open) fail(c, call, Code::kIndex, "Value of type " + formatType(w, given) + " is not indexable");
    return TypeId::none();
  }
  std::vector<Arg> args{Arg{NodeId::none(), ArgKind::kPos, NameId::none(), builtinType(w, isNumber(key) ? "int" : "str")}};
  return callMethod(c, w.names.__getitem__, given, std::move(args), call).ret;
}

// `.a` and `[0]` behind the key.
static TypeId throughAccessors(Checker& c, const Field& field, TypeId given, NodeId call) {
  World& w = c.w;
  std::string_view rest = std::string_view(field.name).substr(std::min(field.name.size(), field.name.find_first_of(".[")));
  while (!rest.empty() && given.valid()) {
    if (rest[0] == '.') {
      size_t end = rest.find_first_of(".[", 1);
      std::string_view name = rest.substr(1, end == std::string_view::npos ? end : end - 1);
      given = attributeOf(c, given, w.name(name), call);
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    } else {
      size_t close = rest.find(']');
      if (rest[0] != '[' || close == std::string_view::npos) return TypeId::none();
      std::string key(rest.substr(1, close - 1));
      bool is_word = !key.empty() && key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == std::string::npos;
      if (!is_word || (!isNumber(key) && key[0] >= '0' && key[0] <= '9')) {
        formatError(c, call, "Invalid index expression in format field accessor \"" + field.name.substr(std::min(field.name.size(), field.name.find_first_of(".["))) + "\"");
        return TypeId::none();
      }
      given = itemByKey(c, given, key, call);
      rest = rest.substr(close + 1);
    }
  }
  return given;
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
  if (!parseFields(c, texts[0], call_node, fields, 0) || !numberFields(c, fields, call_node)) return;
  FormatArguments args;
  for (NodeId arg : call.args()) {
    if (auto keyword = c.ast->tryAs<syntax::Keyword>(arg)) {
      if (keyword->arg().valid()) args.named.emplace_back(std::string(syntax::nameText(*c.ast, keyword->arg())), keyword->value());
      if (!keyword->arg().valid()) args.has_star2 = true;
    } else if (c.ast->is(arg, NodeKind::kStarred)) {
      args.has_star = true;
    } else if (!args.has_star) {
      args.positional.push_back(arg);
    }
  }
  args.used_positional.resize(args.positional.size());
  args.used_named.resize(args.named.size());
  for (const Field& field : fields) {
    bool open = false;
    NodeId arg = findArgument(args, field.key, open);
    if (!arg.valid()) {
      if (open) continue;
      formatError(c, call_node, isNumber(field.key) ? "Cannot find replacement for positional format specifier " + field.key
                                                    : "Cannot find replacement for named format specifier \"" + field.key + "\"");
      continue;
    }
    TypeId given = throughAccessors(c, field, inferExpr(c, arg), call_node);
    if (given.valid()) checkField(c, field, given, arg, call_node);
  }
  bool unused = false;
  for (bool used : args.used_positional) unused = unused || !used;
  for (bool used : args.used_named) unused = unused || !used;
  if (unused && !args.has_star && !args.has_star2) formatError(c, call_node, "Not all arguments converted during string formatting");
}

}  // namespace krait::infer
