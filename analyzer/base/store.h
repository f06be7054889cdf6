// Store<T, IdT>: the owner of entities named by ids. Ids are dense and given in order of adding.
// A T& is valid until the next add; take it late and drop it early.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "analyzer/base/check.h"
#include "analyzer/base/id.h"

namespace krait {

template <class T, class IdT>
class Store {
 public:
  IdT add(T value) {
    IdT id(static_cast<uint32_t>(items_.size()));
    items_.push_back(std::move(value));
    return id;
  }
  const T& operator[](IdT id) const {
    DCHECK(id.value < items_.size(), "id belongs to this store");
    return items_[id.value];
  }
  T& operator[](IdT id) {
    DCHECK(id.value < items_.size(), "id belongs to this store");
    return items_[id.value];
  }
  uint32_t size() const { return static_cast<uint32_t>(items_.size()); }
  bool empty() const { return items_.empty(); }
  void reserve(size_t n) { items_.reserve(n); }
  void clear() { items_.clear(); }
  std::span<const T> all() const { return items_; }
  std::span<T> all() { return items_; }

 private:
  std::vector<T> items_;
};

}  // namespace krait
