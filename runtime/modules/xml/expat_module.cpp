// The `pyexpat` module on libexpat. An exception in a handler stops the parser and comes out of Parse. ref: Modules/pyexpat.c.
#include <expat.h>

#include <cstring>

#include "runtime/modules/module_table.h"
#include "runtime/modules/xml/unknown_encoding.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/import.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

namespace expat {

// The handlers, in the order of `kHandlers`.
enum Handler {
  kStartElement, kEndElement, kProcessingInstruction, kCharacterData, kUnparsedEntity, kNotation, kStartNamespace, kEndNamespace, kComment, kStartCdata, kEndCdata,
  kDefault, kDefaultExpand, kNotStandalone, kExternalEntity, kStartDoctype, kEndDoctype, kEntityDecl, kXmlDecl, kElementDecl, kAttlistDecl, kSkippedEntity, kHandlerCount,
};
struct Parser : Object {
  XML_Parser parser;
  Value handlers[kHandlerCount];  // Undefined: none
  Value intern_table;             // dict or None
  std::string* text;              // character data that waits (buffer_text)
  int64_t buffer_size;
  bool buffers_text, is_ordered, only_specified, has_prefixes, is_parsing;
  Value parent;                   // of an external entity's parser
};
static Type *parser_type, *error_type;
static Parser* self(Value v) { return v.as<Parser>(); }

// --- from expat to Python
static Ref textOf(Thread& t, Parser* p, const XML_Char* s) {
  if (s == nullptr) return Ref::none();
  Ref text = newStr(t, s);
  if (!isDict(p->intern_table)) return text;
  Value known = dictGet_py(t, p->intern_table.as<Dict>(), text.get());
  if (known.defined()) return Ref::of(known);
  clearException(t);
  (void)dictSet_py(t, p->intern_table.as<Dict>(), text.get(), text.get());
  return text;
}
static Ref plainText(Thread& t, const XML_Char* s) { return s == nullptr ? Ref::none() : newStr(t, s); }

static void stopParser(Parser* p) {
  for (Value& handler : p->handlers) clearField(handler);
  XML_StopParser(p->parser, XML_FALSE);
}
// Calls a handler; its result, empty when it raised (the parser is then stopped).
static Ref callHandler(Thread& t, Parser* p, Handler which, std::initializer_list<Value> args) {
  Ref callee = Ref::of(p->handlers[which]);
  Ref result = call_py(t, callee.get(), args.begin(), static_cast<uint32_t>(args.size()));
  if (!result) stopParser(p);
  return result;
}
static bool flushText(Thread& t, Parser* p) {
  if (p->text->empty()) return true;
  Ref data = newStr(t, *p->text);
  p->text->clear();
  if (p->handlers[kCharacterData].isUndefined()) return true;
  return bool(callHandler(t, p, kCharacterData, {data.get()}));
}
// What every callback begins with: false when there is nothing to call.
static bool begin(Thread& t, Parser* p, Handler which) {
  if (isPending(t) || p->handlers[which].isUndefined()) return false;
  return flushText(t, p) && p->handlers[which].defined();
}
#define ENTER(which)                         \
  Parser* p = static_cast<Parser*>(data);    \
  Thread& t = *current_thread;               \
  if (!begin(t, p, which)) return

static void onStart(void* data, const XML_Char* name, const XML_Char** attributes) {
  ENTER(kStartElement);
  int count = 0;
  if (p->only_specified) count = XML_GetSpecifiedAttributeCount(p->parser);
  else while (attributes[count] != nullptr) count += 2;
  Ref all = p->is_ordered ? newList(t) : newDict(t);
  for (int i = 0; i < count; i += 2) {
    Ref key = textOf(t, p, attributes[i]), value = plainText(t, attributes[i + 1]);
    if (p->is_ordered) {
      listAppend(all.as<List>(), key.get());
      listAppend(all.as<List>(), value.get());
    } else {
      (void)dictSet_py(t, all.as<Dict>(), key.get(), value.get());
    }
  }
  Ref tag = textOf(t, p, name);
  (void)callHandler(t, p, kStartElement, {tag.get(), all.get()});
}
static void onEnd(void* data, const XML_Char* name) {
  ENTER(kEndElement);
  Ref tag = textOf(t, p, name);
  (void)callHandler(t, p, kEndElement, {tag.get()});
}
static void onText(void* data, const XML_Char* s, int size) {
  Parser* p = static_cast<Parser*>(data);
  Thread& t = *current_thread;
  if (isPending(t) || p->handlers[kCharacterData].isUndefined()) return;
  std::string_view text(s, static_cast<size_t>(size));
  if (!p->buffers_text) {
    Ref value = newStr(t, text);
    (void)callHandler(t, p, kCharacterData, {value.get()});
    return;
  }
  if (static_cast<int64_t>(p->text->size() + text.size()) > p->buffer_size) {
    if (!flushText(t, p) || p->handlers[kCharacterData].isUndefined()) return;
  }
  if (static_cast<int64_t>(text.size()) > p->buffer_size) {
    Ref value = newStr(t, text);
    (void)callHandler(t, p, kCharacterData, {value.get()});
    return;
  }
  *p->text += text;
}
static void onInstruction(void* data, const XML_Char* target, const XML_Char* rest) {
  ENTER(kProcessingInstruction);
  Ref a = textOf(t, p, target), b = plainText(t, rest);
  (void)callHandler(t, p, kProcessingInstruction, {a.get(), b.get()});
}
static void onUnparsedEntity(void* data, const XML_Char* name, const XML_Char* base, const XML_Char* system, const XML_Char* pub, const XML_Char* notation) {
  ENTER(kUnparsedEntity);
  Ref a = textOf(t, p, name), b = textOf(t, p, base), c = textOf(t, p, system), d = textOf(t, p, pub), e = textOf(t, p, notation);
  (void)callHandler(t, p, kUnparsedEntity, {a.get(), b.get(), c.get(), d.get(), e.get()});
}
static void onNotation(void* data, const XML_Char* name, const XML_Char* base, const XML_Char* system, const XML_Char* pub) {
  ENTER(kNotation);
  Ref a = textOf(t, p, name), b = textOf(t, p, base), c = textOf(t, p, system), d = textOf(t, p, pub);
  (void)callHandler(t, p, kNotation, {a.get(), b.get(), c.get(), d.get()});
}
static void onStartNamespace(void* data, const XML_Char* prefix, const XML_Char* uri) {
  ENTER(kStartNamespace);
  Ref a = textOf(t, p, prefix), b = textOf(t, p, uri);
  (void)callHandler(t, p, kStartNamespace, {a.get(), b.get()});
}
static void onEndNamespace(void* data, const XML_Char* prefix) {
  ENTER(kEndNamespace);
  Ref a = textOf(t, p, prefix);
  (void)callHandler(t, p, kEndNamespace, {a.get()});
}
static void onComment(void* data, const XML_Char* text) {
  ENTER(kComment);
  Ref a = plainText(t, text);
  (void)callHandler(t, p, kComment, {a.get()});
}
template <Handler which>
static void onMark(void* data) {
  ENTER(which);
  (void)callHandler(t, p, which, {});
}
template <Handler which>
static void onDefault(void* data, const XML_Char* s, int size) {
  ENTER(which);
  Ref a = newStr(t, {s, static_cast<size_t>(size)});
  (void)callHandler(t, p, which, {a.get()});
}
static int asInt(Thread& t, Parser* p, const Ref& result) {
  int64_t n = 0;
  if (!result) return 0;
  if (isIntLike(result.get()) && intFits(result.get(), n)) return static_cast<int>(n);
  (void)raiseTypeError(t, "'%s' object cannot be interpreted as an integer", typeNameOf(t, result.get()));
  stopParser(p);
  return 0;
}
static int onNotStandalone(void* data) {
  ENTER(kNotStandalone) 1;
  Ref result = callHandler(t, p, kNotStandalone, {});
  return asInt(t, p, result);
}
static int onExternalEntity(XML_Parser parser, const XML_Char* context, const XML_Char* base, const XML_Char* system, const XML_Char* pub) {
  void* data = XML_GetUserData(parser);
  ENTER(kExternalEntity) 1;
  Ref a = textOf(t, p, context), b = textOf(t, p, base), c = textOf(t, p, system), d = textOf(t, p, pub);
  Ref result = callHandler(t, p, kExternalEntity, {a.get(), b.get(), c.get(), d.get()});
  return asInt(t, p, result);
}
static void onStartDoctype(void* data, const XML_Char* name, const XML_Char* system, const XML_Char* pub, int has_subset) {
  ENTER(kStartDoctype);
  Ref a = textOf(t, p, name), b = textOf(t, p, system), c = textOf(t, p, pub);
  (void)callHandler(t, p, kStartDoctype, {a.get(), b.get(), c.get(), Value::fromInt(has_subset)});
}
static void onEntityDecl(void* data, const XML_Char* name, int is_parameter, const XML_Char* value, int size, const XML_Char* base, const XML_Char* system, const XML_Char* pub, const XML_Char* notation) {
  ENTER(kEntityDecl);
  Ref a = textOf(t, p, name), b = value == nullptr ? Ref::none() : newStr(t, {value, static_cast<size_t>(size)}), c = textOf(t, p, base), d = textOf(t, p, system), e = textOf(t, p, pub), f = textOf(t, p, notation);
  (void)callHandler(t, p, kEntityDecl, {a.get(), Value::fromInt(is_parameter), b.get(), c.get(), d.get(), e.get(), f.get()});
}
static void onXmlDecl(void* data, const XML_Char* version, const XML_Char* encoding, int standalone) {
  ENTER(kXmlDecl);
  Ref a = plainText(t, version), b = plainText(t, encoding);
  (void)callHandler(t, p, kXmlDecl, {a.get(), b.get(), Value::fromInt(standalone)});
}
// (type, quantifier, name, children); the depth is limited by a budget.
static Ref modelTuple(Thread& t, Parser* p, const XML_Content* model, int budget) {
  if (budget == 0) return raise(t, errors(t).recursion_error, "maximum recursion depth exceeded in conv_content_model");
  Ref children = newTuple(t, static_cast<int64_t>(model->numchildren));
  for (unsigned i = 0; i < model->numchildren; ++i) children.as<Tuple>()->items()[i] = TRY(modelTuple(t, p, &model->children[i], budget - 1)).release();
  Ref name = textOf(t, p, model->name);
  return tupleOf(t, {Value::fromInt(model->type), Value::fromInt(model->quant), name.get(), children.get()});
}
static void onElementDecl(void* data, const XML_Char* name, XML_Content* model) {
  Parser* parser = static_cast<Parser*>(data);
  XML_Parser handle = parser->parser;
  auto run = [&] {
    ENTER(kElementDecl);
    Ref a = textOf(t, p, name), b = modelTuple(t, p, model, 1000);
    if (!b) return stopParser(p);
    (void)callHandler(t, p, kElementDecl, {a.get(), b.get()});
  };
  run();
  XML_FreeContentModel(handle, model);
}
static void onAttlistDecl(void* data, const XML_Char* element, const XML_Char* attribute, const XML_Char* type, const XML_Char* fallback, int is_required) {
  ENTER(kAttlistDecl);
  Ref a = textOf(t, p, element), b = textOf(t, p, attribute), c = textOf(t, p, type), d = plainText(t, fallback);
  (void)callHandler(t, p, kAttlistDecl, {a.get(), b.get(), c.get(), d.get(), Value::fromInt(is_required)});
}
static void onSkippedEntity(void* data, const XML_Char* name, int is_parameter) {
  ENTER(kSkippedEntity);
  Ref a = textOf(t, p, name);
  (void)callHandler(t, p, kSkippedEntity, {a.get(), Value::fromInt(is_parameter)});
}

struct HandlerDef {
  const char* name;
  void (*install)(XML_Parser parser, bool on);
};
#define ONE(name, setter, function) {name, [](XML_Parser parser, bool on) { setter(parser, on ? function : nullptr); }}
static const HandlerDef kHandlers[kHandlerCount] = {
    ONE("StartElementHandler", XML_SetStartElementHandler, onStart), ONE("EndElementHandler", XML_SetEndElementHandler, onEnd),
    ONE("ProcessingInstructionHandler", XML_SetProcessingInstructionHandler, onInstruction), ONE("CharacterDataHandler", XML_SetCharacterDataHandler, onText),
    ONE("UnparsedEntityDeclHandler", XML_SetUnparsedEntityDeclHandler, onUnparsedEntity), ONE("NotationDeclHandler", XML_SetNotationDeclHandler, onNotation),
    ONE("StartNamespaceDeclHandler", XML_SetStartNamespaceDeclHandler, onStartNamespace), ONE("EndNamespaceDeclHandler", XML_SetEndNamespaceDeclHandler, onEndNamespace),
    ONE("CommentHandler", XML_SetCommentHandler, onComment), ONE("StartCdataSectionHandler", XML_SetStartCdataSectionHandler, onMark<kStartCdata>),
    ONE("EndCdataSectionHandler", XML_SetEndCdataSectionHandler, onMark<kEndCdata>), ONE("DefaultHandler", XML_SetDefaultHandler, onDefault<kDefault>),
    ONE("DefaultHandlerExpand", XML_SetDefaultHandlerExpand, onDefault<kDefaultExpand>), ONE("NotStandaloneHandler", XML_SetNotStandaloneHandler, onNotStandalone),
    ONE("ExternalEntityRefHandler", XML_SetExternalEntityRefHandler, onExternalEntity), ONE("StartDoctypeDeclHandler", XML_SetStartDoctypeDeclHandler, onStartDoctype),
    ONE("EndDoctypeDeclHandler", XML_SetEndDoctypeDeclHandler, onMark<kEndDoctype>), ONE("EntityDeclHandler", XML_SetEntityDeclHandler, onEntityDecl),
    ONE("XmlDeclHandler", XML_SetXmlDeclHandler, onXmlDecl), ONE("ElementDeclHandler", XML_SetElementDeclHandler, onElementDecl),
    ONE("AttlistDeclHandler", XML_SetAttlistDeclHandler, onAttlistDecl), ONE("SkippedEntityHandler", XML_SetSkippedEntityHandler, onSkippedEntity)};
#undef ONE

// --- parsing
static RaisedTag raiseExpat(Thread& t, Parser* p) {
  int code = XML_GetErrorCode(p->parser);
  int line = static_cast<int>(XML_GetErrorLineNumber(p->parser)), column = static_cast<int>(XML_GetErrorColumnNumber(p->parser));
  Ref text = strFormat(t, "%s: line %d, column %d", XML_ErrorString(static_cast<XML_Error>(code)), line, column);
  Ref e = callArgs_py(t, error_type, text.get());
  if (!e) return kRaised;
  (void)setAttr_py(t, e.get(), intern(*t.isolate, "code"), Value::fromInt(code));
  (void)setAttr_py(t, e.get(), intern(*t.isolate, "offset"), Value::fromInt(column));
  (void)setAttr_py(t, e.get(), intern(*t.isolate, "lineno"), Value::fromInt(line));
  return raiseException(t, e.get());
}
static Ref finishParse(Thread& t, Parser* p, XML_Status status) {
  if (isPending(t)) return kRaised;
  if (status == XML_STATUS_ERROR) return raiseExpat(t, p);
  if (!flushText(t, p)) return kRaised;
  return newIntSmall(status);
}
static Ref parse(Thread& t, const Value* a) {
  Parser* p = self(a[0]);
  bool is_final = TRY(isTrue_py(t, a[2]));
  Ref held = Ref::of(a[0]);
  Buffer buffer;
  std::string utf8;
  std::string_view data;
  if (isStr(a[1])) {
    utf8 = toUtf8(a[1].as<Str>());
    data = utf8;
    (void)XML_SetEncoding(p->parser, "utf-8");
  } else {
    TRY(buffer.acquire(t, a[1]));
    data = buffer.view();
  }
  if (p->is_parsing) return raiseRuntimeError(t, "cannot call Parse() from within a handler");
  constexpr size_t kChunk = 1 << 20;
  XML_Status status = XML_STATUS_OK;
  p->is_parsing = true;
  for (;;) {
    size_t size = std::min(kChunk, data.size());
    bool is_last = size == data.size();
    status = XML_Parse(p->parser, data.data(), static_cast<int>(size), is_last && is_final);
    data.remove_prefix(size);
    if (is_last || status == XML_STATUS_ERROR || isPending(t)) break;
  }
  p->is_parsing = false;
  return finishParse(t, p, status);
}
static Ref parseFile(Thread& t, const Value* a) {
  Parser* p = self(a[0]);
  Ref read = findAttr_py(t, a[1], intern(*t.isolate, "read"));
  if (!read) {
    if (isPending(t)) return kRaised;
    return raiseTypeError(t, "argument must have 'read' attribute");
  }
  Ref held = Ref::of(a[0]);
  XML_Status status;
  for (;;) {
    Ref chunk = TRY(callArgs_py(t, read.get(), Value::fromInt(2048)));
    if (!isBytes(chunk.get()) && !isByteArray(chunk.get())) return raiseTypeError(t, "read() did not return a bytes object (type=%s)", typeNameOf(t, chunk.get()));
    std::string data(isBytes(chunk.get()) ? chunk.as<Bytes>()->view() : chunk.as<ByteArray>()->view());
    if (data.size() > 2048) return raiseValueError(t, "read() returned too much data: 2048 bytes requested, %zu returned", data.size());
    if (p->is_parsing) return raiseRuntimeError(t, "cannot call ParseFile() from within a handler");
    p->is_parsing = true;
    status = XML_Parse(p->parser, data.data(), static_cast<int>(data.size()), data.empty());
    p->is_parsing = false;
    if (isPending(t)) return kRaised;
    if (status == XML_STATUS_ERROR || data.empty()) break;
  }
  return finishParse(t, p, status);
}
static Ref setBase(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "SetBase() argument must be str, not %s", typeNameOf(t, a[1]));
  if (!XML_SetBase(self(a[0])->parser, toUtf8(a[1].as<Str>()).c_str())) return raiseMemoryError(t);
  return Ref::none();
}
static Ref getBase(Thread& t, const Value* a) { return plainText(t, XML_GetBase(self(a[0])->parser)); }
static Ref getInputContext(Thread& t, const Value* a) {
  if (!self(a[0])->is_parsing) return Ref::none();
  int offset = 0, size = 0;
  const char* buffer = XML_GetInputContext(self(a[0])->parser, &offset, &size);
  return buffer == nullptr ? Ref::none() : newBytes(t, {buffer + offset, static_cast<size_t>(size - offset)});
}
static Ref setParamEntityParsing(Thread& t, const Value* a) { return newIntSmall(XML_SetParamEntityParsing(self(a[0])->parser, static_cast<XML_ParamEntityParsing>(TRY(toCInt_py(t, a[1]))))); }
static Ref useForeignDtd(Thread& t, const Value* a) {
  if (XML_UseForeignDTD(self(a[0])->parser, TRY(isTrue_py(t, a[1])) ? XML_TRUE : XML_FALSE) != XML_ERROR_NONE) return raiseExpat(t, self(a[0]));
  return Ref::none();
}
static Ref newParser(XML_Parser parser, Value intern_table) {
  Parser* p = allocate<Parser>(parser_type);
  p->parser = parser;
  p->text = new std::string;
  p->buffer_size = 8192;
  p->intern_table = share(intern_table);
  XML_SetUserData(parser, p);
  setUnknownEncodingHandler(parser);
  gcTrack(p);
  return Ref::steal(p);
}
static Ref externalParser(Thread& t, const Value* a) {
  Parser* p = self(a[0]);
  std::string context = isStr(a[1]) ? toUtf8(a[1].as<Str>()) : "", encoding = isStr(a[2]) ? toUtf8(a[2].as<Str>()) : "";
  XML_Parser made = XML_ExternalEntityParserCreate(p->parser, isStr(a[1]) ? context.c_str() : nullptr, isStr(a[2]) ? encoding.c_str() : nullptr);
  if (made == nullptr) return raiseMemoryError(t);
  Ref child = newParser(made, p->intern_table);
  Parser* c = self(child.get());
  c->parent = share(a[0]);
  c->buffers_text = p->buffers_text;
  c->buffer_size = p->buffer_size;
  c->is_ordered = p->is_ordered;
  c->only_specified = p->only_specified;
  c->has_prefixes = p->has_prefixes;
  for (int i = 0; i < kHandlerCount; ++i) {
    c->handlers[i] = share(p->handlers[i]);
    kHandlers[i].install(made, c->handlers[i].defined());
  }
  return child;
}

