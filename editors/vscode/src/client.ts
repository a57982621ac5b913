// The client of the protocol: vscode-languageclient, but for the commands that this extension gives a meaning of its own.

import {
  type DynamicFeature,
  type ExecuteCommandRegistrationOptions,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  type RegistrationData,
  type StaticFeature,
} from "vscode-languageclient/node";

/** Commands of the server that are done here: in a terminal, in the debugger, by the editor itself. */
const ours = new Set(["hark.run", "hark.debug", "hark.debugSession"]);

export class Client extends LanguageClient {
  constructor(path: string, args: string[], options: LanguageClientOptions) {
    super("hark", "Hark", { command: path, args }, options);
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
