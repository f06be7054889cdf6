// Questions about calls that many rules ask, with the callee's name worked out once for all rules of a call.
#pragma once

#include <optional>
#include <string_view>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// qualifiedName of a Call's callee. Valid until the next call of calleeName.
std::string_view calleeName(LintContext& context, NodeId call);
// The Keyword of the call with this name, or none.
NodeId keywordNodeOf(const Ast& ast, NodeId call, std::string_view name);
// The positional argument at the index, or none; a starred one before it ends the search.
NodeId positionalAt(const Ast& ast, NodeId call, uint32_t index);

// A call of a logging method, on the logging module, a function from it, or something that is called a logger.
struct LoggingCall {
  std::string_view level;  // "info", "exception", "log"…
  TextRange name_range;    // of the method's name
  NodeId message;          // none when it is not given
};
std::optional<LoggingCall> loggingCall(LintContext& context, NodeId call);
// A call of gettext, as `_` or by the names that the configuration gives its functions.
bool isGettextCall(LintContext& context, NodeId call);
// Does the expression look like a logger: the logging module, or a name such as `logger`?
bool isLogger(const LintContext& context, NodeId expr);

// Is the node inside an `async def` (functions and classes in between end the search)?
bool isInAsyncFunction(const Ast& ast, NodeId node);
// The nearest ExceptHandler around the node within its function, or none.
NodeId enclosingHandler(const Ast& ast, NodeId node);

}  // namespace krait::lint
