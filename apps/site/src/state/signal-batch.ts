// The batch size of the Signal view and of its command.

/** Large enough for a measurement, small enough to follow a slider. */
export const SIGNAL_BATCH = 64;
