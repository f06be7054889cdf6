// The VS Code client of `krait lsp`: starts the server, and gives its commands what only the editor has: a terminal, the
// selection, a place to show references and explanations. All else is the protocol's.
import { execFile } from "child_process";
import {
  commands, ExtensionContext, Location, Position, Range, TerminalOptions, Uri, window, workspace,
} from "vscode";
import { ExecuteCommandRequest, LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

interface Program { command: string[]; cwd: string }
interface WirePosition { line: number; character: number }
interface WireLocation { uri: string; range: { start: WirePosition; end: WirePosition } }

const program = (): string => workspace.getConfiguration("krait").get("path", "krait");
const position = (from: WirePosition): Position => new Position(from.line, from.character);

function execute<T>(command: string, args: unknown[]): Promise<T | null> {
  return client!.sendRequest(ExecuteCommandRequest.type, { command, arguments: args }) as Promise<T | null>;
}

// Runs in a terminal what the server named; the server itself starts nothing.
async function runInTerminal(command: string, ...args: unknown[]): Promise<void> {
  const found = await execute<Program>(command, args);
  if (!found) return;
  const options: TerminalOptions = { name: "Krait", shellPath: found.command[0], shellArgs: found.command.slice(1), cwd: found.cwd || undefined };
  window.createTerminal(options).show();
}

async function withCurrentFile(command: string): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (!document) return;
  await document.save();
  await runInTerminal(command, document.uri.toString());
}

async function showSelectionType(): Promise<void> {
  const editor = window.activeTextEditor;
  if (!editor) return;
  const { start, end } = editor.selection;
  const range = { start: { line: start.line, character: start.character }, end: { line: end.line, character: end.character } };
  const found = await execute<{ type: string }>("krait.showType", [editor.document.uri.toString(), range]);
  window.showInformationMessage(found ? found.type : "The type is not known");
}

function showReferences(uri: string, at: WirePosition, places: WireLocation[]): Thenable<unknown> {
  const locations = places.map((place) => new Location(Uri.parse(place.uri), new Range(position(place.range.start), position(place.range.end))));
  return commands.executeCommand("editor.action.showReferences", Uri.parse(uri), position(at), locations);
}

// krait-explain:/CODE.md, the link behind each code.
function explain(uri: Uri): Promise<string> {
  const code = uri.path.replace(/^\//, "").replace(/\.md$/, "");
  return new Promise((resolve) => {
    execFile(program(), ["explain", code], (error, out) => resolve(error ? `Nothing is known about ${code}.` : out));
  });
}

export async function activate(context: ExtensionContext): Promise<void> {
  const serverOptions: ServerOptions = { command: program(), args: ["lsp"] };
  const clientOptions: LanguageClientOptions = {
    // Of documents the blocks of Python can be verified.
    documentSelector: [{ language: "python" }, { language: "markdown" }, { language: "restructuredtext" }],
    synchronize: { configurationSection: "krait" },
    initializationOptions: workspace.getConfiguration("krait"),
    // Lenses of the server name commands that need the editor.
    middleware: {
      executeCommand: (command, args, next) =>
        ["krait.runFile", "krait.testFile", "krait.verifyFile"].includes(command) ? runInTerminal(command, ...args) : next(command, args),
    },
  };
  client = new LanguageClient("krait", "Krait", serverOptions, clientOptions);
  context.subscriptions.push(
    commands.registerCommand("krait.runCurrentFile", () => withCurrentFile("krait.runFile")),
    commands.registerCommand("krait.verifyCurrentFile", () => withCurrentFile("krait.verifyFile")),
    commands.registerCommand("krait.restartServer", () => client!.restart()),
    commands.registerCommand("krait.showSelectionType", showSelectionType),
    commands.registerCommand("krait.showLastInvalidation", async () => {
      const found = await execute<{ message: string }>("krait.showInvalidated", []);
      if (found) window.showInformationMessage(found.message);
    }),
    commands.registerCommand("krait.showReferences", showReferences),
    workspace.registerTextDocumentContentProvider("krait-explain", { provideTextDocumentContent: explain }),
  );
  await client.start();
}

export function deactivate(): Thenable<void> | undefined {
  return client?.stop();
}
