// pytest's fixtures: the parameters of tests and of fixtures name functions that pytest calls. Found as pytest finds them: in
// the class, in the module and what it imports, in the conftest.py of its folder and of those above, in pytest itself.
#pragma once

#include <string>
#include <vector>

#include "lsp/locate.h"

namespace krait::lsp {

struct NamedFixture {
  std::string name;  // `@pytest.fixture(name="…")`, or the function's own
  Target function;
};

// Does pytest find a function of this name in the module as a test, by its usual names? ref: pytest's "test discovery"
bool isTest(const SourceModule& module, std::string_view function);
// Does pytest give the function's parameters their values: is it a test, or a fixture?
bool takesFixtures(const SourceModule& module, const syntax::Ast& ast, NodeId function);
// Is the definition a function that makes a fixture?
bool isFixture(const Target& target);
// The fixtures that a function at the node could ask for, nearest first, each name once.
std::vector<NamedFixture> fixturesAt(Workspace& workspace, SourceModule& module, NodeId node);
// What the parameter of a test or fixture gets its value from; a target without a module: nothing is known of one.
Target fixtureOf(Workspace& workspace, SourceModule& module, NodeId parameter);
// The fixture of that name at the node.
Target fixtureNamed(Workspace& workspace, SourceModule& module, NodeId node, std::string_view name);
// The expressions that tell the type of what a fixture gives: annotations, or the values that it returns or yields.
std::vector<NodeId> fixtureValues(const Target& fixture);

}  // namespace krait::lsp
