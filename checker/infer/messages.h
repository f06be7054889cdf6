// The texts of expression findings, byte for byte mypy's (messages.py, message_registry.py), and the notes that go
// with them. Each function reports at a node; texts that need no computation stand at their call sites.
#pragma once

#include "checker/infer/context.h"

namespace krait::infer {

// The name of a callable in messages: `"f"`, `"f" of "C"`; "<list>" and the like bare; empty without a name.
std::string callableName(World& w, TypeId callee);
// " for NAME" or nothing.
std::string forFunction(World& w, TypeId callee);
// `"a"`, `"a" or "b"`, `"a", "b", or "c"`.
std::string prettySequence(const std::vector<std::string>& items, std::string_view conjunction);
// Up to n options that look like `name`, best first (difflib's ratio above 0.75).
std::vector<std::string> bestMatches(std::string_view name, const std::vector<std::string>& options, size_t n);
// The operator of a dunder, or empty: "+" for __add__, "in" for __contains__.
std::string_view operatorSymbol(std::string_view method);

void reportNoAttribute(Context& c, TypeId original, TypeId type, NameId name, NodeId at, ModuleId module = {});
void reportUnsupportedOperands(Context& c, std::string_view op, TypeId left, TypeId right, NodeId at, Code code = Code::kOperator);
void reportUnsupportedLeft(Context& c, std::string_view op, TypeId type, NodeId at);
void reportArgument(Context& c, size_t number, size_t parameter, TypeId callee, TypeId given, ArgKind kind, NameId given_name,
                    TypeId object_type, NodeId at, TypeId wanted);
void reportNotCallable(Context& c, TypeId type, NodeId at);
void reportDeprecated(Context& c, const std::string& text, NodeId at);

// The protocol notes for one pair.
void reportProtocolProblems(Context& c, TypeId actual, TypeId protocol, NodeId at, Code code);
void noteInvariance(World& w, TypeId actual, TypeId wanted, std::vector<std::string>& notes);

std::string toTitle(std::string text);
std::string stripQuotes(std::string text);

}  // namespace krait::infer
