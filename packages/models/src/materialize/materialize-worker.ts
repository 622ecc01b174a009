// The thread of one lane, as the pool loads it.

export { runLane } from "./lane.ts";
