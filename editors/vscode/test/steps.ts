// The walk, step by step.

import type { Editor } from "./editor";
import { parts, type Screen } from "./screen";

type Step = (screen: Screen, editor: Editor) => Promise<void>;

export const steps: Record<string, Step> = {
  "a file is shown in its colours": async (screen) => {
    await screen.keys("Control+b");
    await screen.box("await north + await south");
    await screen.picture("vscode");
  },
};
