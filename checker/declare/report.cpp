// Findings of the declaring phase.
#include "checker/declare/declare.h"

namespace krait::declare {

void report(World& w, ModuleId module, TextRange range, Code code, std::string text) {
  Module& info = w.modules[module];
  if (info.is_library) return;
  Message message;
  message.range = range;
  message.code = code;
  message.text = std::move(text);
  message.phase = 1;
  info.messages.push_back(std::move(message));
}

void report(World& w, ModuleId module, NodeId node, Code code, std::string text) {
  report(w, module, w.modules[module].ast->range(node), code, std::move(text));
}

void reportNote(World& w, ModuleId module, NodeId node, Code code, std::string text) {
  Module& info = w.modules[module];
  if (info.is_library) return;
  Message message;
  message.range = info.ast->range(node);
  message.code = code;
  message.severity = Severity::kNote;
  message.text = std::move(text);
  message.phase = 1;
  info.messages.push_back(std::move(message));
}

}  // namespace krait::declare
