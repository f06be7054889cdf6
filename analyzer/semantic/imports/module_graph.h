// ModuleGraph: modules and who imports whom, and the order in which interfaces can be built: strongly connected
// components, imported ones first. Nodes are numbered by the caller (0 … count-1); the answer depends only on the graph.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace krait::semantic {

class ModuleGraph {
 public:
  explicit ModuleGraph(uint32_t count) : edges_(count) {}
  // `from` imports `to`.
  void addEdge(uint32_t from, uint32_t to) { edges_[from].push_back(to); }
  std::span<const uint32_t> importsOf(uint32_t module) const { return edges_[module]; }
  uint32_t size() const { return static_cast<uint32_t>(edges_.size()); }

  // The components in dependency order: every import leads to the same or an earlier component. Members ascend.
  std::vector<std::vector<uint32_t>> components() const;

 private:
  std::vector<std::vector<uint32_t>> edges_;
};

}  // namespace krait::semantic