// --- attributes
template <int which>
static Ref getHandler(Thread&, Value v) { return self(v)->handlers[which].defined() ? Ref::of(self(v)->handlers[which]) : Ref::none(); }
template <int which>
static Status setHandler(Thread& t, Value v, Value value) {
  Parser* p = self(v);
  if (value.isUndefined()) return raise(t, errors(t).runtime_error, "Cannot delete attribute");
  if (which == kCharacterData && !flushText(t, p)) return kRaised;
  Value old = p->handlers[which];
  p->handlers[which] = value.isNone() ? Value() : share(value);
  decref(old);
  // A character handler that removes itself leaves a harmless one: expat would go on to the default handler.
  kHandlers[which].install(p->parser, !value.isNone() || (which == kCharacterData && p->is_parsing));
  return kDone;
}
template <bool Parser::*field>
static Ref getFlag(Thread&, Value v) { return Ref::boolean(self(v)->*field); }
template <bool Parser::*field>
static Status setFlag(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raise(t, errors(t).runtime_error, "Cannot delete attribute");
  self(v)->*field = TRY(isTrue_py(t, value));
  return kDone;
}
static Status setBuffersText(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raise(t, errors(t).runtime_error, "Cannot delete attribute");
  bool on = TRY(isTrue_py(t, value));
  if (!on && !flushText(t, self(v))) return kRaised;
  self(v)->buffers_text = on;
  return kDone;
}
static Status setPrefixes(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raise(t, errors(t).runtime_error, "Cannot delete attribute");
  self(v)->has_prefixes = TRY(isTrue_py(t, value));
  XML_SetReturnNSTriplet(self(v)->parser, self(v)->has_prefixes);
  return kDone;
}
static Ref getBufferSize(Thread& t, Value v) { return newInt(t, self(v)->buffer_size); }
static Status setBufferSize(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raise(t, errors(t).runtime_error, "Cannot delete attribute");
  if (!isIntLike(value)) return raiseTypeError(t, "buffer_size must be an integer");
  int64_t size;
  if (!intFits(value, size) || size > INT32_MAX) return raiseValueError(t, "buffer_size must not be greater than %d", INT32_MAX);
  if (size <= 0) return raiseValueError(t, "buffer_size must be greater than zero");
  if (!flushText(t, self(v))) return kRaised;
  self(v)->buffer_size = size;
  return kDone;
}
static Ref getBufferUsed(Thread& t, Value v) { return newInt(t, static_cast<int64_t>(self(v)->text->size())); }
static Ref getIntern(Thread&, Value v) { return Ref::of(self(v)->intern_table); }
template <auto get>
static Ref getPosition(Thread& t, Value v) { return newInt(t, static_cast<int64_t>(get(self(v)->parser))); }
static const NativeDef kMethods[] = {
    {"Parse", "($self, data, isfinal=False, /)", parse, "Parse XML data."}, {"ParseFile", "($self, file, /)", parseFile, "Parse XML data from file-like object."},
    {"SetBase", "($self, base, /)", setBase, "Set the base URL for the parser."}, {"GetBase", "($self, /)", getBase, "Return base URL string for the parser."},
    {"GetInputContext", "($self, /)", getInputContext, "Return the untranslated text of the input that caused the current event."},
    {"ExternalEntityParserCreate", "($self, context, encoding=None, /)", externalParser, "Create a parser for parsing an external entity based on the information passed to the ExternalEntityRefHandler."},
    {"SetParamEntityParsing", "($self, flag, /)", setParamEntityParsing, "Controls parsing of parameter entities (including the external DTD subset)."},
    // The library of Debian 12 has no reparse deferral: it is always off.
    {"SetReparseDeferralEnabled", "($self, enabled, /)", [](Thread&, const Value*) -> Ref { return Ref::none(); }, "Enable/Disable reparse deferral; enabled by default with Expat >=2.6.0."},
    {"GetReparseDeferralEnabled", "($self, /)", [](Thread&, const Value*) -> Ref { return Ref::boolean(false); }, "Retrieve reparse deferral enabled status; always returns false with Expat <2.6.0."},
    {"UseForeignDTD", "($self, flag=True, /)", useForeignDtd, "Allows the application to provide an artificial external subset if one is not specified as part of the document instance."}, {nullptr, nullptr, nullptr}};
