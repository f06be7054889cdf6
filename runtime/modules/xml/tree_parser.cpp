// XMLParser: libexpat with a target, and the `_elementtree` module itself.
#include <expat.h>

#include "runtime/modules/xml/element_tree.h"
#include "runtime/modules/xml/unknown_encoding.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"

namespace krait::modules::element_tree {

State state;

// The methods of a target that is not a TreeBuilder.
enum Method { kStart, kData, kEnd, kComment, kInstruction, kClose, kDoctype, kStartNs, kEndNs, kMethods };
static constexpr const char* kMethodNames[kMethods] = {"start", "data", "end", "comment", "pi", "close", "doctype", "start_ns", "end_ns"};

struct XmlParser : Object {
  XML_Parser parser;  // null: __init__ has not run
  Value target, entity;
  Value names;               // dict: names as expat writes them -> as elements have them
  Value methods[kMethods];   // Undefined: the target has none
  bool is_parsing;
  TreeBuilder* builder() const { return isExactBuilder(target) ? target.as<TreeBuilder>() : nullptr; }
};
static XmlParser* self(Value v) { return v.as<XmlParser>(); }

#define ENTER()                                    \
  XmlParser* p = static_cast<XmlParser*>(data);    \
  Thread& t = *current_thread;                     \
  if (isPending(t)) return

static Ref callTarget(Thread& t, XmlParser* p, Method which, std::initializer_list<Value> args) {
  if (p->methods[which].isUndefined()) return Ref::none();
  Ref callee = Ref::of(p->methods[which]);
  return call_py(t, callee.get(), args.begin(), static_cast<uint32_t>(args.size()));
}
// `uri}local` becomes `{uri}local`; each name once.
static Ref nameOf(Thread& t, XmlParser* p, const XML_Char* text) {
  Ref key = newStr(t, text);
  Value known = dictGetStr(p->names.as<Dict>(), key.as<Str>());
  if (known.defined()) return Ref::of(known);
  std::string_view view = text;
  Ref name = view.find('}') == std::string_view::npos ? Ref::of(key.get()) : newStr(t, "{" + std::string(view));
  dictSetStr(p->names.as<Dict>(), key.as<Str>(), name.get());
  return name;
}
static RaisedTag raiseParseError(Thread& t, int code, int64_t line, int64_t column, const std::string& what) {
  Ref text = strFormat(t, "%s: line %ld, column %ld", what.c_str(), static_cast<long>(line), static_cast<long>(column)), e = TRY(callArgs_py(t, state.parse_error, text.get()));
  Ref place = tupleOf(t, {Value::fromInt(line), Value::fromInt(column)});
  TRY(setAttr_py(t, e.get(), intern(*t.isolate, "code"), Value::fromInt(code)));
  TRY(setAttr_py(t, e.get(), intern(*t.isolate, "position"), place.get()));
  return raiseException(t, e.get());
}

// --- what expat tells
static void onStart(void* data, const XML_Char* name, const XML_Char** attributes) {
  ENTER();
  Ref tag = nameOf(t, p, name), attrib;
  if (attributes[0] != nullptr) attrib = newDict(t);
  for (; *attributes != nullptr; attributes += 2) {
    Ref key = nameOf(t, p, attributes[0]), value = newStr(t, attributes[1]);
    dictSetStr(attrib.as<Dict>(), key.as<Str>(), value.get());
  }
  if (TreeBuilder* b = p->builder()) {
    (void)builderStart_py(t, b, tag.get(), attrib.get());
    return;
  }
  if (!attrib) attrib = newDict(t);
  (void)callTarget(t, p, kStart, {tag.get(), attrib.get()});
}
static void onEnd(void* data, const XML_Char* name) {
  ENTER();
  if (TreeBuilder* b = p->builder()) {
    (void)builderEnd_py(t, b);
    return;
  }
  Ref tag = nameOf(t, p, name);
  (void)callTarget(t, p, kEnd, {tag.get()});
}
static void tellData(Thread& t, XmlParser* p, Value text) {
  if (TreeBuilder* b = p->builder()) (void)builderData_py(t, b, text);
  else (void)callTarget(t, p, kData, {text});
}
static void onText(void* data, const XML_Char* s, int size) {
  ENTER();
  Ref text = newStr(t, {s, static_cast<size_t>(size)});
  tellData(t, p, text.get());
}
// References to entities that expat does not know are looked up in `entity`.
static void onDefault(void* data, const XML_Char* s, int size) {
  if (size < 2 || s[0] != '&') return;
  ENTER();
  Ref key = newStr(t, {s + 1, static_cast<size_t>(size - 2)});
  Value value = isDict(p->entity) ? dictGet_py(t, p->entity.as<Dict>(), key.get()) : Value();
  if (value.defined()) return tellData(t, p, Ref::of(value).get());
  if (isPending(t)) return;
  (void)raiseParseError(t, XML_ERROR_UNDEFINED_ENTITY, static_cast<int64_t>(XML_GetErrorLineNumber(p->parser)), static_cast<int64_t>(XML_GetErrorColumnNumber(p->parser)),
                        "undefined entity " + std::string(s, static_cast<size_t>(size)));
}
static void onComment(void* data, const XML_Char* text) {
  ENTER();
  Ref value = newStr(t, text);
  if (TreeBuilder* b = p->builder()) (void)builderComment_py(t, b, value.get());
  else (void)callTarget(t, p, kComment, {value.get()});
}
static void onInstruction(void* data, const XML_Char* target, const XML_Char* rest) {
  ENTER();
  Ref name = newStr(t, target), text = rest != nullptr ? newStr(t, rest) : Ref::none();
  if (TreeBuilder* b = p->builder()) (void)builderInstruction_py(t, b, name.get(), text.get());
  else (void)callTarget(t, p, kInstruction, {name.get(), text.get()});
}
static void onStartNamespace(void* data, const XML_Char* prefix, const XML_Char* uri) {
  ENTER();
  Ref a = newStr(t, prefix != nullptr ? prefix : ""), b = newStr(t, uri != nullptr ? uri : "");
  if (TreeBuilder* builder = p->builder()) {
    Ref pair = tupleOf(t, {a.get(), b.get()});
    (void)builderEvent_py(t, builder, kStartNamespaceEvent, pair.get());
    return;
  }
  (void)callTarget(t, p, kStartNs, {a.get(), b.get()});
}
static void onEndNamespace(void* data, const XML_Char* prefix) {
  ENTER();
  if (TreeBuilder* builder = p->builder()) {
    (void)builderEvent_py(t, builder, kEndNamespaceEvent, Value::none());
    return;
  }
  Ref a = newStr(t, prefix != nullptr ? prefix : "");
  (void)callTarget(t, p, kEndNs, {a.get()});
}
static void onDoctype(void* data, const XML_Char* name, const XML_Char* system, const XML_Char* pub, int) {
  ENTER();
  auto text = [&](const XML_Char* s) { return s != nullptr ? newStr(t, s) : Ref::none(); };
  Ref a = text(name), b = text(pub), c = text(system);
  (void)callTarget(t, p, kDoctype, {a.get(), b.get(), c.get()});
}
#undef ENTER

// --- making one
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  XmlParser* p = allocate<XmlParser>(type);
  gcTrack(p);
  return Ref::steal(p);
}
static Status findMethods_py(Thread& t, XmlParser* p) {
  for (int i = 0; i < kMethods; ++i) {
    Ref method = findAttr_py(t, p->target, intern(*t.isolate, kMethodNames[i]));
    if (!method && isPending(t)) return kRaised;
    store(p->methods[i], method.get());
  }
  return kDone;
}
static void installHandlers(XmlParser* p) {
  auto has = [&](Method m) { return p->methods[m].defined(); };
  XML_SetUserData(p->parser, p);
  XML_SetStartElementHandler(p->parser, onStart);
  XML_SetEndElementHandler(p->parser, onEnd);
  XML_SetDefaultHandlerExpand(p->parser, onDefault);
  XML_SetCharacterDataHandler(p->parser, onText);
  if (has(kStartNs)) XML_SetStartNamespaceDeclHandler(p->parser, onStartNamespace);
  if (has(kEndNs)) XML_SetEndNamespaceDeclHandler(p->parser, onEndNamespace);
  if (has(kComment)) XML_SetCommentHandler(p->parser, onComment);
  if (has(kInstruction)) XML_SetProcessingInstructionHandler(p->parser, onInstruction);
  if (has(kDoctype)) XML_SetStartDoctypeDeclHandler(p->parser, onDoctype);
  setUnknownEncodingHandler(p->parser);
}
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (nargs > 0) return raiseTypeError(t, "XMLParser() takes no positional arguments");
  BoundArguments a;
  TRY(bindArguments_py(t, "XMLParser", "(*, target=None, encoding=None)", args, nargs, keywords, a));
  if (!a[1].isNone() && !isStr(a[1])) return raiseTypeError(t, "XMLParser() argument 'encoding' must be str or None, not %s", typeNameOf(t, a[1]));
  XmlParser* p = self(v);
  if (p->is_parsing) return raiseRuntimeError(t, "cannot call __init__() from within a handler");
  std::string encoding = a[1].isNone() ? "" : toUtf8(a[1].as<Str>());
  XML_Parser parser = XML_ParserCreateNS(a[1].isNone() ? nullptr : encoding.c_str(), '}');
  if (parser == nullptr) return raiseMemoryError(t);
  if (p->parser != nullptr) XML_ParserFree(p->parser);
  p->parser = parser;
  XML_SetHashSalt(parser, static_cast<unsigned long>(hashBytesKeyed("expat", 5)));
  Ref target = a[0].isNone() ? newBuilder_py(t) : Ref::of(a[0]), names = newDict(t), entity = newDict(t);
  store(p->target, target.get());
  store(p->names, names.get());
  store(p->entity, entity.get());
  TRY(findMethods_py(t, p));
  installHandlers(p);
  return kDone;
}

