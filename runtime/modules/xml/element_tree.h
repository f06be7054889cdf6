// The `_elementtree` module: Element (element.cpp), TreeBuilder (tree_builder.cpp) and XMLParser on libexpat (tree_parser.cpp).
// ref: Modules/_elementtree.c, and xml.etree.ElementTree of the library reference.
#pragma once

#include <string>
#include <vector>

#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules::element_tree {

struct Element : Object {
  Value tag, text, tail;
  Value attrib;    // a dict, or Undefined: none yet
  List* children;  // owned, seen by nobody else; null: none yet
  int64_t count() const { return children != nullptr ? children->size : 0; }
};
// What an XMLPullParser wants to hear of.
enum EventKind { kStartEvent, kEndEvent, kStartNamespaceEvent, kEndNamespaceEvent, kCommentEvent, kInstructionEvent, kEventKinds };
struct TreeBuilder : Object {
  Value root, current;                 // Undefined: none
  Value last, last_for_tail;           // whose text, or whose tail, comes next
  Value data;                          // a list of texts that wait, or Undefined
  List* stack;                         // of `current`s; holds None for Undefined
  Value element_factory, comment_factory, pi_factory;  // Undefined: none
  bool inserts_comments, inserts_pis;
  Value events_append;                 // or Undefined
  Value event_names[kEventKinds];      // Undefined: not wanted
};
struct State {
  Type *element = nullptr, *iterator = nullptr, *builder = nullptr, *parser = nullptr;
  Value parse_error, comment_factory, pi_factory;
};
extern State state;

inline bool isElement(Value v) { return v.isHeap() && isSubtype(v.object()->type, state.element); }
inline bool isExactElement(Value v) { return v.isHeap() && v.object()->type == state.element; }
inline bool isExactBuilder(Value v) { return v.isHeap() && v.object()->type == state.builder; }
inline void store(Value& field, Value v) {
  Value old = field;
  field = share(v);
  decref(old);
}

// An Element; `attrib` is a dict that it takes as it is, or Undefined.
Ref newElement(Thread& t, Value tag, Value attrib);
void addChild(Thread& t, Element* parent, Value child);
// What the target of a parser does; each gives what the method of that name returns. `attrib` and `text` may be Undefined.
Ref builderStart_py(Thread& t, TreeBuilder* b, Value tag, Value attrib);
Ref builderEnd_py(Thread& t, TreeBuilder* b);
Ref builderData_py(Thread& t, TreeBuilder* b, Value data);
Ref builderComment_py(Thread& t, TreeBuilder* b, Value text);
Ref builderInstruction_py(Thread& t, TreeBuilder* b, Value target, Value text);
Ref builderClose_py(Thread& t, TreeBuilder* b);
Status builderEvent_py(Thread& t, TreeBuilder* b, EventKind kind, Value what);
Ref newBuilder_py(Thread& t);

void addElementTypes(Thread& t, Module* m);
void addBuilderType(Thread& t, Module* m);
void addParserType(Thread& t, Module* m);
extern const NativeDef kSubElement;  // SubElement()

}  // namespace krait::modules::element_tree