template <size_t... I>
static void addHandlers(std::vector<GetSetDef>& out, std::index_sequence<I...>) { (out.push_back({kHandlers[I].name, getHandler<I>, setHandler<I>}), ...); }

// --- the module
static Ref parserCreate(Thread& t, const Value* a) {
  std::string encoding, separator;
  if (!a[0].isNone()) {
    if (!isStr(a[0])) return raiseTypeError(t, "ParserCreate() argument 'encoding' must be str or None, not %s", typeNameOf(t, a[0]));
    encoding = toUtf8(a[0].as<Str>());
  }
  if (!a[1].isNone()) {
    if (!isStr(a[1])) return raiseTypeError(t, "ParserCreate() argument 'namespace_separator' must be str or None, not %s", typeNameOf(t, a[1]));
    separator = toUtf8(a[1].as<Str>());
    if (separator.size() > 1) return raiseValueError(t, "namespace_separator must be at most one character, omitted, or None");
  }
  Ref table = a[2].isUndefined() ? newDict(t) : Ref::of(a[2]);
  if (!table.get().isNone() && !isDict(table.get())) return raiseTypeError(t, "intern must be a dictionary");
  const char* name = a[0].isNone() ? nullptr : encoding.c_str();
  XML_Parser parser = a[1].isNone() ? XML_ParserCreate(name) : XML_ParserCreateNS(name, separator.empty() ? '\0' : separator[0]);
  if (parser == nullptr) return raiseMemoryError(t);
  uint64_t salt[2] = {static_cast<uint64_t>(hashBytesKeyed("expat", 5)), 0};
  XML_SetHashSalt(parser, static_cast<unsigned long>(salt[0]));
  return newParser(parser, table.get());
}
static Ref errorString(Thread& t, const Value* a) {
  const char* text = XML_ErrorString(static_cast<XML_Error>(TRY(toCInt_py(t, a[0]))));
  return plainText(t, text);
}
static const NativeDef kFunctions[] = {{"ParserCreate", "(encoding=None, namespace_separator=None, intern=<unset>)", parserCreate, "Return a new XML parser object."},
    {"ErrorString", "(code, /)", errorString, "Returns string error for given number."}, {nullptr, nullptr, nullptr}};

