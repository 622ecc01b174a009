// The thread of one lane, as piscina loads it.

export { runLane } from "./lane.ts";
