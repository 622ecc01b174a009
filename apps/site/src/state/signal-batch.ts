// How many inputs the Signal view sends up at once; its command says so too.

/** Enough to measure by, few enough to follow a slider. */
export const SIGNAL_BATCH = 64;