// --- parsing
static Status parse_py(Thread& t, XmlParser* p, std::string_view data, bool is_final) {
  constexpr size_t kChunk = 1 << 20;
  if (p->is_parsing) return raiseRuntimeError(t, "cannot call feed() from within a handler");
  Ref held = Ref::of(Value(p));
  XML_Status status = XML_STATUS_OK;
  p->is_parsing = true;
  for (;;) {
    size_t size = data.size() < kChunk ? data.size() : kChunk;
    bool is_last = size == data.size();
    status = XML_Parse(p->parser, data.data(), static_cast<int>(size), is_last && is_final);
    data.remove_prefix(size);
    if (is_last || status == XML_STATUS_ERROR || isPending(t)) break;
  }
  p->is_parsing = false;
  if (isPending(t)) return kRaised;
  if (status != XML_STATUS_ERROR) return kDone;
  int code = XML_GetErrorCode(p->parser);
  return raiseParseError(t, code, static_cast<int64_t>(XML_GetErrorLineNumber(p->parser)), static_cast<int64_t>(XML_GetErrorColumnNumber(p->parser)), XML_ErrorString(static_cast<XML_Error>(code)));
}
static Status needParser(Thread& t, Value v) {
  if (self(v)->parser != nullptr && self(v)->target.defined()) return kDone;
  return raiseValueError(t, "XMLParser.__init__() wasn't called");
}
static Status feedValue_py(Thread& t, XmlParser* p, Value data) {
  if (isStr(data)) {
    std::string utf8 = toUtf8(data.as<Str>());
    (void)XML_SetEncoding(p->parser, "utf-8");
    return parse_py(t, p, utf8, false);
  }
  Buffer buffer;
  TRY(buffer.acquire(t, data));
  return parse_py(t, p, buffer.view(), false);
}
static Ref feed(Thread& t, const Value* a) {
  TRY(needParser(t, a[0]));
  TRY(feedValue_py(t, self(a[0]), a[1]));
  return Ref::none();
}
static Ref flush(Thread& t, const Value* a) {
  TRY(needParser(t, a[0]));
  TRY(parse_py(t, self(a[0]), "", false));
  return Ref::none();
}
static Ref close(Thread& t, const Value* a) {
  TRY(needParser(t, a[0]));
  XmlParser* p = self(a[0]);
  TRY(parse_py(t, p, "", true));
  if (TreeBuilder* b = p->builder()) return builderClose_py(t, b);
  return callTarget(t, p, kClose, {});
}
static Ref parseWhole(Thread& t, const Value* a) {
  TRY(needParser(t, a[0]));
  XmlParser* p = self(a[0]);
  Ref read = TRY(getAttrNamed_py(t, a[1], "read"));
  for (;;) {
    Ref chunk = TRY(callArgs_py(t, read.get(), Value::fromInt(64 * 1024)));
    bool is_end = isStr(chunk.get()) ? chunk.as<Str>()->length == 0 : !isExact(chunk.get(), TypeId::kBytes) || chunk.as<Bytes>()->size == 0;
    if (is_end) break;
    TRY(feedValue_py(t, p, chunk.get()));
  }
  TRY(parse_py(t, p, "", true));
  if (TreeBuilder* b = p->builder()) return builderClose_py(t, b);
  return Ref::none();
}
static Ref setEvents(Thread& t, const Value* a) {
  TRY(needParser(t, a[0]));
  XmlParser* p = self(a[0]);
  TreeBuilder* b = p->builder();
  if (b == nullptr) return raiseTypeError(t, "event handling only supported for ElementTree.TreeBuilder targets");
  Ref append = TRY(getAttrNamed_py(t, a[1], "append"));
  store(b->events_append, append.get());
  for (Value& name : b->event_names) clearField(name);
  if (a[2].isNone()) {
    store(b->event_names[kEndEvent], intern(*t.isolate, "end"));
    return Ref::none();
  }
  if (typeOf(t, a[2])->slots.iter == nullptr && typeOf(t, a[2])->slots.get_item == nullptr) return raiseTypeError(t, "events must be a sequence");
  static constexpr const char* kNames[kEventKinds] = {"start", "end", "start-ns", "end-ns", "comment", "pi"};
  for (Iteration it(t, a[2]); it.next();) {
    if (!isStr(it.value())) return raiseValueError(t, "invalid events sequence");
    int kind = 0;
    while (kind < kEventKinds && !strEquals(it.value().as<Str>(), kNames[kind])) ++kind;
    if (kind == kEventKinds) return raiseValueError(t, "unknown event '%s'", toUtf8(it.value().as<Str>()).c_str());
    store(b->event_names[kind], it.value());
    if (kind == kStartNamespaceEvent) XML_SetStartNamespaceDeclHandler(p->parser, onStartNamespace);
    if (kind == kEndNamespaceEvent) XML_SetEndNamespaceDeclHandler(p->parser, onEndNamespace);
    if (kind == kCommentEvent) XML_SetCommentHandler(p->parser, onComment);
    if (kind == kInstructionEvent) XML_SetProcessingInstructionHandler(p->parser, onInstruction);
  }
  if (isPending(t)) return kRaised;
  return Ref::none();
}
static Ref getEntity(Thread&, Value v) { return self(v)->entity.defined() ? Ref::of(self(v)->entity) : Ref::none(); }
static Ref getTarget(Thread&, Value v) { return self(v)->target.defined() ? Ref::of(self(v)->target) : Ref::none(); }
static Ref getVersion(Thread& t, Value) {
  XML_Expat_Version v = XML_ExpatVersionInfo();
  return strFormat(t, "Expat %d.%d.%d", v.major, v.minor, v.micro);
}
static const NativeDef kParserMethods[] = {{"feed", "($self, data, /)", feed}, {"flush", "($self, /)", flush}, {"close", "($self, /)", close},
    {"_parse_whole", "($self, file, /)", parseWhole}, {"_setevents", "($self, events_queue, events_to_report=None, /)", setEvents}, {nullptr, nullptr, nullptr}};
