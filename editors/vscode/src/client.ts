// The client of the protocol: vscode-languageclient, but for the commands that this extension gives a meaning of its own.

import * as vscode from "vscode";
import {
  type DynamicFeature,
  type ExecuteCommandRegistrationOptions,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  type Location,
  type Middleware,
  type Position,
  type RegistrationData,
  type StaticFeature,
} from "vscode-languageclient/node";

/** Commands of the server that are done here: in a terminal, in the debugger, by the editor itself. */
const ours = new Set(["hark.run", "hark.debug", "hark.debugSession"]);

/** The command of ours that lenses with a count of references use where the client says that it has it. */
const showReferences = "hark.showReferences";

/**
 * The server gives up a question that an edit overtakes, and for most the editor asks again by itself. Not for completions: who types
 * faster than they come would see no list until the next key.
 */
const middleware: Middleware = {
  async provideCompletionItem(document, position, context, token, next) {
    for (;;) {
      const { version } = document;
      const found = await next(document, position, context, token);
      if (found || document.version === version || token.isCancellationRequested) {
        return found;
      }
    }
  },
};

export class Client extends LanguageClient {
  constructor(path: string, args: string[], options: LanguageClientOptions) {
    const initializationOptions = { commands: [showReferences] };
    super(
      "hark",
      "Hark",
      { command: path, args },
      { ...options, middleware: { ...middleware }, initializationOptions },
    );
    this.middleware.workspace = {
      // The setting that changes may be one that stops this server: then nobody has to be told.
      didChangeConfiguration: (sections, next) =>
        next(sections).catch((error) => {
          if (this.isRunning()) {
            throw error;
          }
        }),
    };
  }

  /** Shows references as the editor does when it has found them itself. */
  showReferences(uri: string, position: Position, locations: Location[]): Thenable<unknown> {
    const convert = this.protocol2CodeConverter;
    return vscode.commands.executeCommand(
      "editor.action.showReferences",
      convert.asUri(uri),
      convert.asPosition(position),
      locations.map((location) => convert.asLocation(location)),
    );
  }

  /** Called for each feature by the constructor of the base class. */
  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    if ("registrationType" in feature && feature.registrationType.method === ExecuteCommandRequest.method) {
      leaveOut(feature as DynamicFeature<ExecuteCommandRegistrationOptions>);
    }
    super.registerFeature(feature);
  }
}

/** Keeps the feature from registering our commands, which would fail as they are there. */
function leaveOut(feature: DynamicFeature<ExecuteCommandRegistrationOptions>): void {
  const register = feature.register.bind(feature);
  feature.register = (data: RegistrationData<ExecuteCommandRegistrationOptions>) => {
    const commands = data.registerOptions.commands.filter((command) => !ours.has(command));
    register({ ...data, registerOptions: { ...data.registerOptions, commands } });
  };
}
