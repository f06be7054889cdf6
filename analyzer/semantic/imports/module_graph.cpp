#include "analyzer/semantic/imports/module_graph.h"

#include <algorithm>

namespace krait::semantic {

namespace {
// Tarjan's algorithm with an explicit stack: import chains can be thousands long.
struct ComponentSearch {
  const ModuleGraph& graph;
  std::vector<uint32_t> index, low;
  std::vector<bool> on_stack;
  std::vector<uint32_t> stack;
  std::vector<std::vector<uint32_t>> components;
  uint32_t next_index = 1;

  struct Frame {
    uint32_t module;
    size_t edge;
  };

  void open(std::vector<Frame>& frames, uint32_t module) {
    index[module] = low[module] = next_index++;
    stack.push_back(module);
    on_stack[module] = true;
    frames.push_back({module, 0});
  }

  void close(uint32_t module) {
    if (low[module] != index[module]) return;
    std::vector<uint32_t> component;
    uint32_t member;
    do {
      member = stack.back();
      stack.pop_back();
      on_stack[member] = false;
      component.push_back(member);
    } while (member != module);
    std::sort(component.begin(), component.end());
    components.push_back(std::move(component));
  }

  void run(uint32_t root) {
    std::vector<Frame> frames;
    open(frames, root);
    while (!frames.empty()) {
      Frame& frame = frames.back();
      uint32_t module = frame.module;
      auto edges = graph.importsOf(module);
      if (frame.edge < edges.size()) {
        uint32_t to = edges[frame.edge++];
        if (index[to] == 0) {
          open(frames, to);
        } else if (on_stack[to]) {
          low[module] = std::min(low[module], index[to]);
        }
        continue;
      }
      close(module);
      frames.pop_back();
      if (!frames.empty()) {
        uint32_t parent = frames.back().module;
        low[parent] = std::min(low[parent], low[module]);
      }
    }
  }
};
}  // namespace

std::vector<std::vector<uint32_t>> ModuleGraph::components() const {
  ComponentSearch search{*this, std::vector<uint32_t>(size(), 0), std::vector<uint32_t>(size(), 0),
                         std::vector<bool>(size(), false), {}, {}};
  for (uint32_t module = 0; module < size(); ++module) {
    if (search.index[module] == 0) search.run(module);
  }
  return std::move(search.components);
}

}  // namespace krait::semantic