static const GetSetDef kParserGetSets[] = {{"entity", getEntity}, {"target", getTarget}, {"version", getVersion}, {nullptr, nullptr}};

template <class F>
static void eachField(XmlParser* p, F f) {
  for (Value* v : {&p->target, &p->entity, &p->names}) f(*v);
  for (Value& v : p->methods) f(v);
}
void addParserType(Thread& t, Module* m) {
  Type* type = state.parser = makeType(*t.isolate, {.name = "xml.etree.ElementTree.XMLParser", .size = sizeof(XmlParser), .flags = kTypeGc | kTypeBaseable, .methods = kParserMethods, .getsets = kParserGetSets});
  type->slots.make = make;
  type->slots.init = init;
  type->slots.dealloc = [](Object* o) {
    XmlParser* p = static_cast<XmlParser*>(o);
    if (p->parser != nullptr) XML_ParserFree(p->parser);
    eachField(p, [](Value& v) { clearField(v); });
  };
  type->slots.clear = [](Object* o) { eachField(static_cast<XmlParser*>(o), [](Value& v) { clearField(v); }); };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) { eachField(static_cast<XmlParser*>(o), [&](Value& v) { visit(v, visitor, context); }); };
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

// --- the module
static Ref setFactories(Thread& t, const Value* a) {
  for (int i = 0; i < 2; ++i) {
    if (!a[i].isNone() && !isCallable(t, a[i])) return raiseTypeError(t, i == 0 ? "Comment factory must be callable, not %s" : "PI factory must be callable, not %s", typeNameOf(t, a[i]));
  }
  auto shown = [](Value v) { return v.defined() ? v : Value::none(); };
  Ref old = tupleOf(t, {shown(state.comment_factory), shown(state.pi_factory)});
  store(state.comment_factory, a[0].isNone() ? Value() : a[0]);
  store(state.pi_factory, a[1].isNone() ? Value() : a[1]);
  return old;
}
static const NativeDef kFunctions[] = {kSubElement, {"_set_factories", "(comment_factory, pi_factory, /)", setFactories, "Change the factories used to create comments and processing instructions."}, {nullptr, nullptr, nullptr}};
static Status initModule(Thread& t, Module* m) {
  addElementTypes(t, m);
  addBuilderType(t, m);
  addParserType(t, m);
  Ref name = newStr(t, "ParseError"), bases = tupleOf(t, {errors(t).syntax_error}), dict = newDict(t), module = newStr(t, "xml.etree.ElementTree");
  dictSetStr(dict.as<Dict>(), t.names().d_module, module.get());
  Ref error = callArgs_py(t, t.types().type, name.get(), bases.get(), dict.get());
  if (!error) return kRaised;
  store(state.parse_error, error.get());
  moduleSet(t, m, "ParseError", error.get());
  return kDone;
}

}  // namespace krait::modules::element_tree

namespace krait::modules {
extern const NativeModule kElementTreeModule;
const NativeModule kElementTreeModule = {"_elementtree", nullptr, element_tree::kFunctions, element_tree::initModule};
}  // namespace krait::modules
