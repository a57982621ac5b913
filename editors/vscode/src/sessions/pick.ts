// Choosing a session from a list: for launch configurations that leave it open, and for the palette.

import * as vscode from "vscode";
import { message } from "../ask";
import type { Server } from "../server";
import { over, page, type Session } from "./listing";
import { duration } from "./nodes";
import type { Known } from "./open";
import { places } from "./places";

type Choice = vscode.QuickPickItem & { found?: Known };

const signs: Record<Session["status"], string> = {
  running: "$(play-circle)",
  waiting: "$(watch)",
  interrupted: "$(debug-pause)",
  done: "$(pass)",
  failed: "$(error)",
  cancelled: "$(circle-slash)",
};

/** The folders of the sessions that were chosen, by ID: what a configuration names is only the ID. */
const chosen = new Map<string, Known>();

/** The session that was chosen last with this ID. */
export function lastChosen(id: string): Known | undefined {
  return chosen.get(id);
}

/** Asks for one of the latest sessions of all places; undefined if the question is given up, or if there is none. */
export async function pick(server: Server, title: string, wanted: "any" | "alive"): Promise<Known | undefined> {
  const choices = load(server, wanted);
  const placeHolder = wanted === "any" ? "The latest sessions are at the top" : "Sessions that have not ended";
  const options = { title, placeHolder, matchOnDescription: true, matchOnDetail: true };
  const found = (await vscode.window.showQuickPick(choices, options))?.found;
  if (found !== undefined) {
    chosen.set(found.session.id, found);
  }
  return found;
}

async function load(server: Server, wanted: "any" | "alive"): Promise<Choice[]> {
  const all = await places();
  const lists = await Promise.all(
    all.map(async (place): Promise<Choice[]> => {
      try {
        const { sessions } = await page(server, place, {});
        const fitting = sessions.filter(({ status }) => wanted === "any" || !over(status));
        const choices = fitting.map((session) => choice({ place, session }, session));
        return all.length > 1 && choices.length > 0 ? [separator(place.label), ...choices] : choices;
      } catch (error) {
        return [separator(place.label), { label: "$(warning) cannot be read", detail: message(error) }];
      }
    }),
  );
  const choices = lists.flat();
  return choices.length > 0
    ? choices
    : [{ label: wanted === "any" ? "No session was kept yet" : "No session is running" }];
}

function separator(label: string): Choice {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function choice(found: Known, session: Session): Choice {
  const told = [session.status, new Date(session.started).toLocaleString(), duration(session.seconds)];
  return {
    label: `${signs[session.status]} ${session.function}`,
    description: told.filter((part) => part).join(" · "),
    detail: session.error ? `${session.id}  ${session.error.kind}: ${session.error.message}` : session.id,
    found,
  };
}
