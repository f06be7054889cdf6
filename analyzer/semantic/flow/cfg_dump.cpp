#include "analyzer/semantic/flow/cfg.h"

namespace krait::semantic {

static const char* spelling(Terminator terminator) {
  static constexpr const char* kNames[] = {"jump", "branch", "loop", "case", "handler", "return", "raise", "end"};
  return kNames[static_cast<int>(terminator)];
}

static const char* spelling(ElementKind kind) {
  static constexpr const char* kNames[] = {"", "", "bind ", "bind handler ", "unbind handler ", "bind pattern "};
  return kNames[static_cast<int>(kind)];
}

// The first line of the node's text, at most 60 bytes.
static std::string excerpt(const Ast& ast, NodeId node) {
  std::string_view text = ast.text(node);
  size_t end = text.find('\n');
  bool is_cut = end != std::string_view::npos || text.size() > 60;
  return std::string(text.substr(0, std::min<size_t>(end, 60))) + (is_cut ? "…" : "");
}

std::string dumpCfg(const Cfg& cfg, const SemanticModel& model) {
  const Scope& scope = model[cfg.scope()];
  std::string out = std::string(spelling(scope.kind)) + " " + std::string(model.ast().name(scope.name)) + "\n";
  for (size_t i = 0; i < cfg.blocks().size(); ++i) {
    const Block& block = cfg.blocks()[i];
    out += "  block " + std::to_string(i) + (block.is_reachable ? "" : " unreachable") + "\n";
    for (const Element& element : cfg.elements(block)) {
      out += "    ";
      out += spelling(element.kind);
      out += excerpt(model.ast(), element.node) + "\n";
    }
    out += "    ";
    out += spelling(block.terminator);
    if (block.next.valid()) out += " " + std::to_string(block.next.value);
    if (block.other.valid()) out += " else " + std::to_string(block.other.value);
    for (BlockId more : block.more) out += " or " + std::to_string(more.value);
    if (block.exception.valid()) out += ", exceptions to " + std::to_string(block.exception.value);
    out += "\n";
  }
  return out;
}

static std::string problem(size_t block, const char* what) { return "block " + std::to_string(block) + ": " + what; }

std::string verifyCfg(const Cfg& cfg, const Ast& ast) {
  for (size_t i = 0; i < cfg.blocks().size(); ++i) {
    const Block& block = cfg.blocks()[i];
    bool is_inside = true;
    Cfg::forEachSuccessor(block, [&](BlockId next) { is_inside &= next.value < cfg.blocks().size(); });
    if (!is_inside) return problem(i, "a successor is not a block of the graph");
    bool has_next = block.next.valid();
    bool has_other = block.other.valid();
    switch (block.terminator) {
      case Terminator::kJump:
        if (!has_next || has_other) return problem(i, "a jump has one target");
        break;
      case Terminator::kBranch:
      case Terminator::kLoop:
      case Terminator::kCase:
      case Terminator::kHandler:
        if (!has_next || !has_other || !block.node.valid()) return problem(i, "a branch has a node and two targets");
        break;
      case Terminator::kReturn:
      case Terminator::kRaise:
      case Terminator::kEnd:
        if (has_next || has_other) return problem(i, "the end of the frame has no successor");
        break;
    }
    for (const Element& element : cfg.elements(block)) {
      if (element.node.value >= ast.nodeCount()) return problem(i, "an element is not a node of the tree");
    }
    if (!block.is_reachable) continue;
    bool all_reachable = true;
    Cfg::forEachSuccessor(block, [&](BlockId next) { all_reachable &= cfg[next].is_reachable; });
    if (!all_reachable) return problem(i, "a successor of a reachable block is reachable");
  }
  return {};
}

}  // namespace krait::semantic