static const char* const kErrorNames[] = {
    nullptr, "NO_MEMORY", "SYNTAX", "NO_ELEMENTS", "INVALID_TOKEN", "UNCLOSED_TOKEN", "PARTIAL_CHAR", "TAG_MISMATCH", "DUPLICATE_ATTRIBUTE", "JUNK_AFTER_DOC_ELEMENT", "PARAM_ENTITY_REF", "UNDEFINED_ENTITY",
    "RECURSIVE_ENTITY_REF", "ASYNC_ENTITY", "BAD_CHAR_REF", "BINARY_ENTITY_REF", "ATTRIBUTE_EXTERNAL_ENTITY_REF", "MISPLACED_XML_PI", "UNKNOWN_ENCODING", "INCORRECT_ENCODING", "UNCLOSED_CDATA_SECTION",
    "EXTERNAL_ENTITY_HANDLING", "NOT_STANDALONE", "UNEXPECTED_STATE", "ENTITY_DECLARED_IN_PE", "FEATURE_REQUIRES_XML_DTD", "CANT_CHANGE_FEATURE_ONCE_PARSING", "UNBOUND_PREFIX", "UNDECLARING_PREFIX",
    "INCOMPLETE_PE", "XML_DECL", "TEXT_DECL", "PUBLICID", "SUSPENDED", "NOT_SUSPENDED", "ABORTED", "FINISHED", "SUSPEND_PE", "RESERVED_PREFIX_XML", "RESERVED_PREFIX_XMLNS", "RESERVED_NAMESPACE_URI",
    "INVALID_ARGUMENT", "NO_BUFFER", "AMPLIFICATION_LIMIT_BREACH"};
