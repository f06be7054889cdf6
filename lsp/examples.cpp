#include "lsp/examples.h"

#include <algorithm>

#include "lsp/server.h"

namespace krait::lsp {

void applyChanges(std::string& text, const Json& changes, ColumnUnit unit) {
  if (!changes.is_array()) return;
  for (const Json& change : changes) {
    std::string replacement = stringOr(member(change, "text"));
    const Json& range = member(change, "range");
    if (!range.is_object()) {
      text = std::move(replacement);
      continue;
    }
    LineIndex lines(text);
    auto offset = [&](const Json& place) {
      int64_t line = std::clamp<int64_t>(intOr(member(place, "line"), 0), 0, 0x7fffffff);
      int64_t column = std::clamp<int64_t>(intOr(member(place, "character"), 0), 0, 0x7fffffff);
      return lines.offsetOf({static_cast<uint32_t>(line), static_cast<uint32_t>(column)}, unit);
    };
    uint32_t begin = offset(member(range, "start"));
    uint32_t end = std::max(begin, offset(member(range, "end")));
    text = text.substr(0, begin) + replacement + text.substr(end);
  }
}

Examples::~Examples() {
  if (thread_.joinable()) thread_.join();
}

bool Examples::isProse(const std::string& uri, const std::string& language) {
  if (language == "markdown" || language == "restructuredtext") return true;
  return uri.ends_with(".md") || uri.ends_with(".markdown") || uri.ends_with(".rst");
}

void Examples::open(const std::string& uri, std::string text) {
  texts_[uri] = std::move(text);
  forget(uri);
}

void Examples::change(const std::string& uri, const Json& changes, ColumnUnit unit) {
  applyChanges(texts_[uri], changes, unit);
  forget(uri);
}

void Examples::close(const std::string& uri) {
  texts_.erase(uri);
  forget(uri);
}

const std::string* Examples::textOf(const std::string& uri) const {
  auto found = texts_.find(uri);
  return found != texts_.end() ? &found->second : nullptr;
}

static Json lineRange(uint32_t line) {
  return {{"start", {{"line", line}, {"character", 0}}}, {"end", {{"line", line + 1}, {"character", 0}}}};
}

Json Examples::lenses(const std::string& uri, const std::vector<uint32_t>& lines) const {
  Json out = Json::array();
  auto known = verdicts_.find(uri);
  for (uint32_t line : lines) {
    std::string title = "Verify this block";
    for (const Verdict& verdict : known != verdicts_.end() ? known->second : std::vector<Verdict>()) {
      if (verdict.line == line) title = verdict.is_ok ? "Verified: " + verdict.summary : "Wrong: " + verdict.summary;
    }
    out.push_back({{"range", lineRange(line)}, {"command", {{"title", title}, {"command", "krait.verifyBlock"}, {"arguments", {uri, line}}}}});
  }
  return out;
}

Json Examples::findings(const std::string& uri) const {
  Json out = Json::array();
  auto known = verdicts_.find(uri);
  if (known == verdicts_.end()) return out;
  for (const Verdict& verdict : known->second) {
    for (const auto& [line, message] : verdict.wrong) {
      out.push_back({{"range", lineRange(line)}, {"severity", 1}, {"source", "krait verify"}, {"message", message}});
    }
  }
  return out;
}

bool Examples::start(const ServerHooks& hooks, const std::string& uri, uint32_t line) {
  if (isRunning()) return false;
  running_uri_ = uri;
  running_line_ = line;
  thread_ = std::thread([this, verify = hooks.verify, path = pathOfUri(uri), line] {
    std::string report = verify(path, line);
    std::lock_guard<std::mutex> guard(lock_);
    report_ = std::move(report);
  });
  return true;
}

std::optional<std::string> Examples::takeFinished() {
  std::optional<std::string> report;
  {
    std::lock_guard<std::mutex> guard(lock_);
    report.swap(report_);
  }
  if (!report) return std::nullopt;
  thread_.join();
  thread_ = std::thread();
  take(running_uri_, running_line_, *report);
  return running_uri_;
}

static std::string counted(size_t count, const char* one, const char* many) { return std::to_string(count) + " " + (count == 1 ? one : many); }

// The report of `krait verify --output json`: the block that holds the line, its findings and how many claims hold.
void Examples::take(const std::string& uri, uint32_t line, const std::string& text) {
  // Complaints may stand before it.
  Json report = Json::parse(text.substr(std::min(text.find("{\"documents\""), text.size())), nullptr, false);
  const Json& blocks = member(report, "blocks");
  Verdict verdict{.line = line, .last = 0xffffffffu, .is_ok = true, .summary = {}, .wrong = {}};
  std::string status = "failed";
  for (const Json& block : blocks.is_array() ? blocks : Json::array()) {
    uint32_t first = static_cast<uint32_t>(std::max<int64_t>(intOr(member(block, "line"), 1), 1)) - 1;
    if (first <= line) status = stringOr(member(block, "status"));
    if (first > line && first < verdict.last) verdict.last = first;
  }
  auto isHere = [&](const Json& item) {
    int64_t at = intOr(member(item, "line"), 0) - 1;
    return at >= line && at < verdict.last;
  };
  size_t held = 0;
  const Json& claims = member(report, "claims");
  for (const Json& claim : claims.is_array() ? claims : Json::array()) held += isHere(claim) && stringOr(member(claim, "verdict")) == "holds" ? 1 : 0;
  const Json& findings = member(report, "findings");
  for (const Json& finding : findings.is_array() ? findings : Json::array()) {
    if (!isHere(finding) || stringOr(member(finding, "severity")) != "error") continue;
    verdict.wrong.emplace_back(static_cast<uint32_t>(intOr(member(finding, "line"), 1) - 1), stringOr(member(finding, "message")));
  }
  if (report.is_discarded()) verdict.wrong.emplace_back(line, text.empty() ? "krait verify gave no report" : text);
  else if (verdict.wrong.empty() && status != "ok") verdict.wrong.emplace_back(line, "the block did not run: " + status);
  verdict.is_ok = verdict.wrong.empty();
  if (!verdict.is_ok) verdict.summary = counted(verdict.wrong.size(), "finding", "findings");
  else verdict.summary = held == 0 ? "it runs" : counted(held, "claim holds", "claims hold");
  std::vector<Verdict>& list = verdicts_[uri];
  std::erase_if(list, [&](const Verdict& old) { return old.line == line; });
  list.push_back(std::move(verdict));
}

}  // namespace krait::lsp
