#include "analyzer/format/concrete.h"

namespace krait::format {

ElementId ConcreteTree::addNode(Form form) {
  ElementId id(static_cast<uint32_t>(elements_.size()));
  elements_.emplace_back();
  elements_.back().form = form;
  return id;
}

ElementId ConcreteTree::addLeaf(Form form, TokenKind token, std::string_view text) {
  ElementId id = addNode(form);
  elements_.back().token = token;
  setText(id, text);
  return id;
}

void ConcreteTree::setText(ElementId leaf, std::string_view text) {
  Element& element = (*this)[leaf];
  element.text = text;
  element.width = widthOf(text);
  bool may_span = element.token == TokenKind::kString || element.form != Form::kToken;
  element.spans_lines = may_span && text.find('\n') != std::string_view::npos;
}

void ConcreteTree::append(ElementId parent, ElementId child) { insertBefore(parent, ElementId(), child); }

void ConcreteTree::insertBefore(ElementId parent, ElementId place, ElementId child) {
  Element& inserted = (*this)[child];
  inserted.parent = parent;
  inserted.next = place;
  inserted.previous = place.valid() ? (*this)[place].previous : (*this)[parent].last;
  if (inserted.previous.valid()) {
    (*this)[inserted.previous].next = child;
  } else {
    (*this)[parent].first = child;
  }
  if (place.valid()) {
    (*this)[place].previous = child;
  } else {
    (*this)[parent].last = child;
  }
}

void ConcreteTree::remove(ElementId child) {
  Element& removed = (*this)[child];
  if (removed.previous.valid()) {
    (*this)[removed.previous].next = removed.next;
  } else {
    (*this)[removed.parent].first = removed.next;
  }
  if (removed.next.valid()) {
    (*this)[removed.next].previous = removed.previous;
  } else {
    (*this)[removed.parent].last = removed.previous;
  }
  removed.parent = removed.previous = removed.next = ElementId();
}

void ConcreteTree::replace(ElementId old_child, ElementId new_child) {
  ElementId parent = (*this)[old_child].parent;
  ElementId place = (*this)[old_child].next;
  remove(old_child);
  if ((*this)[new_child].parent.valid()) remove(new_child);
  insertBefore(parent, place, new_child);
}

uint32_t ConcreteTree::childCount(ElementId id) const {
  uint32_t count = 0;
  for (ElementId child = (*this)[id].first; child.valid(); child = (*this)[child].next) ++count;
  return count;
}

ElementId ConcreteTree::child(ElementId id, uint32_t index) const {
  ElementId child = (*this)[id].first;
  while (child.valid() && index-- > 0) child = (*this)[child].next;
  return child;
}

ElementId ConcreteTree::firstLeaf(ElementId id) const {
  while (isNode(id)) id = (*this)[id].first;
  return id;
}

ElementId ConcreteTree::lastLeaf(ElementId id) const {
  while (isNode(id)) id = (*this)[id].last;
  return id;
}

ElementId ConcreteTree::precedingLeaf(ElementId id) const {
  for (; id.valid(); id = (*this)[id].parent) {
    if ((*this)[id].previous.valid()) return lastLeaf((*this)[id].previous);
  }
  return ElementId();
}

ElementId ConcreteTree::nextLeaf(ElementId leaf, ElementId within) const {
  for (ElementId id = leaf; id.valid() && id != within; id = (*this)[id].parent) {
    if ((*this)[id].next.valid()) return firstLeaf((*this)[id].next);
  }
  return ElementId();
}

bool isWord(const Element& leaf) {
  return leaf.form == Form::kToken &&
         (leaf.token == TokenKind::kName || (syntax::isKeyword(leaf.token) && leaf.token != TokenKind::kKwAsync &&
                                             leaf.token != TokenKind::kKwAwait));
}

bool isMultilineString(const Element& leaf) {
  if (!isToken(leaf, TokenKind::kString) || !leaf.spans_lines) return false;
  size_t quote = leaf.text.find_first_of("'\"");
  std::string_view quotes = leaf.text.substr(quote == std::string_view::npos ? leaf.text.size() : quote, 3);
  return quotes == "'''" || quotes == "\"\"\"";
}

uint32_t widthOf(std::string_view text) {
  uint32_t width = 0;
  for (char c : text) width += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return width;
}

}  // namespace krait::format