static Ref submodule_py(Thread& t, Module* m, const char* name, const char* doc) {
  Ref full = newStr(t, std::string("pyexpat.") + name), text = newStr(t, doc);
  Ref made = TRY(callArgs_py(t, typeOfHeap(Value(m)), full.get(), text.get()));
  Ref sys = TRY(importByName_py(t, "sys"));
  Ref modules = TRY(getAttrNamed_py(t, sys.get(), "modules"));
  TRY(setItem_py(t, modules.get(), full.get(), made.get()));
  moduleSet(t, m, name, made.get());
  return made;
}
static Status addSubmodules_py(Thread& t, Module* m) {
  Ref errors_module = TRY(submodule_py(t, m, "errors", "Constants used to describe error conditions."));
  Ref codes = newDict(t), messages = newDict(t);
  for (size_t i = 1; i < std::size(kErrorNames); ++i) {
    const char* message = XML_ErrorString(static_cast<XML_Error>(i));
    if (message == nullptr) continue;
    Ref text = newStr(t, message);
    moduleSet(t, errors_module.as<Module>(), intern(*t.isolate, std::string("XML_ERROR_") + kErrorNames[i])->ascii().data(), text.get());
    TRY(dictSet_py(t, codes.as<Dict>(), text.get(), Value::fromInt(static_cast<int64_t>(i))));
    TRY(dictSet_py(t, messages.as<Dict>(), Value::fromInt(static_cast<int64_t>(i)), text.get()));
  }
  moduleSet(t, errors_module.as<Module>(), "codes", codes.get());
  moduleSet(t, errors_module.as<Module>(), "messages", messages.get());
  Ref model = TRY(submodule_py(t, m, "model", "Constants used to interpret content model information."));
  static const char* const kTypes[] = {nullptr, "XML_CTYPE_EMPTY", "XML_CTYPE_ANY", "XML_CTYPE_MIXED", "XML_CTYPE_NAME", "XML_CTYPE_CHOICE", "XML_CTYPE_SEQ"};
  static const char* const kQuants[] = {"XML_CQUANT_NONE", "XML_CQUANT_OPT", "XML_CQUANT_REP", "XML_CQUANT_PLUS"};
  for (int i = 1; i < 7; ++i) moduleSet(t, model.as<Module>(), kTypes[i], Value::fromInt(i));
  for (int i = 0; i < 4; ++i) moduleSet(t, model.as<Module>(), kQuants[i], Value::fromInt(i));
  return kDone;
}
static void makeParserType(Isolate& isolate) {
  std::vector<GetSetDef>* all = new std::vector<GetSetDef>{  // lives as long as the type
      {"buffer_text", getFlag<&Parser::buffers_text>, setBuffersText}, {"ordered_attributes", getFlag<&Parser::is_ordered>, setFlag<&Parser::is_ordered>},
      {"specified_attributes", getFlag<&Parser::only_specified>, setFlag<&Parser::only_specified>}, {"namespace_prefixes", getFlag<&Parser::has_prefixes>, setPrefixes},
      {"buffer_size", getBufferSize, setBufferSize}, {"buffer_used", getBufferUsed}, {"intern", getIntern},
      {"ErrorCode", getPosition<XML_GetErrorCode>}, {"ErrorLineNumber", getPosition<XML_GetErrorLineNumber>}, {"ErrorColumnNumber", getPosition<XML_GetErrorColumnNumber>}, {"ErrorByteIndex", getPosition<XML_GetErrorByteIndex>},
      {"CurrentLineNumber", getPosition<XML_GetCurrentLineNumber>}, {"CurrentColumnNumber", getPosition<XML_GetCurrentColumnNumber>}, {"CurrentByteIndex", getPosition<XML_GetCurrentByteIndex>}};
  addHandlers(*all, std::make_index_sequence<kHandlerCount>());
  all->push_back({nullptr, nullptr});
  parser_type = makeType(isolate, {.name = "pyexpat.xmlparser", .size = sizeof(Parser), .flags = kTypeGc | kTypeDisallowNew, .methods = kMethods, .getsets = all->data(), .doc = "XML parser"});
  Slots& s = parser_type->slots;
  s.clear = [](Object* o) {
    Parser* p = static_cast<Parser*>(o);
    for (Value& handler : p->handlers) clearField(handler);
  };
  s.dealloc = [](Object* o) {
    Parser* p = static_cast<Parser*>(o);
    XML_ParserFree(p->parser);
    for (Value& handler : p->handlers) clearField(handler);
    decref(p->intern_table);
    decref(p->parent);
    delete p->text;
  };
  s.traverse = [](Object* o, Visitor visitor, void* context) {
    Parser* p = static_cast<Parser*>(o);
    for (Value handler : p->handlers) visit(handler, visitor, context);
    visit(p->intern_table, visitor, context);
    visit(p->parent, visitor, context);
  };
  readyType(isolate, parser_type);
}
static Status init(Thread& t, Module* m) {
  makeParserType(*t.isolate);
  moduleSet(t, m, "XMLParserType", parser_type);
  Ref name = newStr(t, "ExpatError"), bases = tupleOf(t, {errors(t).exception}), ns = newDict(t), module = newStr(t, "xml.parsers.expat");
  dictSetStr(ns.as<Dict>(), t.names().d_module, module.get());
  Ref error = TRY(callArgs_py(t, t.types().type, name.get(), bases.get(), ns.get()));
  error_type = error.as<Type>();
  moduleSet(t, m, "error", error.get());
  moduleSet(t, m, "ExpatError", error.release());
  XML_Expat_Version v = XML_ExpatVersionInfo();
  Ref version = tupleOf(t, {Value::fromInt(v.major), Value::fromInt(v.minor), Value::fromInt(v.micro)}), text = newStr(t, XML_ExpatVersion()), native = newStr(t, "UTF-8"), features = newList(t);
  for (const XML_Feature* f = XML_GetFeatureList(); f->feature != XML_FEATURE_END; ++f) {
    Ref feature = newStr(t, f->name), pair = tupleOf(t, {feature.get(), Value::fromInt(f->value)});
    listAppend(features.as<List>(), pair.get());
  }
  moduleSet(t, m, "version_info", version.get());
  moduleSet(t, m, "EXPAT_VERSION", text.get());
  moduleSet(t, m, "native_encoding", native.get());
  moduleSet(t, m, "features", features.get());
  moduleSet(t, m, "XML_PARAM_ENTITY_PARSING_NEVER", Value::fromInt(XML_PARAM_ENTITY_PARSING_NEVER));
  moduleSet(t, m, "XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", Value::fromInt(XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE));
  moduleSet(t, m, "XML_PARAM_ENTITY_PARSING_ALWAYS", Value::fromInt(XML_PARAM_ENTITY_PARSING_ALWAYS));
  return addSubmodules_py(t, m);
}
}  // namespace expat

extern const NativeModule kExpatModule;
const NativeModule kExpatModule = {"pyexpat", "Python wrapper for Expat parser.", expat::kFunctions, expat::init};

}  // namespace krait::modules
