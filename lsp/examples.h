// Examples: what blocks of Python in documents and docstrings turned out to do, for those that the user asked to verify.
// Holds the open documents that are no Python files (Markdown, reStructuredText) and the verdicts on all. A verification
// runs in another process, in the sandbox of `krait verify`, and only on request; until it ends the server goes on.
// What always holds: an edit of a document takes its verdicts away.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "analyzer/base/text.h"
#include "lsp/json.h"

namespace krait::lsp {

struct ServerHooks;

// Applies a client's content changes (LSP 3.17, TextDocumentContentChangeEvent) to a text.
void applyChanges(std::string& text, const Json& changes, ColumnUnit unit);

class Examples {
 public:
  Examples() = default;
  ~Examples();
  Examples(const Examples&) = delete;
  Examples& operator=(const Examples&) = delete;

  // Documents that are no Python files.
  static bool isProse(const std::string& uri, const std::string& language);
  void open(const std::string& uri, std::string text);
  bool isOpen(const std::string& uri) const { return texts_.count(uri) != 0; }
  void change(const std::string& uri, const Json& changes, ColumnUnit unit);
  void close(const std::string& uri);
  // The text of such a document, or null.
  const std::string* textOf(const std::string& uri) const;

  // "Verify this block" or its verdict above each block of Python. `lines`: of the blocks, from 0.
  Json lenses(const std::string& uri, const std::vector<uint32_t>& lines) const;
  // What turned out wrong, as diagnostics.
  Json findings(const std::string& uri) const;
  void forget(const std::string& uri) { verdicts_.erase(uri); }

  // Starts verifying the block of the file that stands on the line (from 0); false: another verification is under way.
  bool start(const ServerHooks& hooks, const std::string& uri, uint32_t line);
  bool isRunning() const { return thread_.joinable(); }
  // The uri of the document whose verification ended since; nothing: none did.
  std::optional<std::string> takeFinished();

 private:
  struct Verdict {
    uint32_t line = 0;    // from 0, of the block
    uint32_t last = 0;    // of the next block, or the end of all
    bool is_ok = false;
    std::string summary;  // "2 claims hold"
    std::vector<std::pair<uint32_t, std::string>> wrong;  // lines and messages
  };
  void take(const std::string& uri, uint32_t line, const std::string& report);

  std::map<std::string, std::string> texts_;  // by uri
  std::map<std::string, std::vector<Verdict>> verdicts_;
  std::thread thread_;
  std::string running_uri_;
  uint32_t running_line_ = 0;
  // Shared with the thread.
  std::mutex lock_;
  std::optional<std::string> report_;
};

}  // namespace krait::lsp
