// The state of the page, synchronized with the hash of its address.
// It calls replaceState at most twice a second, and pushState only when the view changes.

import { type Signal, signal } from "@preact/signals";
import { hashFromState, type SiteState, stateFromHash, type ViewName } from "./url-state.ts";

const read = stateFromHash(location.hash);

export const state: Signal<SiteState> = signal(read.state);
/** Problems of the link. */
export const problems: Signal<readonly string[]> = signal(read.problems);
/** The announcement for screen readers: milestones only. */
export const announcement: Signal<string> = signal("");

const WRITE_EVERY = 500;
let timer: ReturnType<typeof setTimeout> | undefined;

const addressOf = (next: SiteState): string => hashFromState(next) || location.pathname + location.search;

function write(): void {
  timer = undefined;
  history.replaceState(null, "", addressOf(state.value));
}

/** Updates parts of the state, and the address. */
export function change(patch: Partial<SiteState>): void {
  state.value = { ...state.value, ...patch };
  timer ??= setTimeout(write, WRITE_EVERY);
}

/** Switches the view; the browser's back button returns. */
export function goTo(view: ViewName, patch: Partial<SiteState> = {}): void {
  if (timer !== undefined) clearTimeout(timer);
  timer = undefined;
  state.value = { ...state.value, ...patch, view };
  history.pushState(null, "", addressOf(state.value));
}

/** Returns the full address of a state. */
export function linkOf(next: SiteState): string {
  return new URL(hashFromState(next), location.href.replace(/#.*$/, "")).href;
}

function readAgain(): void {
  const { state: next, problems: found } = stateFromHash(location.hash);
  problems.value = found;
  state.value = next;
}
addEventListener("hashchange", readAgain);
addEventListener("popstate", readAgain);
