// Drives the server with VS Code's own protocol library (vscode-languageserver-protocol), as its language client does:
// typed requests, cancellation tokens, progress, dynamic registration.
//
// usage: node run_vscode_client.mjs KRAIT        (77: the library is not installed)
import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import assert from "node:assert/strict";

const require = createRequire(import.meta.url);
let lsp;
try {
  lsp = require("vscode-languageserver-protocol/node");
} catch {
  console.log("vscode-languageserver-protocol is not installed");
  process.exit(77);
}

const krait = resolve(process.argv[2]);
const root = realpathSync(mkdtempSync(join(tmpdir(), "krait-vscode-")));
const uri = pathToFileURL(join(root, "main.py")).toString();
const text = `import os
from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int = 0

    def moved(self, by: int) -> "Point":
        return Point(self.x + by, self.y)


start = Point(1)
text: str = start.moved(2)
`;

// What VS Code's client announces, as far as this test uses it.
const capabilities = {
  general: { positionEncodings: ["utf-16"] },
  window: { workDoneProgress: true },
  workspace: { configuration: true, workspaceFolders: true, didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true }, workspaceEdit: { documentChanges: true, resourceOperations: ["create", "rename", "delete"] },
    diagnostics: { refreshSupport: true }, codeLens: { refreshSupport: true } },
  textDocument: {
    synchronization: { dynamicRegistration: true, didSave: true }, diagnostic: { dynamicRegistration: true, relatedDocumentSupport: false },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"], insertReplaceSupport: true,
      resolveSupport: { properties: ["documentation", "additionalTextEdits"] } } },
    hover: { contentFormat: ["markdown", "plaintext"] }, definition: { linkSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true }, inlayHint: { resolveSupport: { properties: ["tooltip", "textEdits"] } },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "source.fixAll"] } } },
  },
};

const server = spawn(krait, ["lsp", "--stdio"], { cwd: root });
const connection = lsp.createProtocolConnection(new lsp.StreamMessageReader(server.stdout), new lsp.StreamMessageWriter(server.stdin));
const registered = [];
connection.onRequest(lsp.RegistrationRequest.type, (params) => void registered.push(...params.registrations.map((one) => one.method)));
connection.onRequest(lsp.ConfigurationRequest.type, (params) => params.items.map(() => ({ completion: { callSnippets: true } })));
connection.onRequest(lsp.WorkDoneProgressCreateRequest.type, () => {});
connection.onRequest(lsp.DiagnosticRefreshRequest.type, () => {});
connection.onRequest(lsp.CodeLensRefreshRequest.type, () => {});
connection.listen();

const document = { uri };
const at = (line, character) => ({ textDocument: document, position: { line, character } });

async function main() {
  writeFileSync(join(root, "main.py"), text);
  const folders = [{ uri: pathToFileURL(root).toString(), name: "test" }];
  const answer = await connection.sendRequest(lsp.InitializeRequest.type, { processId: process.pid, rootUri: folders[0].uri, capabilities, workspaceFolders: folders });
  assert.equal(answer.capabilities.positionEncoding, "utf-16");
  await connection.sendNotification(lsp.InitializedNotification.type, {});
  await connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId: "python", version: 1, text } });

  const report = await connection.sendRequest(lsp.DocumentDiagnosticRequest.type, { textDocument: document });
  assert.deepEqual(report.items.map((item) => item.code), ["assignment", "F401"]);
  const again = await connection.sendRequest(lsp.DocumentDiagnosticRequest.type, { textDocument: document, previousResultId: report.resultId });
  assert.equal(again.kind, "unchanged");
  assert.ok(registered.includes("workspace/didChangeWatchedFiles"), String(registered));

  const hover = await connection.sendRequest(lsp.HoverRequest.type, at(14, 19));
  assert.match(hover.contents.value, /def moved\(/);
  const links = await connection.sendRequest(lsp.DefinitionRequest.type, at(14, 19));
  assert.deepEqual(links.map((link) => link.targetSelectionRange.start), [{ line: 9, character: 8 }]);
  const symbols = await connection.sendRequest(lsp.DocumentSymbolRequest.type, { textDocument: document });
  assert.deepEqual(symbols.map((one) => one.name), ["Point", "start", "text"]);

  const list = await connection.sendRequest(lsp.CompletionRequest.type, { ...at(14, 18), context: { triggerKind: 2, triggerCharacter: "." } });
  const moved = list.items.find((item) => item.label === "moved");
  const resolved = await connection.sendRequest(lsp.CompletionResolveRequest.type, moved);
  assert.equal(resolved.label, "moved");
  const help = await connection.sendRequest(lsp.SignatureHelpRequest.type, at(14, 24));
  assert.match(help.signatures[0].label, /by: int/);

  const edit = await connection.sendRequest(lsp.RenameRequest.type, { ...at(6, 4), newName: "left" });
  assert.equal(edit.documentChanges[0].edits.length, 2);
  const everywhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 9 } };
  const actions = await connection.sendRequest(lsp.CodeActionRequest.type, { textDocument: document, range: everywhere, context: { diagnostics: report.items } });
  assert.ok(actions.some((action) => /unused import/i.test(action.title)), actions.map((action) => action.title).join(", "));
  const hints = await connection.sendRequest(lsp.InlayHintRequest.type, { textDocument: document, range: { start: { line: 0, character: 0 }, end: { line: 15, character: 0 } } });
  for (const hint of hints) await connection.sendRequest(lsp.InlayHintResolveRequest.type, hint);
  const tokens = await connection.sendRequest(lsp.SemanticTokensRequest.type, { textDocument: document });
  assert.equal(tokens.data.length % 5, 0);
  const lenses = await connection.sendRequest(lsp.CodeLensRequest.type, { textDocument: document });
  const lens = await connection.sendRequest(lsp.CodeLensResolveRequest.type, lenses[0]);
  assert.match(lens.command.title, /reference/);

  // A request that is taken back: answered once, as cancelled or with its result.
  const source = new lsp.CancellationTokenSource();
  const cancelled = connection.sendRequest(lsp.WorkspaceSymbolRequest.type, { query: "Point" }, source.token).catch((error) => error.code);
  source.cancel();
  const outcome = await cancelled;
  assert.ok(outcome === lsp.LSPErrorCodes.RequestCancelled || Array.isArray(outcome), String(outcome));
  // Parts of an answer.
  const parts = [];
  const token = "parts";
  connection.onProgress(new lsp.ProgressType(), token, (part) => parts.push(...part));
  const rest = await connection.sendRequest(lsp.ReferencesRequest.type, { ...at(5, 6), context: { includeDeclaration: true }, partialResultToken: token });
  assert.equal(parts.length + rest.length, 4);

  await connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, { textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start: { line: 14, character: 6 }, end: { line: 14, character: 9 } }, text: "Point" }] });
  const after = await connection.sendRequest(lsp.DocumentDiagnosticRequest.type, { textDocument: document });
  assert.deepEqual(after.items.map((item) => item.code), ["F401"]);

  await connection.sendRequest(lsp.ShutdownRequest.type);
  const ended = new Promise((done) => server.once("exit", done));
  await connection.sendNotification(lsp.ExitNotification.type);
  assert.equal(await ended, 0);
}

try {
  await main();
  console.log("the protocol library of VS Code is served");
} catch (error) {
  console.log(error.stack);
  process.exitCode = 1;
  server.kill();
} finally {
  rmSync(root, { recursive: true });
  connection.dispose();
}
