// The thread module of a shard writer, which the pool loads.

export { runLane } from "./lane.ts";
