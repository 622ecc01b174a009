// The version constant of the packages.

/** The version of the packages; results record it. */
export const VERSION: string = "0.1.0";
